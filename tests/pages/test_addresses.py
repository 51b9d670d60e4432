"""Every address: what answers there, in which language, and what answers where nothing is."""

import datetime
from urllib.parse import unquote, urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLResolver
from django.utils import timezone
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from articles import services
from articles.models import ArticleSlug
from tests import factories
from tests.crawl import LANGUAGES, TAGS, parse, text_of

# The name in urls.py, and the path on the small site of the fixture.
PUBLIC = {
    "home": "/{}/",
    "style-guide": "/{}/style-guide/",
    "authors:list": "/{}/authors/",
    "authors:detail": "/{}/authors/ada/",
    "articles:detail": "/{}/articles/evening-light/",
    "articles:history": "/{}/articles/evening-light/history/",
    "articles:version": "/{}/articles/evening-light/history/1/",
    "articles:comparison": "/{}/articles/evening-light/history/1..1/",
    "articles:topics": "/{}/topics/",
    "articles:topic": "/{}/topics/sleep/",
    "articles:glossary": "/{}/glossary/",
    "search:results": "/{}/search/",
    "pages:detail": "/{}/about/",
    "pages:history": "/{}/about/history/",
    "pages:version": "/{}/about/history/1/",
    "pages:comparison": "/{}/about/history/1..1/",
}
WITHOUT_LANGUAGE = {"choose-language", "healthz", "readyz", "media"}
# Tested by themselves: each has a form of its own.
FOR_MACHINES = {
    *("sitemap", "sitemap-section", "robots", "indexnow-key", "speculation-rules"),
    *("markdown:article", "markdown:page", "markdown:llms"),
    *(f"feeds:{kind}{form}" for kind in ("", "topic-", "author-") for form in ("atom", "json")),
}
FOR_EDITORS = {"desk-language", "shared-preview"}
LISTS = ("/{}/", "/{}/topics/sleep/", "/{}/authors/ada/")

both_languages = pytest.mark.parametrize("code", LANGUAGES)


def ask(client: Client, address: str):
    """Get an address as it was typed: the client would take what follows two slashes for a host."""
    path, _mark, query = address.partition("?")
    return client.get("/", PATH_INFO=unquote(path), QUERY_STRING=query)


def every_name(resolver: URLResolver, prefix: str = ""):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                yield from every_name(pattern, f"{pattern.namespace}:" if pattern.namespace else "")
        elif pattern.name:
            yield prefix + pattern.name


def test_every_public_address_is_in_the_table_above():
    assert set(every_name(get_resolver())) == (
        set(PUBLIC) | WITHOUT_LANGUAGE | FOR_MACHINES | FOR_EDITORS
    )


# What is there


@both_languages
@pytest.mark.parametrize("path", PUBLIC.values(), ids=PUBLIC)
def test_public_page_answers_in_the_language_of_its_address(site, client, path, code):
    response = client.get(path.format(code))
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert response.headers["Content-Language"] == TAGS[code]
    assert parse(response.content).html["lang"] == TAGS[code]


@pytest.mark.parametrize("path", PUBLIC.values(), ids=PUBLIC)
def test_head_request_gets_the_headers_of_the_page_and_no_body(site, client, path):
    answer, head = client.get(path.format("en")), client.head(path.format("en"))
    assert head.status_code == 200
    assert head.content == b""
    assert dict(head.headers) == dict(answer.headers)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_anything_but_reading_is_405_even_without_a_token(site, method):
    strict = Client(enforce_csrf_checks=True)
    for path in PUBLIC.values():
        response = getattr(strict, method)(path.format("en"))
        assert response.status_code == 405, path
        assert response.headers["Allow"] == "GET, HEAD"
        assert not response.cookies


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz"])
def test_posting_to_an_address_without_language_is_405(site, path):
    assert Client(enforce_csrf_checks=True).post(path).status_code == 405


