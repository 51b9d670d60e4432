"""Who gets an answer from which view of the desk: every address, every role, no address left out.

The table is compared with the addresses that there are: a new view without a line here fails.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from articles import audit, services
from articles.admin import access
from articles.models import (
    Article,
    ArticleTranslation,
    ForbiddenPhrase,
    IndexNowNotice,
    Publication,
    ReviewRequest,
)
from tests.articles.admin.conftest import (
    MANAGER,
    NOBODY,
    REVIEWER,
    ROLES,
    TRANSLATOR,
    VISITOR,
    WRITER,
)
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_product,
    make_publication,
    make_reference,
    make_registration,
    make_term,
    make_topic,
    make_translation,
)

pytestmark = pytest.mark.django_db

LETTERS = {"W": WRITER, "T": TRANSLATOR, "R": REVIEWER, "M": MANAGER, "N": NOBODY}
ALL, EVERYBODY = "WTRM", "WTRMN"
TEXT = "articles_articletranslation"


@dataclass(frozen=True)
class May:
    """Letters of the roles that get an answer; None where a method is not answered at all.

    ``post`` is about a translation; ``post_source`` about a text in its source language, where
    that differs. ``data`` is what is posted. ``public``: no account is needed.
    """

    get: str | None
    post: str | None = None
    post_source: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    public: bool = False


def crud(view: str, add: str = "", change: str = "", delete: str = "") -> dict[str, May]:
    """Django's own views of a model: who may read, add, change and delete."""
    return {
        "changelist": May(view),
        "add": May(add, add),
        "change": May(view, change),
        "history": May(view),
        "delete": May(delete, delete),
    }


MODELS = {
    "authors_author": crud(ALL, "M", "M", "M"),
    "authors_registration": crud(ALL, "M", "M", "M"),
    "articles_topic": crud(ALL, "M", "M", "M"),
    # Whoever asks for the plain form is sent to the page that begins an article.
    "articles_article": crud(ALL, "", "WM") | {"add": May(EVERYBODY, EVERYBODY)},
    "articles_image": crud(ALL, "WTM", "WTM", "M"),
    "articles_product": crud(ALL, "M", "M", "M"),
    "articles_glossaryterm": crud(ALL, "WM", "WM", "M"),
    "articles_reference": crud(ALL, "WM", "WM", "WM"),
    "articles_revision": crud(ALL),
    "articles_publication": crud(ALL),
    "articles_auditentry": crud("M"),
    "articles_reviewrequest": crud(ALL),
    "articles_reviewsignature": crud(ALL),
    "articles_previewlink": crud("WM"),
    "articles_indexnownotice": crud("M"),
    "articles_forbiddenphrase": crud(ALL, "M", "M", "M"),
    TEXT: {
        "changelist": May(ALL),
        "add": May(EVERYBODY, EVERYBODY),
        # Who may not edit is led to the page for reading.
        "change": May("WTM", "WTM", post_source="WM"),
        "history": May(ALL),
        "delete": May("", ""),
    },
    "auth_user": crud(""),
    "auth_group": crud(""),
}

VIEWS = {
    "desk-language": May(None, EVERYBODY, public=True),
    "index": May(EVERYBODY),
    "login": May(EVERYBODY, EVERYBODY, public=True),
    "logout": May(None, EVERYBODY, public=True),
    "password_change": May(EVERYBODY, EVERYBODY),
    "password_change_done": May(EVERYBODY),
    "jsi18n": May(EVERYBODY),
    "auth_user_password_change": May("", ""),
    "articles_article_start": May("WM", "WM"),
    "articles_article_rename": May("M", "M"),
    "articles_article_discard": May("M", "M"),
    "articles_article_start_translation": May(None, "WTM", post_source="WM"),
    "articles_rules": May(ALL),
    "articles_reports": May(ALL),
    "articles_image_upload": May("WTM", "WTM"),
    "articles_auditentry_export": May(None, "M"),
    f"{TEXT}_preview": May(ALL, ALL),
    f"{TEXT}_checks": May(None, "WTM", post_source="WM"),
    f"{TEXT}_autosave": May(None, "WTM", post_source="WM"),
    f"{TEXT}_discard": May(None, "WTM", post_source="WM"),
    f"{TEXT}_presence": May(None, "WTM", post_source="WM"),
    f"{TEXT}_revisions": May(ALL),
    f"{TEXT}_restore": May(None, "WTM", post_source="WM"),
    f"{TEXT}_publish": May("M", "M"),
    f"{TEXT}_withdraw": May("M", "M"),
    f"{TEXT}_undo_withdrawal": May(None, "M"),
    f"{TEXT}_review": May(ALL),
    f"{TEXT}_ask_review": May(None, "WM"),
    f"{TEXT}_sign": May(None, "R"),
    f"{TEXT}_answer_review": May(None, "R", data={"outcome": "declined", "answer": "No."}),
    f"{TEXT}_links": May("WM", "WM"),
    f"{TEXT}_revoke_link": May(None, "WM"),
    f"{TEXT}_handoff": May("WTM"),
    f"{TEXT}_handoff_file": May("WTM"),
    f"{TEXT}_handoff_apply": May(None, "WTM"),
}

