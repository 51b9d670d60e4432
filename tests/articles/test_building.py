"""From working rows to a document: everything is in it, and every block keeps its id."""

import dataclasses
import datetime

import pytest

from articles.building import build_document, pack_stamps, unpack_stamps
from articles.checking import findings_for
from articles.document import (
    CalloutData,
    ContributionData,
    Document,
    FigureData,
    ImageData,
    ProductMentionData,
    ReferenceData,
    RenditionData,
    StatementData,
    TermData,
)
from articles.models import (
    ArticleTranslation,
    Callout,
    Contribution,
    Figure,
    ProductMention,
    ProductTranslation,
)
from articles.parity import Stamp
from articles.services import save_revision
from articles.units import digests_of
from tests.factories import (
    make_article,
    make_author,
    make_claim,
    make_image,
    make_product,
    make_reference,
    make_statement,
    make_term,
    make_topic,
    make_translation,
)

pytestmark = pytest.mark.django_db

BODY = """\
引言一段，说明问题从哪里来。

## 两步激活 {#steps}

第一步在肝脏，生成储存型。

第二步在肾脏，生成活性型。

[[tip|从食物开始]]

坚果和深绿叶菜都含镁。

[[/tip]]

## 安全

先问医师或药剂师。
"""
ENGLISH = """\
An introduction that says where the question comes from.

## Two steps {#steps}

Step one, in the liver, makes the storage form.

Step two, in the kidney, makes the active form.

[[tip|Start with food]]

Nuts and dark leafy greens supply magnesium.

[[/tip]]

## Safety

Ask a doctor or a pharmacist first.
"""


def save(translation: ArticleTranslation, **fields) -> list[str]:
    """What the editor's save does; gives the ids of the blocks."""
    for name, value in fields.items():
        setattr(translation, name, value)
    translation.save()
    return [block.id for block in save_revision(translation).as_document().blocks]


# Everything is in it


def whole_translation() -> ArticleTranslation:
    author, reviewer = make_author(slug="louise"), make_author(slug="jane")
    article = make_article(
        slug="magnesium",
        topics=[make_topic(slug="bones"), make_topic(slug="aging")],
        authors=[author],
        source_language="en",
        nutrients=["magnesium"],
        scene=3,
        lead_figure_key="pathway",
        is_adaptation=True,
    )
    Contribution.objects.create(article=article, author=reviewer, role="reviewer", position=1)
    reference = make_reference(
        article=article,
        key="dai2018",
        study_type="randomised_trial",
        authors="Dai Q",
        year=2018,
        label="A trial",
        container="Am J Clin Nutr",
        locator="108(6)",
        doi="10.1093/ajcn/nqy274",
        pmid="30541089",
        isbn="978-0",
        url="https://example.org",
        accessed_on=datetime.date(2026, 11, 22),
        participants=180,
        is_complete=False,
    )
    claim = make_claim(article=article, key="C7", grade="moderate", references=[reference])
    translation = make_translation(
        article=article,
        language="en",
        title="Magnesium",
        standfirst="One piece.",
        seal="Mg",
        original_label="1'",
        edition_note="About.",
        seo_title="Mg",
        seo_description="On Mg.",
        body="Text. {claim:C7} [[term:calcidiol]]\n",
    )
    make_statement(translation=translation, claim=claim, text="May help.", basis="One trial.")
    Callout.objects.create(
        translation=translation, key="sleep", icon="sleep", label="Sleep", text="Bad.", position=2
    )
    Callout.objects.create(
        translation=translation, key="cramps", icon="cramps", label="Cramps", text="Ow.", position=1
    )
    Figure.objects.create(
        translation=translation,
        key="pathway",
        image=make_image(
            article=article,
            key="wide",
            svg="",
            renditions=[{"path": "a.webp", "format": "webp", "width": 480, "height": 240}],
            credit="Us",
            licence="CC BY",
        ),
        narrow_image=make_image(article=article, key="tall"),
        alt="Two steps.",
        caption="The pathway.",
        text="1. Start.",
    )
    product = make_product(key="d3", website="https://example.org")
    ProductTranslation.objects.filter(product=product, language="en").update(
        gloss="a name", components="D3", label_note="As directed."
    )
    ProductMention.objects.create(translation=translation, product=product, text="See the label.")
    make_term(key="calcidiol")
    return translation