def test_health_check_says_the_process_is_up(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert response.headers["Content-Type"] == "text/plain"
    assert response.headers["Cache-Control"] == "no-store"


def test_readiness_needs_content_that_readers_can_read(db, client):
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": True, "migrations": True, "content": False}
    factories.make_published_article(languages=["en"])
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert set(response.json().values()) == {True}


def test_admin_asks_for_a_login(db, client):
    response = client.get("/admin/")
    assert response.status_code == 302
    assert response.url == "/admin/login/?next=/admin/"


# Nearly right


@pytest.mark.parametrize("path", PUBLIC.values(), ids=PUBLIC)
def test_missing_slash_is_added_in_one_step(site, client, path):
    path = path.format("zh-hans")
    response = client.get(f"{path.rstrip('/')}?page=1")
    assert response.status_code == 301
    assert response.url == f"{path}?page=1"
    assert client.get(response.url).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        *(
            "/en//articles/evening-light/",
            "/en/articles/evening-light//",
            "//en/articles/evening-light",
        ),
        *(
            "/EN/articles/evening-light/",
            "/en/Articles/Evening-Light",
            "/En//ARTICLES///evening-light",
        ),
        *("/en/articles/First-Name", "/en//articles/first-name/"),
    ],
)
def test_nearly_right_address_leads_to_the_right_one_in_one_step(site, client, asked):
    ArticleSlug.objects.create(article=site.article, slug="first-name")
    response = ask(client, f"{asked}?page=1")
    assert response.status_code == 301
    assert response.url.partition("?")[0] == "/en/articles/evening-light/"
    assert "max-age=0" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    "asked", ["/zh-Hans", "/ZH-HANS/", "/zh-hans//", "//zh-hans/", "/zh-hans//?utm_source=x"]
)
def test_home_page_is_found_however_its_language_is_written(site, client, asked):
    response = ask(client, asked)
    assert response.status_code == 301
    assert response.url.partition("?")[0] == "/zh-hans/"


@pytest.mark.parametrize(
    "asked",
    [
        *("/EN/nothing", "/en//articles//nothing", "//evil.example/", "//evil.example/en/"),
        *(
            "/en/articles/%0d%0aSet-Cookie:x",
            "/EN/%2f%2fevil.example",
            "/en/articles/Évening-Light",
        ),
        "/MEDIA/images/x.jpg",
    ],
)
def test_nothing_is_still_404_and_leads_nowhere(site, client, asked):
    response = ask(client, asked)
    assert response.status_code == 404
    assert "Location" not in response.headers


def test_withdrawn_text_is_410_under_every_spelling(site, client):
    services.withdraw(site.article.translations.get(language="en"), note="Retracted.")
    assert client.get("/EN/articles/Evening-Light").status_code == 410


def test_desk_keeps_its_slash(site, client, admin_user):
    client.force_login(admin_user)
    response = client.get("/admin/articles?x=1")
    assert (response.status_code, response.url) == (301, "/admin/articles/?x=1")


@pytest.mark.parametrize(
    "path",
    [
        "/fr/",
        "/zh/",
        "/zh-hant/",
        "/zh-hans-cn/",
        "/en-us/",
        "/e/",
        "/english/",
    ],
)
def test_unknown_language_is_404(site, client, path):
    assert client.get(path).status_code == 404
    assert client.get(f"{path}articles/evening-light/").status_code == 404


@both_languages
def test_site_page_is_not_an_article_nor_an_article_a_site_page(site, client, code):
    assert client.get(f"/{code}/articles/about/").status_code == 404
    assert client.get(f"/{code}/evening-light/").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/{}/articles/",
        "/{}/articles/nothing/",
        "/{}/articles/evening-light/extra/",
        "/{}/topics/nothing/",
        "/{}/authors/nobody/",
        "/{}/nothing/",
    ],
)
def test_address_of_nothing_is_404_in_its_language(site, client, path):
    for code in LANGUAGES:
        response = client.get(path.format(code))
        assert response.status_code == 404
        assert parse(response.content).html["lang"] == TAGS[code]


