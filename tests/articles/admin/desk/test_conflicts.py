"""Nobody overwrites anybody: the later of two acts is refused, and both texts are kept."""

import pytest
from django.urls import reverse

from articles import services
from articles.building import build_document
from articles.models import (
    Article,
    ArticleTranslation,
    AuditEntry,
    Callout,
    Figure,
    ProductMention,
    Statement,
)
from tests.accounts import make_user
from tests.articles.admin.desk.conftest import address
from tests.articles.admin.desk.forms import Page, get
from tests.factories import (
    make_article,
    make_author,
    make_claim,
    make_image,
    make_product,
    make_publication,
    make_reference,
)

pytestmark = pytest.mark.django_db


def fresh(text) -> ArticleTranslation:
    return ArticleTranslation.objects.select_related("article").get(pk=text.pk)


def everything(text) -> dict:
    """All that a refused act must leave as it is."""
    row = ArticleTranslation.objects.filter(pk=text.pk).values().get()
    log = AuditEntry.objects.filter(article=text.article.slug).exclude(act="saved").count()
    return {
        "row": row,
        "document": build_document(fresh(text)),
        "revisions": text.revisions.count(),
        "publications": text.publications.count(),
        "requests": text.review_requests.count(),
        "log": log,
    }


@pytest.fixture
def full_text(pair):
    """A text with every part a desk has."""
    text = pair["en"]
    image = make_image(article=text.article)
    Figure.objects.create(translation=text, key="pathway", image=image, alt="Steps.", caption="C")
    Callout.objects.create(translation=text, key="sleep", icon="sleep", label="Sleep", text="T")
    claim = make_claim(article=text.article, references=[make_reference(article=text.article)])
    Statement.objects.create(translation=text, claim=claim, text="S", basis="B")
    ProductMention.objects.create(translation=text, product=make_product(), text="M")
    services.save_revision(text)
    return fresh(text)


def save_elsewhere(open_desk, text, **changes) -> None:
    page = open_desk(text, "managing", "other")
    answer = page.send(_save="1", **changes)
    assert answer.status == 302


PARTS = {
    "title": "Their title",
    "standfirst": "Their standfirst.",
    "seo_title": "Their title for search engines",
    "figures-0-caption": "Their caption",
    "callouts-0-text": "Their card",
    "statements-0-text": "Their statement",
    "mention-text": "Their mention",
}