def test_document_holds_everything_of_its_rows():
    translation = whole_translation()
    document = build_document(translation)
    (block,) = document.blocks
    tall = ImageData("tall", 100, 50, svg=document.figures[0].narrow_image.svg)
    assert document == Document(
        language="en",
        slug="magnesium",
        kind="article",
        title="Magnesium",
        standfirst="One piece.",
        seal="Mg",
        scene=3,
        seo_title="Mg",
        seo_description="On Mg.",
        original_label="1'",
        edition_note="About.",
        is_adaptation=True,
        source_language="en",
        lead_figure="pathway",
        topics=("aging", "bones"),
        nutrients=("magnesium",),
        contributions=(
            ContributionData("louise", "author"),
            ContributionData("jane", "reviewer"),
        ),
        blocks=(block,),
        figures=(
            FigureData(
                "pathway",
                ImageData(
                    "wide", 100, 50, (RenditionData("a.webp", "webp", 480, 240),), "", "Us", "CC BY"
                ),
                "Two steps.",
                "The pathway.",
                tall,
                "1. Start.",
            ),
        ),
        callouts=(
            CalloutData("cramps", "cramps", "Cramps", "Ow."),
            CalloutData("sleep", "sleep", "Sleep", "Bad."),
        ),
        mention=ProductMentionData(
            product="d3",
            name="Example D3",
            name_language="en",
            brand="ExampleBrand",
            relationship="unconfirmed",
            text="See the label.",
            website="https://example.org",
            gloss="a name",
            components="D3",
            label_note="As directed.",
        ),
        statements=(StatementData("C7", "moderate", ("dai2018",), "May help.", "One trial."),),
        references=(
            ReferenceData(
                key="dai2018",
                study_type="randomised_trial",
                authors="Dai Q",
                year=2018,
                title="A title",
                label="A trial",
                container="Am J Clin Nutr",
                locator="108(6)",
                doi="10.1093/ajcn/nqy274",
                pmid="30541089",
                isbn="978-0",
                url="https://example.org",
                accessed_on="2026-11-22",
                participants=180,
                is_complete=False,
            ),
        ),
        terms=(TermData("calcidiol", "calcidiol", "", "…"),),
    )
    assert (block.kind, block.source, block.line) == (
        "paragraph",
        "Text. {claim:C7} [[term:calcidiol]]",
        1,
    )
    assert document.body == translation.body
    assert document.hidden_mention is None


def test_number_of_queries_does_not_grow_with_the_rows(django_assert_max_num_queries):
    translation = whole_translation()
    for number in range(5):
        reference = make_reference(article=translation.article, key=f"r{number}")
        claim = make_claim(article=translation.article, key=f"D{number}", references=[reference])
        make_statement(translation=translation, claim=claim)
        Figure.objects.create(
            translation=translation, key=f"f{number}", image=make_image(key=f"i{number}")
        )
    translation = ArticleTranslation.objects.select_related("article").get(pk=translation.pk)
    with django_assert_max_num_queries(14):
        build_document(translation)


def test_every_field_of_a_document_can_be_told_from_an_empty_one():
    """A field that the builder forgets would leave the value of an empty text."""
    filled, empty = build_document(whole_translation()), build_document(make_translation(body=""))
    same = {
        item.name
        for item in dataclasses.fields(Document)
        if getattr(filled, item.name) == getattr(empty, item.name)
    }
    assert same == {"kind", "hidden_mention"}