@pytest.mark.parametrize(
    "number",
    [
        *("0", "-1", "abc", "2", "99999", "9" * 5000, "1.0", "1e1", "+1", "01", "1_0", " 1"),
        *("%00", "%ff", "%EF%BC%91", "1%0A", "%D9%A1"),
    ],
    ids=lambda value: value[:8],
)
def test_page_that_a_list_does_not_have_is_404(site, client, number):
    for path in LISTS:
        assert client.get(f"{path.format('en')}?page={number}").status_code == 404, path


@pytest.mark.parametrize("query", ["", "?page=", "?page=1", "?other=2", "?page=0&page=1"])
def test_first_page_of_a_list_may_be_named(site, client, query):
    for path in LISTS:
        assert client.get(path.format("en") + query).status_code == 200, path


# Addresses an article once had


@both_languages
def test_old_address_leads_to_the_new_one_in_one_step_however_often_it_changed(site, client, code):
    for slug in ("first-name", "second-name"):
        ArticleSlug.objects.create(article=site.article, slug=slug)
    for slug in ("first-name", "second-name"):
        response = client.get(f"/{code}/articles/{slug}/")
        assert response.status_code == 301
        assert response.url == f"/{code}/articles/evening-light/"
    assert client.get(response.url).status_code == 200


def test_old_address_without_slash_arrives_too(site, client):
    ArticleSlug.objects.create(article=site.article, slug="first-name")
    response = client.get("/en/articles/first-name", follow=True)
    assert response.redirect_chain == [("/en/articles/evening-light/", 301)]
    assert response.status_code == 200


def test_old_address_is_not_kept_for_ever_so_that_a_rename_can_be_undone(site, client):
    ArticleSlug.objects.create(article=site.article, slug="first-name")
    response = client.get("/en/articles/first-name/")
    assert response.headers["Cache-Control"] == "public, max-age=0, s-maxage=10"
    assert f"article-{site.article.pk}" in response.headers["Cache-Tag"].split(",")


def test_answers_about_a_text_that_is_not_there_are_dropped_with_its_article(site, client):
    alone = factories.make_published_article(slug="alone", languages=["en"])
    gone = factories.make_published_article(slug="gone")
    services.withdraw(gone.translations.get(language="en"), note="A reason.")
    for path, status, article in (
        ("/zh-hans/articles/alone/", 404, alone),
        ("/en/articles/gone/", 410, gone),
    ):
        response = client.get(path)
        assert response.status_code == status
        assert f"article-{article.pk}" in response.headers["Cache-Tag"].split(",")


def test_old_address_of_a_site_page_stays_among_site_pages(site, client):
    ArticleSlug.objects.create(article=site.page, slug="about-us")
    assert client.get("/en/about-us/").url == "/en/about/"
    assert client.get("/en/articles/about-us/").status_code == 404


def test_old_address_of_an_unpublished_article_does_not_give_the_new_one_away(db, client):
    article = factories.make_article(slug="secret-plan")
    translation = factories.make_translation(article=article, language="en")
    ArticleSlug.objects.create(article=article, slug="old-plan")
    assert client.get("/en/articles/old-plan/").status_code == 404
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    factories.make_publication(translation=translation, live_from=tomorrow)
    assert client.get("/en/articles/old-plan/").status_code == 404


# Not for readers, not yet, no more, or not in this language


@both_languages
def test_draft_is_nowhere_to_be_seen(site, client, code):
    draft = factories.make_article(slug="draft", topics=[site.topic], authors=[site.author])
    factories.make_translation(article=draft, language=code, title="Secret 秘密")
    assert client.get(f"/{code}/articles/draft/").status_code == 404
    for path in PUBLIC.values():
        assert "Secret" not in client.get(path.format(code)).content.decode()


@both_languages
def test_scheduled_article_appears_by_itself_at_its_time_and_not_before(site, client, code):
    article = factories.make_article(slug="soon", topics=[site.topic], authors=[site.author])
    translation = factories.make_translation(article=article, language=code, title="Soon 不久")
    start = timezone.now()
    factories.make_publication(
        translation=translation, live_from=start + datetime.timedelta(hours=1)
    )
    lists = [path.format(code) for path in LISTS]
    assert client.get(f"/{code}/articles/soon/").status_code == 404
    assert not any("Soon" in client.get(path).content.decode() for path in lists)
    with time_machine.travel(start + datetime.timedelta(hours=1, seconds=1), tick=False):
        assert client.get(f"/{code}/articles/soon/").status_code == 200
        assert all("Soon" in client.get(path).content.decode() for path in lists)