NOT_OURS = {"autocomplete", "view_on_site", "app_list"}
"""Django's own, which ask the model's admin themselves."""


def table() -> dict[str, May]:
    """Every view by its name."""
    views = dict(VIEWS)
    for model, lines in MODELS.items():
        views |= {f"{model}_{view}": may for view, may in lines.items()}
    return views


def names() -> set[str]:
    """Names of all addresses below /admin/, from the resolver itself."""

    def walk(resolver, place: str = ""):
        for item in resolver.url_patterns:
            if hasattr(item, "url_patterns"):
                yield from walk(item, place + str(item.pattern))
            elif (place + str(item.pattern)).startswith("admin/") and item.name:
                yield item.name

    return set(walk(get_resolver()))


def test_every_address_of_the_desk_has_a_line_in_the_table():
    assert names() - NOT_OURS == set(table())


@dataclass
class World:
    """One thing of every kind."""

    text: ArticleTranslation
    source: ArticleTranslation
    objects: dict[str, Any]
    request: ReviewRequest

    def address(self, name: str, *, is_source: bool = False) -> str:
        """The path of a view, about the translation or about its source."""
        if name == "desk-language":
            return reverse(name)
        text = self.source if is_source else self.text
        if name == "articles_article_start_translation":
            return reverse(f"admin:{name}", args=[text.article_id, text.language])
        if name.startswith(TEXT) and name not in {f"{TEXT}_changelist", f"{TEXT}_add"}:
            return reverse(f"admin:{name}", args=[text.pk])
        if name in {"articles_article_rename", "articles_article_discard"} | {
            "auth_user_password_change"
        }:
            return reverse(f"admin:{name}", args=[self.objects[name.rsplit("_", 1)[0]].pk])
        model, _dash, view = name.rpartition("_")
        if view in {"change", "history", "delete"} and model in self.objects:
            return reverse(f"admin:{name}", args=[self.objects[model].pk])
        return reverse(f"admin:{name}")


@pytest.fixture
def world(account_of) -> World:
    article = make_article()
    source = make_translation(article=article, language="zh-hans")
    text = make_translation(article=article, language="en")
    services.save_revision(source)
    publication = make_publication(translation=text)
    author = make_author(user=account_of(REVIEWER))
    request = services.request_review(text, reviewer=author)
    other = make_author(user=account_of(MANAGER))
    entry = audit.record(audit.Act.SAVED, text)
    return World(
        text=text,
        source=source,
        request=request,
        objects={
            "authors_author": author,
            "authors_registration": make_registration(author=author),
            "articles_topic": make_topic(),
            "articles_article": article,
            "articles_image": make_image(article=article),
            "articles_product": make_product(),
            "articles_glossaryterm": make_term(),
            "articles_reference": make_reference(article=article),
            "articles_revision": publication.revision,
            "articles_publication": publication,
            "articles_auditentry": entry,
            "articles_reviewrequest": request,
            "articles_reviewsignature": publication.revision.signatures.create(
                translation=text,
                author=other,
                content_hash=publication.revision.content_hash,
            ),
            "articles_previewlink": services.make_preview_link(text, recipient="A reader", days=3),
            "articles_indexnownotice": IndexNowNotice.objects.create(
                path="/en/articles/light/", reason="updated"
            ),
            "articles_forbiddenphrase": ForbiddenPhrase.objects.create(
                language="en", phrase="an unlikely phrase"
            ),
            "auth_user": account_of(WRITER),
            "auth_group": account_of(WRITER).groups.get(),
            "auth_user_password": account_of(WRITER),
        },
    )


def outcome(response, name: str) -> str:
    """``answered``, ``refused``, or ``asked`` to sign in."""
    if response.status_code == 403:
        return "refused"
    if response.status_code == 405:
        return "not answered"
    leads_to = response.headers.get("Location", "")
    if leads_to.startswith("/admin/login/"):
        return "asked"
    # The desk leads those who may only read to the page for reading.
    is_led_away = name == f"{TEXT}_change" and leads_to.endswith("/review/")
    return "refused" if is_led_away else "answered"


def expected(letters: str | None, may: May, role: str) -> str:
    if may.public and letters is not None:
        return "answered"
    if role == VISITOR:
        return "asked"
    if letters is None:
        return "not answered"
    return "answered" if role in {LETTERS[letter] for letter in letters} else "refused"