def test_product_without_words_in_this_language_is_mentioned_all_the_same():
    translation = whole_translation()
    ProductTranslation.objects.all().delete()
    mention = build_document(translation).mention
    assert (mention.product, mention.gloss, mention.components, mention.label_note) == (
        "d3",
        "",
        "",
        "",
    )


def test_mention_that_is_switched_off_is_kept_for_the_checks_alone():
    translation = whole_translation()
    shown = build_document(translation)
    translation.article.shows_products = False
    hidden = build_document(translation)
    assert hidden.mention is None
    assert hidden.hidden_mention == shown.mention
    assert hidden == dataclasses.replace(shown, mention=None)
    assert "D3" not in str(hidden.to_dict())


def test_switching_products_off_breaks_no_check_of_the_references():
    translation = make_translation(body="正文。\n\n[[product]]\n\n[[references]]\n")
    article = translation.article
    by_text = make_reference(article=article, key="by-text")
    by_claim = make_reference(article=article, key="by-claim")
    make_statement(
        translation=translation,
        claim=make_claim(article=article, key="C1", references=[by_text, by_claim]),
        basis="一项试验。[@by-claim]",
    )
    ProductMention.objects.create(
        translation=translation, product=make_product(), text="看标签。[@by-text] {claim:C1}"
    )
    assert findings_for(translation) == []
    article.shows_products = False
    article.save()
    assert findings_for(translation) == []


@pytest.mark.parametrize(
    "place",
    ["body", "standfirst", "edition_note", "caption", "figure", "callout", "statement", "mention"],
)
def test_term_is_known_wherever_it_is_used(place):
    """A term of the glossary must not be reported as unknown because of where it stands."""
    make_term(key="calcidiol", zh="骨化二醇")
    make_term(key="unused", zh="别的")
    words = "储存型叫[[term:calcidiol]]。"
    translation = make_translation(body="正文。\n\n[[product]]\n\n[[figure:a]]\n")
    article = translation.article
    figure = Figure(
        translation=translation, key="a", image=make_image(), alt="图", caption="图注。"
    )
    callout = Callout(translation=translation, key="a", icon="sleep", label="睡眠", text="…")
    mention = ProductMention(translation=translation, product=make_product(), text="看标签。")
    claim = make_claim(article=article, key="C1", references=[make_reference(article=article)])
    statement = make_statement(translation=translation, claim=claim, basis="[@smith2020]")
    translation.body += "\n[[references]]\n"
    match place:
        case "body":
            translation.body += f"\n{words}\n"
        case "standfirst" | "edition_note":
            setattr(translation, place, words)
        case "caption":
            figure.caption = words
        case "figure":
            figure.text = words
        case "callout":
            callout.text = words
        case "statement":
            statement.text = words
        case "mention":
            mention.text = words
    for row in (translation, figure, callout, statement, mention):
        row.save()
    assert [term.key for term in build_document(translation).terms] == ["calcidiol"]
    assert "unknown-key" not in {finding.rule for finding in findings_for(translation)}


def test_term_without_words_in_this_language_is_left_out():
    make_term(key="calcidiol").translations.filter(language="zh-hans").delete()
    translation = make_translation(body="[[term:calcidiol|储存型]]\n")
    assert build_document(translation).terms == ()


def test_contributions_and_references_keep_the_editors_order():
    translation = make_translation()
    article = translation.article
    for position, slug in ((2, "second"), (1, "first")):
        Contribution.objects.create(
            article=article, author=make_author(slug=slug), role="author", position=position
        )
        make_reference(article=article, key=slug, position=position)
    document = build_document(translation)
    assert [item.author for item in document.contributions] == ["first", "second"]
    assert [item.key for item in document.references] == ["first", "second"]


# Ids over edits


def test_ids_are_the_same_before_and_after_they_are_saved():
    translation = make_translation(body=BODY)
    before = [block.id for block in build_document(translation).blocks]
    assert save(translation) == before
    assert [block.id for block in build_document(translation).blocks] == before
    fresh = ArticleTranslation.objects.get(pk=translation.pk)
    assert [block.id for block in build_document(fresh).blocks] == before