def test_saving_a_draft_of_a_published_article_changes_nothing_for_readers(site, client):
    before = client.get("/en/articles/evening-light/").content
    translation = site.article.translations.get(language="en")
    translation.title, translation.body = "Another title", "Another body"
    translation.save()
    assert client.get("/en/articles/evening-light/").content == before


@both_languages
def test_withdrawn_text_is_410_with_its_reason_as_plain_text(site, client, code):
    translation = site.article.translations.get(language=code)
    services.withdraw(translation, note="<script>alert(1)</script> & the trial was retracted")
    response = client.get(f"/{code}/articles/evening-light/")
    assert response.status_code == 410
    assert b"<script>" not in response.content
    soup = parse(response.content)
    assert soup.html["lang"] == TAGS[code]
    assert text_of(soup.select_one(".reason")) == (
        "<script>alert(1)</script> & the trial was retracted"
    )
    assert factories.TITLES[code] in text_of(soup.main)
    for path in LISTS:
        assert "evening-light" not in client.get(path.format(code)).content.decode()


def test_withdrawn_page_shows_the_title_readers_knew_and_not_the_draft_title(site, client):
    translation = site.article.translations.get(language="en")
    translation.title = "A title nobody published"
    translation.save()
    services.withdraw(translation, note="Retracted.")
    response = client.get("/en/articles/evening-light/")
    assert factories.TITLES["en"] in response.content.decode()
    assert b"A title nobody published" not in response.content


def test_withdrawing_one_language_leaves_the_other(site, client):
    services.withdraw(site.article.translations.get(language="zh-hans"), note="误译")
    soup = parse(client.get("/zh-hans/articles/evening-light/").content)
    assert soup.select_one(".lang-switch a[hreflang=en]")["href"] == "/en/articles/evening-light/"
    assert client.get("/en/articles/evening-light/").status_code == 200


def test_text_withdrawn_before_its_time_was_never_public(db, client):
    article = factories.make_article(slug="soon")
    translation = factories.make_translation(article=article, language="en")
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    factories.make_publication(translation=translation, live_from=tomorrow)
    services.withdraw(translation, note="A change of plan.")
    assert client.get("/en/articles/soon/").status_code == 404


def test_restored_text_is_back(site, client):
    translation = site.article.translations.get(language="en")
    services.withdraw(translation, note="A mistake.")
    services.undo_withdrawal(translation)
    assert client.get("/en/articles/evening-light/").status_code == 200


@pytest.mark.parametrize(("kind", "path"), [("article", "/{}/articles/one/"), ("page", "/{}/one/")])
@pytest.mark.parametrize(("has", "lacks"), [("zh-hans", "en"), ("en", "zh-hans")])
def test_text_missing_in_one_language_is_404_there_and_offers_the_other(
    db, client, kind, path, has, lacks
):
    factories.make_published_article(slug="one", kind=kind, languages=[has])
    response = client.get(path.format(lacks))
    assert response.status_code == 404
    soup = parse(response.content)
    assert soup.html["lang"] == TAGS[lacks]
    offer = soup.main.find("a", href=path.format(has))
    assert text_of(offer) == factories.TITLES[has]
    assert offer["lang"] == offer["hreflang"] == TAGS[has]
    assert [a["href"] for a in soup.select(".lang-switch a")] == [path.format(has)]


def test_author_and_topic_described_in_one_language_only_are_404_in_the_other(db, client):
    author = factories.make_author(slug="ada")
    author.translations.get(language="en").delete()
    factories.make_topic(slug="sleep", languages=["zh-hans"])
    for path in ("/{}/authors/ada/", "/{}/topics/sleep/"):
        assert client.get(path.format("zh-hans")).status_code == 200
        assert client.get(path.format("en")).status_code == 404


# The language choice