@pytest.mark.parametrize("part", PARTS)
def test_the_later_save_is_refused_and_shows_the_other_s_words_and_one_s_own(
    full_text, open_desk, part
):
    page = open_desk(full_text)
    save_elsewhere(open_desk, full_text, **{part: PARTS[part]})
    before = everything(full_text)
    mine = PARTS[part].replace("Their", "My")
    answer = page.send(_save="1", note="What I did", **{part: mine})
    assert answer.status == 409
    assert everything(full_text) == before
    difference = answer.soup.select_one(".notice--conflict article.difference")
    assert PARTS[part] in difference.select_one("textarea").get_text()
    assert mine in difference.get_text()
    assert answer.fields()[part] == [mine]
    assert answer.fields()["note"] == ["What I did"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_of_a_conflict_speaks_the_editor_s_language(
    full_text, open_desk, client_of, language
):
    page = get(client_of("managing", language=language), address("change", full_text))
    save_elsewhere(open_desk, full_text, title="Their title")
    answer = page.send(_save="1", title="My title")
    assert answer.status == 409
    assert answer.soup.html["lang"].lower() == language
    assert answer.soup.select_one("article.difference h4").get_text().strip()


@pytest.mark.parametrize("part", PARTS)
def test_what_only_the_other_changed_is_in_the_form_and_is_saved_with_one_s_own(
    full_text, open_desk, part
):
    page = open_desk(full_text)
    save_elsewhere(open_desk, full_text, **{part: PARTS[part]})
    body = page.fields()["body"]
    answer = page.send(_save="1", body=["My first passage.", *body[1:]])
    assert answer.status == 409
    assert answer.fields()[part] == [PARTS[part]]
    assert not answer.soup.select(".notice--conflict article.difference textarea")
    assert answer.send(_save="1").status == 302
    again = open_desk(full_text).fields()
    assert (again[part], again["body"][0]) == ([PARTS[part]], "My first passage.")


def test_passages_are_merged_and_the_clash_is_named_by_its_block(full_text, open_desk):
    page = open_desk(full_text)
    body = page.fields()["body"]
    save_elsewhere(open_desk, full_text, body=["Theirs one.", body[1], "Theirs three.", *body[3:]])
    answer = page.send(_save="1", body=["Mine one.", *body[1:], "Mine at the end."])
    assert answer.status == 409
    clashes = answer.soup.select(".notice--conflict article.difference:has(textarea)")
    assert [item.select_one("textarea").get_text().strip() for item in clashes] == ["Theirs one."]
    shown = [value for value in answer.fields()["body"] if value]
    assert shown == ["Mine one.", body[1], "Theirs three.", "Mine at the end."]
    assert answer.send(_save="1").status == 302
    ids = [block.id for block in build_document(full_text).blocks]
    assert [block.id for block in build_document(fresh(full_text)).blocks][:3] == ids


def test_a_conflict_is_refused_again_when_somebody_saved_again(full_text, open_desk):
    page = open_desk(full_text)
    save_elsewhere(open_desk, full_text, title="Their title")
    first = page.send(_save="1", standfirst="My standfirst.")
    assert first.status == 409
    save_elsewhere(open_desk, full_text, edition_note="Their note.")
    second = first.send(_save="1")
    assert second.status == 409
    assert second.fields()["edition_note"] == ["Their note."]
    assert second.send(_save="1").status == 302
    now = fresh(full_text)
    assert (now.title, now.standfirst, now.edition_note) == (
        "Their title",
        "My standfirst.",
        "Their note.",
    )


@pytest.mark.parametrize("detour", ["mistake", "check", "recover"])
def test_the_other_s_save_is_seen_however_often_the_form_came_back_before(
    full_text, open_desk, client_of, detour
):
    """The form keeps the text it began with; otherwise their change would look like mine."""
    page = open_desk(full_text)
    if detour == "recover":
        fields = page.fields() | {"standfirst": ["My standfirst."]}
        page.client.post(address("autosave", full_text), fields)
    save_elsewhere(open_desk, full_text, title="Their title")
    if detour == "mistake":
        page = page.send(_save="1", standfirst="My standfirst.", **{"callouts-0-label": ""})
        assert page.status == 422
        page = page.send(_save="1", **{"callouts-0-label": "Sleep"})
    elif detour == "check":
        page = page.send(_check="1", standfirst="My standfirst.").send(_save="1")
    else:
        page = open_desk(full_text, query="?recover").send(_save="1")
    assert page.status == 409
    assert page.fields()["title"] == ["Their title"]
    assert page.send(_save="1").status == 302
    now = fresh(full_text)
    assert (now.title, now.standfirst) == ("Their title", "My standfirst.")


@pytest.mark.parametrize("base", ["", "0", "999", "x", "9" * 5000])
def test_a_form_that_does_not_say_where_it_began_loses_nothing(full_text, open_desk, base):
    page = open_desk(full_text)
    save_elsewhere(open_desk, full_text, title="Their title")
    answer = page.send(_save="1", base=base)
    assert answer.status == 409
    clashes = answer.soup.select(".notice--conflict article.difference textarea")
    assert "Their title" in [item.get_text().strip() for item in clashes]


def test_the_whole_body_in_one_field_is_refused_too(full_text, open_desk):
    page = open_desk(full_text, query="?view=whole")
    body = page.fields()["body"][0]
    save_elsewhere(open_desk, full_text, title="Their title")
    answer = page.send(_save="1", body=body.replace("Evening", "Late"))
    assert answer.status == 409
    assert answer.send(_save="1").status == 302
    now = fresh(full_text)
    assert (now.title, now.body.split()[0]) == ("Their title", "Late")


ACTS = ["publish", "schedule", "withdraw", "undo_withdrawal", "restore", "ask_review"]


@pytest.mark.parametrize("act", ACTS)
def test_every_act_on_a_text_that_somebody_saved_is_refused(pair, client_of, open_desk, act):
    text = pair["en"]
    make_publication(translation=text)
    if act == "undo_withdrawal":
        services.withdraw(text, note="Wrong.")
    page = _screen_of(act, text, client_of)
    save_elsewhere(open_desk, text, title="Their title")
    before = everything(text)
    answer = page()
    assert answer.status == 409
    assert everything(text) == before
    assert answer.soup.select_one(".notice--conflict")
    assert _screen_of(act, text, client_of)().status == 302
    assert everything(text) != before


def _screen_of(act: str, text, client_of):
    """The form of an act, as it is now; called, it is sent."""
    client = client_of("managing")
    now = fresh(text)
    shown = {"version": str(now.version), "content_hash": build_document(now).content_hash}
    data = {
        "publish": {"change": "typo"},
        "schedule": {"change": "typo", "live_from": "2099-01-01T09:00", "confirm": "1"},
        "withdraw": {"note": "Wrong."},
        "undo_withdrawal": {},
        "restore": {"revision": "1"},
        "ask_review": {},
    }[act]
    if act == "ask_review":
        data = {"reviewer": str(make_author(user=make_user()).pk), "note": "All of it."}
    name = "publish" if act == "schedule" else act
    path = address(name, text)

    def send():
        return Page(client, client.post(path, data | shown), path)

    return send


def test_what_was_typed_for_an_act_is_shown_again(pair, client_of, open_desk):
    text = pair["en"]
    make_publication(translation=text)
    client = client_of("managing")
    version = str(fresh(text).version)
    save_elsewhere(open_desk, text, title="Their title")
    response = client.post(
        address("withdraw", text), {"version": version, "note": "A long public reason."}
    )
    assert response.status_code == 409
    assert "A long public reason." in response.content.decode()


def test_confirming_a_time_for_a_text_saved_between_the_two_steps_is_refused(
    pair, client_of, open_desk
):
    text = pair["en"]
    make_publication(translation=text)
    page = get(client_of("managing"), address("publish", text))
    asked = page.send("form.publish-form", change="typo", live_from="2099-01-01T09:00")
    assert asked.status == 200
    save_elsewhere(open_desk, text, title="Their title")
    assert asked.send("form.publish-form", confirm="1").status == 409
    assert text.publications.count() == 1


def test_renaming_an_article_that_somebody_renamed_is_refused_and_can_be_repeated(pair, client_of):
    article = pair["en"].article
    path = reverse("admin:articles_article_rename", args=[article.pk])
    page = get(client_of("managing"), path)
    services.rename(article, "theirs")
    answer = page.send("form.publish-form", slug="mine")
    assert answer.status == 409
    assert Article.objects.get(pk=article.pk).slug == "theirs"
    assert answer.fields("form.publish-form")["slug"] == ["mine"]
    assert answer.soup.select_one("form.publish-form b").get_text() == "theirs"
    assert answer.send("form.publish-form").status == 302
    assert Article.objects.get(pk=article.pk).slug == "mine"


def test_a_language_that_somebody_began_meanwhile_is_opened_and_not_overwritten(client_of):
    article = make_article()
    path = reverse("admin:articles_article_start_translation", args=[article.pk, "en"])
    client = client_of("managing")
    first = client.post(path, {"title": "Theirs"})
    second = client.post(path, {"title": "Mine"})
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert [text.title for text in article.translations.all()] == ["Theirs"]


def test_a_change_of_the_article_does_not_refuse_an_open_desk(pair, open_desk):
    text = pair["en"]
    page = open_desk(text)
    make_reference(article=text.article, key="new2026")
    services.save_revision(fresh(text), is_text=False)
    assert text.revisions.count() == 2
    assert page.send(_save="1", title="My title").status == 302
    document = build_document(fresh(text))
    assert (document.title, document.references[0].key) == ("My title", "new2026")


@pytest.mark.parametrize("version", ["", "0", "-1", "x", "²", "9" * 5000, "1.5", "\x00"])
@pytest.mark.parametrize("act", ["change", *ACTS[2:], "publish"])
def test_an_act_without_the_version_its_screen_showed_changes_nothing(
    pair, client_of, act, version
):
    text = pair["en"]
    make_publication(translation=text)
    before = everything(text)
    data = {
        "change": "typo",
        "note": "Wrong.",
        "revision": "1",
        "title": "New",
        "body": "New",
        "version": version,
    }
    response = client_of("managing").post(address(act, text), data)
    assert 400 <= response.status_code < 500
    assert everything(text) == before