def test_ids_survive_edits_insertions_deletions_and_moves_over_many_saves():
    translation = make_translation(body=BODY)
    intro, steps, one, two, tip, safety, ask = save(translation)
    assert steps == "steps"

    edited = save(translation, body=BODY.replace("生成储存型。", "生成储存型，常用于血检。"))
    assert edited == [intro, steps, one, two, tip, safety, ask]

    rewritten = save(translation, body=translation.body.replace("先问医师或药剂师。", "123 456!"))
    assert rewritten == [intro, steps, one, two, tip, safety, ask]

    inserted = save(translation, body=translation.body.replace("## 安全", "新的一段。\n\n## 安全"))
    assert inserted[:5] + inserted[6:] == [intro, steps, one, two, tip, safety, ask]
    new = inserted[5]
    assert new not in rewritten

    deleted = save(translation, body=translation.body.replace("第二步在肾脏，生成活性型。\n\n", ""))
    assert deleted == [intro, steps, one, tip, new, safety, ask]

    moved = save(translation, body="## 安全\n\n" + translation.body.replace("## 安全\n\n", ""))
    assert moved == [safety, intro, steps, one, tip, new, ask]

    titled = save(translation, body=translation.body.replace("从食物开始", "先看食物"))
    assert titled == moved


def test_paragraph_that_comes_back_after_a_save_is_a_new_block():
    translation = make_translation(body=BODY)
    before = save(translation)
    save(translation, body=BODY.replace("第二步在肾脏，生成活性型。\n\n", ""))
    after = save(translation, body=BODY)
    assert after[:3] + after[4:] == before[:3] + before[4:]
    assert len(set(after)) == len(after)


def test_block_ids_of_a_bundle_are_used_before_there_is_a_revision():
    body = "一。\n\n二。\n"
    digests = [block.digest for block in build_document(make_translation(body=body)).blocks]
    translation = make_translation(
        body=body, block_ids=[f"kept1:{digests[0]}", f"kept2:{digests[1]}"]
    )
    assert [block.id for block in build_document(translation).blocks] == ["kept1", "kept2"]


def test_block_ids_of_a_bundle_win_over_those_of_an_older_revision():
    translation = make_translation(body="一。\n\n二。\n")
    save(translation)
    digest = build_document(translation).blocks[1].digest
    translation.block_ids = ["other:00000000", f"second:{digest}"]
    assert [block.id for block in build_document(translation).blocks][1] == "second"


def test_revision_alone_is_enough_to_keep_the_ids():
    translation = make_translation(body=BODY)
    before = save(translation)
    ArticleTranslation.objects.filter(pk=translation.pk).update(block_ids=[])
    fresh = ArticleTranslation.objects.get(pk=translation.pk)
    assert [block.id for block in build_document(fresh).blocks] == before
    assert save(fresh) == before
    fresh.refresh_from_db()
    assert fresh.block_ids == translation.block_ids


def test_stamps_are_packed_as_text_and_back():
    blocks = build_document(make_translation(body=BODY)).blocks
    packed = pack_stamps(blocks)
    assert packed[1] == f"steps:{blocks[1].digest}"
    assert unpack_stamps(packed) == [Stamp(block.id, block.digest) for block in blocks]
    assert unpack_stamps(["nonsense", *packed[:1]]) == unpack_stamps(packed[:1])


# Ids between languages


def make_pair(*, english: str = ENGLISH) -> tuple[ArticleTranslation, ArticleTranslation]:
    article = make_article()
    return (
        make_translation(article=article, language="zh-hans", body=BODY),
        make_translation(article=article, language="en", body=english),
    )


def test_translation_takes_the_ids_of_its_source():
    source, translation = make_pair()
    assert save(translation) == save(source)


