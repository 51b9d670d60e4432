"""A preview is the page that publishing would give, and nobody else ever sees it."""

import datetime

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core import signing
from django.test import Client
from django.utils import timezone

from articles import services
from articles.admin.desk.previews import SALT, shared_path
from articles.models import ArticleTranslation
from tests.articles.admin.desk.conftest import address
from tests.articles.admin.desk.forms import get
from tests.factories import make_publication

pytestmark = pytest.mark.django_db


def fresh(text) -> ArticleTranslation:
    return ArticleTranslation.objects.select_related("article").get(pk=text.pk)


def assert_private(response) -> None:
    """Kept by nobody, found by nobody, framed by the desk alone, and silent about its address."""
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert response.headers["Referrer-Policy"] == "no-referrer"
    policy = response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy
    soup = BeautifulSoup(response.content.decode(), "html.parser")
    assert "noindex" in soup.select_one("meta[name=robots]")["content"]
    assert not soup.select("link[rel=canonical], link[rel=alternate][hreflang]")


@pytest.mark.parametrize("slug", ["d3-k2-magnesium", None])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_unsaved_preview_is_what_publishing_it_would_give(request, client_of, language, slug):
    if slug:
        request.getfixturevalue("demo_site")
        text = ArticleTranslation.objects.get(article__slug=slug, language=language)
    else:
        text = request.getfixturevalue("pair")[language]
    client = client_of("managing")
    page = get(client, address("change", text))
    fields = page.fields()
    body = ["Typed **just now**.", *fields["body"]]
    typed = {
        **fields,
        "title": ["A new title"],
        "body": body,
        "body-unit": ["", *fields["body-unit"]],
    }
    shown = client.post(address("preview", text), typed)
    assert shown.status_code == 200
    assert fresh(text).title == text.title
    assert client.post(address("change", text), {**typed, "_save": "1"}).status_code == 302
    is_first = not text.publications.exists()
    publication = services.publish(
        fresh(text), change="first" if is_first else "typo", override_reason="A test."
    )
    assert "<strong>just now</strong>" in publication.body_html
    assert publication.body_html in shown.content.decode()
    for part in ("title_html", "standfirst_html"):
        assert publication.page[part] in shown.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_preview_is_private_and_in_the_language_of_its_text(pair, client_of, language, method):
    text = pair[language]
    for desk_language in ("zh-hans", "en"):
        client = client_of("managing", language=desk_language)
        data = get(client, address("change", text)).fields() if method == "post" else {}
        response = getattr(client, method)(address("preview", text), data)
        assert response.status_code == 200
        assert_private(response)
        soup = BeautifulSoup(response.content.decode(), "html.parser")
        assert soup.html["lang"].lower() == language


def test_a_draft_never_reaches_the_public_page(pair, client_of, client):
    text = pair["zh-hans"]
    make_publication(translation=text)
    public = client.get(text.get_absolute_url()).content
    editor = client_of("managing")
    page = get(editor, address("change", text))
    fields = {**page.fields(), "title": ["秘密标题"]}
    assert "秘密标题" in editor.post(address("preview", text), fields).content.decode()
    assert page.send(_save="1", title="秘密标题").status == 302
    assert "秘密标题" in editor.get(address("preview", text)).content.decode()
    assert client.get(text.get_absolute_url()).content == public
    assert editor.get(text.get_absolute_url()).content == public


def test_who_may_not_edit_previews_the_saved_text_only(pair, client_of):
    text = pair["zh-hans"]
    response = client_of("reviewer").post(address("preview", text), {"title": "没有保存"})
    assert response.status_code == 200
    assert "没有保存" not in response.content.decode()


def test_a_visitor_gets_no_preview(pair, client):
    response = client.get(address("preview", pair["en"]))
    assert response.status_code == 302
    assert pair["en"].title not in response.content.decode()


def style_of(response) -> str:
    soup = BeautifulSoup(response.content.decode(), "html.parser")
    return "".join(item.get_text() for item in soup.select("style"))