def differences(client: Client, world: World, role: str, views: dict[str, May]) -> list[str]:
    """Every view that answers this role otherwise than the table says."""
    found = []

    def compare(name: str, method: str, letters: str | None, *, is_source: bool = False) -> None:
        may = views[name]
        address = world.address(name, is_source=is_source)
        # A form that shows no version is refused whoever sends it.
        data = may.data | {"request": world.request.pk, "version": 0}
        response = client.get(address) if method == "GET" else client.post(address, data)
        got, wanted = outcome(response, name), expected(letters, may, role)
        if (method, letters, response.status_code) == ("GET", None, 302) and got == "answered":
            got = "not answered"  # an act leads to the screen that has its form
        # What nobody may do this way may be refused for the person or for the method.
        is_unanswered = wanted == "not answered" and got == "refused"
        if got != wanted and not is_unanswered:
            found.append(f"{method} {address}: {got} ({response.status_code}), not {wanted}")

    for name, may in views.items():
        compare(name, "GET", may.get)
        if may.post is not None:
            compare(name, "POST", may.post)
            if may.post_source is not None:
                compare(name, "POST", may.post_source, is_source=True)
    return found


LEAVING = {"logout", "desk-language"}
"""Views that end a session or change its language: asked on their own."""


@pytest.mark.slow
@pytest.mark.parametrize("role", [VISITOR, NOBODY, *ROLES])
def test_each_role_gets_what_the_table_says_and_nothing_else(client_for, world, role):
    views = {name: may for name, may in table().items() if name not in LEAVING}
    assert differences(client_for(role), world, role, views) == []


@pytest.mark.parametrize("role", [VISITOR, NOBODY, *ROLES])
def test_everybody_may_leave_and_choose_a_language(client_for, world, role):
    client = client_for(role)
    assert client.post(reverse("desk-language"), {"language": "en"}).status_code in {204, 302}
    assert client.post(reverse("admin:logout")).status_code in {200, 302}


# What a view that answers must still refuse


def test_reviewer_cannot_change_a_text_through_its_desk(client_for, world):
    world.text.refresh_from_db()
    before = (world.text.version, world.text.body)
    client_for(REVIEWER).post(world.address(f"{TEXT}_change"), {"title": "Mine", "body": "Mine."})
    world.text.refresh_from_db()
    assert (world.text.version, world.text.body) == before


def test_translator_cannot_change_a_source_through_its_desk(client_for, world):
    before = (world.source.version, world.source.body)
    address = world.address(f"{TEXT}_change", is_source=True)
    client_for(TRANSLATOR).post(address, {"title": "我的", "body": "我的。"})
    world.source.refresh_from_db()
    assert (world.source.version, world.source.body) == before


@pytest.mark.parametrize("name", ["handoff", "handoff_file"])
def test_translator_is_handed_translations_and_no_source(client_for, world, name):
    client = client_for(TRANSLATOR)
    assert client.get(world.address(f"{TEXT}_{name}")).status_code == 200
    assert client.get(world.address(f"{TEXT}_{name}", is_source=True)).status_code == 403


@pytest.mark.parametrize("role", [WRITER, TRANSLATOR, REVIEWER])
def test_nobody_but_the_managing_editor_publishes(client_for, world, role):
    count = Publication.objects.count()
    data = {"version": world.source.version, "change": "first"}
    client_for(role).post(world.address(f"{TEXT}_publish", is_source=True), data)
    assert Publication.objects.count() == count


@pytest.mark.parametrize("role", [WRITER, TRANSLATOR, MANAGER])
def test_nobody_but_the_reviewer_who_was_asked_sends_a_text_back(client_for, world, role):
    data = {"request": world.request.pk, "outcome": "declined", "answer": "No."}
    client_for(role).post(world.address(f"{TEXT}_answer_review"), data)
    world.request.refresh_from_db()
    assert world.request.closed_at is None


def test_text_begins_in_the_source_language_by_nobody_who_only_translates(client_for):
    article = make_article(source_language="en")
    address = reverse("admin:articles_article_start_translation", args=[article.pk, "en"])
    assert client_for(TRANSLATOR).post(address, {"title": "A title"}).status_code == 403
    assert not Article.objects.get(pk=article.pk).translations.exists()


@pytest.mark.parametrize("role", [NOBODY, *ROLES])
def test_editable_texts_are_those_that_each_may_edit(account_of, world, role):
    user = account_of(role)
    texts = ArticleTranslation.objects.select_related("article")
    one_by_one = {text.pk for text in texts if access.can_edit(user, text)}
    assert set(access.editable(texts, user).values_list("pk", flat=True)) == one_by_one


def test_account_that_was_switched_off_may_nothing(account_of, client_for, world):
    client = client_for(MANAGER)
    user = account_of(MANAGER)
    user.is_active = False
    user.save()
    assert client.get(reverse("admin:index")).status_code == 302
    assert not access.editable(ArticleTranslation.objects.all(), user).exists()