def test_translation_takes_the_ids_of_a_source_that_was_never_saved_as_a_revision():
    source, translation = make_pair()
    expected = [block.id for block in build_document(source).blocks]
    assert [block.id for block in build_document(translation).blocks] == expected


def test_source_takes_no_ids_of_its_translation():
    article = make_article(source_language="en")
    english = make_translation(article=article, language="en", body=ENGLISH)
    chinese = make_translation(article=article, language="zh-hans", body=BODY)
    assert save(english) == save(chinese)
    alone = make_translation(
        language="en", article=make_article(source_language="en"), body=ENGLISH
    )
    assert save(alone) == save(english)


def test_text_whose_source_is_not_written_has_ids_of_its_own():
    translation = make_translation(language="en", body=ENGLISH)
    ids = save(translation)
    assert all(ids)
    assert len(set(ids)) == len(ids)


def test_translation_keeps_its_ids_when_its_source_is_rewritten():
    source, translation = make_pair()
    save(source)
    before = save(translation)
    save(source, body="全新的一段。\n\n" + BODY)
    assert [block.id for block in build_document(translation).blocks] == before


def test_translation_catches_up_with_a_block_that_its_source_gained():
    source, translation = make_pair()
    save(source)
    before = save(translation)
    gained = save(source, body=BODY.replace("[[tip|", "[[figure:a]]\n\n加的一段。\n\n[[tip|"))
    assert [found for found in gained if found not in before] == gained[4:6]
    caught_up = save(translation, body=ENGLISH.replace("[[tip|", "An added paragraph.\n\n[[tip|"))
    assert caught_up == [*gained[:4], *gained[5:]]


def test_extra_block_of_a_translation_takes_no_id_of_its_source():
    source, translation = make_pair(english=ENGLISH.replace("[[tip|", "| a |\n| --- |\n\n[[tip|"))
    ids, expected = save(translation), save(source)
    assert ids[:4] + ids[5:] == expected
    assert ids[4] not in expected


def test_new_id_of_a_translation_is_never_one_of_its_source():
    """New ids are made of content and place: what stood there first has one already."""
    article = make_article()
    source = make_translation(article=article, body="Magnesium\n")
    (old,) = save(source)
    assert save(source, body="| A |\n| --- |\n\nMagnesium 镁\n")[1] == old
    translation = make_translation(
        article=article, language="en", body="Magnesium\n\n| B |\n| --- |\n"
    )
    paragraph, table = save(translation)
    assert table == save(source)[0]
    assert paragraph not in save(source)


def test_new_id_is_never_that_of_a_block_deleted_in_the_same_save():
    translation = make_translation(body="Magnesium\n\n| A |\n| --- |\n")
    old, table = save(translation)
    assert save(translation, body="1234567\n\n| A |\n| --- |\n") == [old, table]
    ids = save(translation, body="Magnesium\n\n§§§§§§§§\n\n| A |\n| --- |\n")
    assert ids[2] == table
    assert old not in ids


# What a translation was made from


def test_translation_remembers_the_source_it_was_made_from():
    source, translation = make_pair()
    save(source)
    save(translation)
    digests = digests_of(build_document(source))
    assert dict(entry.split(":") for entry in source.block_ids).items() <= digests.items()
    known = {unit: digests[unit] for unit in digests_of(build_document(translation))}
    assert translation.source_hashes == known
    assert ArticleTranslation.objects.get(pk=translation.pk).source_hashes == known
    assert source.source_hashes == {}


def test_translation_saved_without_an_edit_still_stands_for_the_older_source():
    source, translation = make_pair()
    save(source)
    save(translation)
    older = dict(translation.source_hashes)
    save(source, body=BODY.replace("坚果", "坚果、豆类"))
    save(translation)
    assert translation.source_hashes == older
    assert ArticleTranslation.objects.get(pk=translation.pk).source_hashes == older
    save(translation, body=ENGLISH.replace("Nuts", "Nuts, legumes"))
    assert translation.source_hashes != older