def test_light_and_dark_are_the_scheme_asked_for_whatever_the_reader_s(pair, client_of):
    client = client_of("managing")
    path = address("preview", pair["en"])
    sheets = {
        scheme: style_of(client.get(path, {"scheme": scheme})) for scheme in ("", "light", "dark")
    }
    assert len(set(sheets.values())) == 3
    assert "prefers-color-scheme" in sheets[""]
    for scheme in ("light", "dark"):
        assert "prefers-color-scheme" not in sheets[scheme]
    assert style_of(client.get(path, {"scheme": "<b>"})) == sheets[""]


def test_the_sheet_of_a_scheme_is_allowed_by_the_policy(pair, client_of):
    import base64
    import hashlib

    for scheme in ("", "light", "dark"):
        response = client_of("managing").get(address("preview", pair["en"]), {"scheme": scheme})
        digest = hashlib.sha256(style_of(response).encode()).digest()
        assert base64.b64encode(digest).decode() in response.headers["Content-Security-Policy"]


# Links for readers without an account


@pytest.fixture
def link(pair):
    return services.make_preview_link(pair["en"], recipient="Bo", days=3)


def test_a_shared_link_shows_the_newest_saved_draft_without_an_account(pair, link, client):
    row = fresh(pair["en"])
    row.title = "Saved since"
    row.save()
    response = client.get(shared_path(link))
    assert response.status_code == 200
    assert "Saved since" in response.content.decode()
    assert_private(response)
    assert not response.cookies


def test_a_link_that_was_tampered_with_or_made_up_leads_nowhere(link, client):
    path = shared_path(link)
    signed = path.rstrip("/").rsplit("/", 1)[1]
    made_up = [
        signed[:-1] + ("A" if signed[-1] != "A" else "B"),
        link.token,
        signing.dumps(link.token),
        signing.dumps("another", salt=SALT),
        signing.dumps(["a list"], salt=SALT),
        signing.dumps({"a": 1}, salt=SALT),
        "x",
        "x" * 3000,
    ]
    for word in made_up:
        assert client.get(path.replace(signed, word)).status_code == 404


def test_a_link_that_ended_or_was_revoked_leads_nowhere(link, client, client_of):
    path = shared_path(link)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=3, seconds=1)):
        assert client.get(path).status_code == 404
    assert client.get(path).status_code == 200
    editor = client_of("writer")
    page = get(editor, address("links", link.translation))
    assert page.send('form[action$="links/revoke/"]').status == 302
    assert client.get(path).status_code == 404
    assert Client().get(path).status_code == 404


def test_a_shared_link_only_shows(link, client):
    assert client.post(shared_path(link), {"title": "Mine"}).status_code == 405


def test_links_are_made_by_who_may_and_listed_with_their_address(pair, client_of):
    text = pair["en"]
    page = get(client_of("writer"), address("links", text))
    assert page.send("form.publish-form", recipient="Bo", days="0").status == 422
    wrong = page.send("form.publish-form", recipient="Bo", days="31")
    assert wrong.status == 422
    assert wrong.fields("form.publish-form")["recipient"] == ["Bo"]
    assert page.send("form.publish-form", recipient="Bo", days="30").status == 302
    link = text.preview_links.get()
    listed = get(client_of("writer"), address("links", text)).soup.select_one("a.link-address")
    assert listed["href"].endswith(shared_path(link))
    for role in ("translator", "reviewer"):
        client = client_of(role)
        assert client.get(address("links", text)).status_code == 403
        data = {"recipient": "Me", "days": "3", "link": str(link.pk)}
        assert client.post(address("links", text), data).status_code == 403
        assert client.post(address("revoke_link", text), data).status_code == 403


def test_robots_are_told_of_no_preview(client, link):
    assert shared_path(link) not in client.get("/robots.txt").content.decode()
    assert "preview" not in client.get("/sitemap.xml").content.decode()