CHINESE, ENGLISH = "/zh-hans/", "/en/"
PREFERENCES = [
    ("zh-CN,zh;q=0.9,en;q=0.8", CHINESE),
    ("zh-TW", CHINESE),
    ("zh-HK,zh;q=0.5", CHINESE),
    ("zh-Hant-TW,zh-Hant;q=0.9", CHINESE),
    ("zh", CHINESE),
    ("en-US,en;q=0.9", ENGLISH),
    ("en-NZ", ENGLISH),
    ("EN", ENGLISH),
    ("fr-FR,fr;q=0.9,en;q=0.5", ENGLISH),
    ("fr,zh;q=0.2,en;q=0.1", CHINESE),
    ("en;q=0.3,zh;q=0.7", CHINESE),
    ("zh;q=0,en", ENGLISH),
    ("*,en", ENGLISH),
    ("fr", None),
    ("*", None),
    ("", None),
    ("en;q=0", None),
    ("english", None),
    ("zhx", None),
    (",,;;q==,", None),
    ("en_US", None),
    ("\x00", None),
    ("en\r\nx", None),
    ("中文", None),
    ("en-" + "x" * 10_000, None),
    ("en," + "fr;q=0.5," * 1200, ENGLISH),
    ("fr;q=0.5," * 1200 + "en", None),
]


@pytest.mark.parametrize(("header", "expected"), PREFERENCES, ids=lambda value: repr(value)[:30])
def test_root_follows_the_language_the_browser_prefers_or_asks(client, header, expected):
    response = client.get("/", headers={"accept-language": header})
    if expected:
        assert response.status_code == 302
        assert response.url == expected
    else:
        assert response.status_code == 200
        choices = parse(response.content).main.find_all("a")
        assert [(a["href"], a["hreflang"]) for a in choices] == [
            ("/zh-hans/", "zh-Hans"),
            ("/en/", "en"),
        ]


def test_root_without_any_header_asks(client):
    assert client.get("/").status_code == 200


def test_root_ignores_a_language_cookie_because_its_answer_does_not_vary_on_one(client):
    client.cookies["django_language"] = "en"
    assert client.get("/").status_code == 200
    assert client.get("/", headers={"accept-language": "zh"}).url == CHINESE


def test_language_choice_greets_in_each_language(client):
    sections = parse(client.get("/").content).main.find_all("section")
    assert [section.get("lang", "zh-Hans") for section in sections] == ["zh-Hans", "en"]
    for section in sections:
        assert section["aria-labelledby"] == section.find(["h1", "h2"])["id"]
    assert text_of(sections[0].a) != text_of(sections[1].a)


# Anything at all

PIECES = st.sampled_from(
    [
        *("", ".", "..", "en", "zh-hans", "articles", "topics", "authors", "glossary", "media"),
        *("evening-light", "about", "sleep", "ada", "healthz", "static", "admin", "style-guide"),
        *("%00", "\x00", "%2e%2e", "//", "\\", "images", "index.php", "{{7*7}}", "\u202e", "é"),
    ]
).map(str.encode) | st.binary(max_size=12)
PATHS = st.lists(PIECES, max_size=6).map(lambda pieces: b"/" + b"/".join(pieces))
QUERIES = st.binary(max_size=30) | st.binary(max_size=12).map(lambda value: b"page=" + value)


@hypothesis_settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(path=b"//evil.example/en", query=b"")
@example(path=b"/en/articles/\x00/", query=b"page=\x00")
@example(path=b"/\xff\xfe/", query=b"\xff=\xfe")
@example(path=b"/media/images/../../site.sqlite3", query=b"")
@example(path=b"/media/\x00", query=b"")
@given(path=PATHS, query=QUERIES)
def test_no_path_and_no_query_breaks_the_site_or_leads_away(site, path, query):
    response = Client().get(
        "/", PATH_INFO=path.decode("latin-1"), QUERY_STRING=query.decode("latin-1")
    )
    assert response.status_code in {200, 301, 302, 404, 410}
    if response.status_code in {301, 302}:
        assert urlsplit(response.url).netloc == ""
        assert not response.url.startswith("//")
