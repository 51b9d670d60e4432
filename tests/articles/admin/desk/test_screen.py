"""The desk: what it shows, what saving stores, and what a mistake costs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import services
from articles.admin.desk.segments import join_segments, segments_of
from articles.building import build_blocks, build_document
from articles.markdown.blocks import MAX_BLOCKS
from articles.models import ArticleTranslation, Image, Revision
from articles.units import units_of
from tests.articles.admin.desk.conftest import address
from tests.articles.admin.desk.forms import get
from tests.factories import SVG, make_claim, make_image, make_product, make_reference

pytestmark = pytest.mark.django_db


def fresh(text) -> ArticleTranslation:
    return ArticleTranslation.objects.select_related("article").get(pk=text.pk)


def test_saving_what_was_shown_changes_nothing(demo_site, client_of):
    client = client_of("managing")
    for text in ArticleTranslation.objects.all():
        before, document = fresh(text), build_document(text)
        answer = get(client, address("change", text)).send(_save="1")
        assert answer.status == 302
        after = fresh(text)
        assert build_document(after) == document
        assert (after.body, after.version) == (before.body, before.version)
        assert text.revisions.count() == 1


def test_saving_the_whole_body_in_one_field_changes_nothing(demo_site, client_of):
    text = ArticleTranslation.objects.get(article__slug="d3-k2-magnesium", language="en")
    page = get(client_of("managing"), address("change", text) + "?view=whole")
    assert len(page.fields()["body"]) == 1
    document = build_document(text)
    assert page.send(_save="1").status == 302
    assert build_document(fresh(text)) == document


def test_rows_stand_beside_the_block_of_the_same_id(demo_site, open_desk):
    text = ArticleTranslation.objects.get(article__slug="d3-k2-magnesium", language="en")
    other = text.article.translations.exclude(pk=text.pk).get()
    theirs = {block.id for block in build_blocks(other)}
    page = open_desk(text)
    rows = page.soup.select("#body-rows > .pair")
    shown = [row for row in rows if row.select_one(".pair__other .rendered")]
    assert len(shown) == len(theirs)
    for row in shown:
        assert row.select_one("[name=body-unit]")["value"] in theirs


def test_an_edit_of_one_passage_is_a_new_revision_of_that_passage(pair, open_desk):
    text = pair["zh-hans"]
    page = open_desk(text, "writer")
    body = page.fields()["body"]
    before = {unit.id: unit.digest for unit in units_of(build_document(text))}
    answer = page.send(_save="1", body=["改过的第一段。", *body[1:]], note="改第一段")
    assert answer.status == 302
    after = {unit.id: unit.digest for unit in units_of(build_document(fresh(text)))}
    assert before.keys() == after.keys()
    assert [unit for unit in after if after[unit] != before[unit]] == [
        next(unit.id for unit in units_of(build_document(fresh(text))) if unit.is_block)
    ]
    revision = text.revisions.order_by("-number").first()
    assert (revision.number, revision.note, revision.saved_by.username) == (2, "改第一段", "writer")


def test_a_missing_passage_is_translated_in_the_row_of_its_source(pair, open_desk):
    source, text = pair["zh-hans"], pair["en"]
    source.body += "\n第三段。\n\n第四段。\n"
    source.save()
    services.save_revision(source)
    ids = [block.id for block in build_blocks(fresh(source))]
    page = open_desk(text, "translator")
    units, body = page.fields()["body-unit"], page.fields()["body"]
    assert units[: len(ids)] == ids
    body[len(ids) - 1] = "Fourth."
    assert page.send(_save="1", body=body).status == 302
    blocks = build_blocks(fresh(text))
    assert (blocks[-1].source, blocks[-1].id) == ("Fourth.", ids[-1])
    assert ids[-2] not in fresh(text).source_hashes


def test_a_passage_moved_to_another_row_keeps_its_id(pair, open_desk):
    text = pair["zh-hans"]
    page = open_desk(text)
    fields = page.fields()
    first, *rest = fields["body"]
    first_id = fields["body-unit"][0]
    moved = ["", *rest]
    moved[-1] = first
    assert page.send(_save="1", body=moved).status == 302
    blocks = build_blocks(fresh(text))
    assert blocks[-1].id == first_id


def test_a_mistake_saves_nothing_and_keeps_everything_typed(pair, open_desk):
    text = pair["en"]
    page = open_desk(text)
    body = ["Typed and not lost.", *page.fields()["body"][1:]]
    answer = page.send(_save="1", title="", body=body, **{"callouts-0-key": "sleep"})
    assert answer.status == 422
    assert answer.fields()["body"][0] == "Typed and not lost."
    assert answer.fields()["callouts-0-key"] == ["sleep"]
    assert fresh(text).body == text.body
    assert answer.soup.select("#id_title ~ .errorlist, .errors #id_title")


def test_checking_shows_findings_of_what_is_typed_and_saves_nothing(pair, open_desk):
    text = pair["en"]
    answer = open_desk(text).send(
        _check="1", body=["See [[figure:nowhere]].", "[[figure:nowhere]]"]
    )
    assert answer.status == 200
    assert answer.soup.select("#findings .finding--stop")
    assert Revision.objects.filter(translation=text).count() == 1


def test_every_part_of_a_text_is_saved(pair, open_desk):
    text = pair["en"]
    image, product = make_image(article=text.article), make_product()
    claim = make_claim(article=text.article, references=[make_reference(article=text.article)])
    answer = open_desk(text).send(
        _save="1",
        **{
            "figures-0-key": "pathway",
            "figures-0-image": str(image.pk),
            "figures-0-alt": "Two steps.",
            "figures-0-caption": "How it works.",
            "callouts-0-key": "sleep",
            "callouts-0-icon": "sleep",
            "callouts-0-label": "Sleep",
            "callouts-0-text": "Poor sleep.",
            "statements-0-text": "It may help.",
            "statements-0-basis": "One study.",
            "mention-product": str(product.pk),
            "mention-text": "Read the label.",
        },
    )
    assert answer.status == 302
    document = build_document(fresh(text))
    assert [figure.caption for figure in document.figures] == ["How it works."]
    assert [callout.label for callout in document.callouts] == ["Sleep"]
    assert [(item.claim, item.text) for item in document.statements] == [
        (claim.key, "It may help.")
    ]
    assert document.mention.text == "Read the label."
    removed = open_desk(text).send(
        _save="1",
        **{
            "figures-0-DELETE": "on",
            "callouts-0-DELETE": "on",
            "mention-product": "",
            "mention-text": "",
            "statements-0-text": "",
            "statements-0-basis": "",
        },
    )
    assert removed.status == 302
    document = build_document(fresh(text))
    assert (document.figures, document.callouts, document.statements, document.mention) == (
        (),
        (),
        (),
        None,
    )


def test_a_picture_sent_with_a_figure_is_stored_and_survives_a_mistake_elsewhere(pair, open_desk):
    text = pair["en"]
    upload = SimpleUploadedFile("drawing.svg", SVG.encode(), content_type="image/svg+xml")
    answer = open_desk(text).send(
        _save="1",
        title="",
        **{"figures-0-key": "pathway", "figures-0-upload": upload, "figures-0-alt": "Steps."},
    )
    assert answer.status == 422
    image = Image.objects.get(article=text.article)
    assert answer.fields()["figures-0-image"] == [str(image.pk)]
    assert answer.send(_save="1", title="A title").status == 302
    assert fresh(text).figures.get().image == image


def test_a_bad_picture_is_one_sentence_and_loses_nothing(pair, open_desk):
    text = pair["en"]
    upload = SimpleUploadedFile("photo.jpg", b"no picture at all")
    answer = open_desk(text).send(
        _save="1",
        **{"figures-0-key": "pathway", "figures-0-upload": upload, "figures-0-alt": "Steps."},
    )
    assert answer.status == 422
    assert answer.fields()["figures-0-alt"] == ["Steps."]
    assert len(answer.soup.select(".errors [name=figures-0-upload] ~ .errorlist li")) == 1


def test_translators_cannot_open_or_save_the_source(pair, client_of):
    client = client_of("translator")
    path = address("change", pair["zh-hans"])
    assert client.get(path).headers["Location"] == address("review", pair["zh-hans"])
    client.post(path, {"title": "Overwritten", "version": "1"})
    assert fresh(pair["zh-hans"]).title == pair["zh-hans"].title


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(body=st.text(alphabet="ab #-\n>|[]:{}镁。*", max_size=120))
def test_segments_are_slices_that_make_the_same_blocks_again(pair, body):
    text = pair["zh-hans"]
    text.body, text.block_ids = body, []
    blocks = build_blocks(text)
    joined = join_segments(segments_of(body, blocks))
    text.body = joined
    again = build_blocks(text)
    assert [(block.kind, block.source) for block in again] == [
        (block.kind, block.source) for block in blocks
    ]


def test_the_longest_body_there_may_be_can_be_saved(pair, open_desk):
    text = pair["en"]
    text.body = "\n\n".join(f"Paragraph {number}." for number in range(MAX_BLOCKS))
    text.save()
    services.save_revision(text)
    page = open_desk(text)
    assert len(page.fields()["body"]) >= MAX_BLOCKS
    assert page.send(_save="1", title="Long").status == 302
    assert fresh(text).title == "Long"
