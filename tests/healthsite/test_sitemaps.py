"""The sitemap: what it lists and what not, when each page changed, how the files are cut."""

import datetime
import gzip
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from articles import services
from articles.document import ImageData
from articles.models import ContentVersion, Contribution, Publication, ShareCard
from articles.pictures import picture_address
from healthsite.metadata import Alternate
from healthsite.sitemaps import sections, views
from healthsite.sitemaps.writing import MAX_IMAGES, Entry, File, write_index, write_urlset
from tests import factories
from tests.crawl import LANGUAGES, parse

SCHEMAS = Path(__file__).parents[1] / "data" / "sitemaps"
SPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
ORIGIN = "http://testserver"
NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
LISTS = {"/"} | {
    f"/{code}/{name}" for code in LANGUAGES for name in ("", "topics/", "authors/", "glossary/")
}


@dataclass(frozen=True)
class Listed:
    """One page as the sitemap gives it; ``file`` is the path of the file it is in."""

    file: str
    changed: str
    alternates: dict[str, str]
    images: list[str]


def schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / name))


def read(content: bytes, name: str) -> etree._Element:
    """The root of a document that fits the schema."""
    root = etree.fromstring(content)
    schema(name).assertValid(root)
    return root


def content_of(response) -> bytes:
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/xml; charset=utf-8"
    return b"".join(response) if response.streaming else response.content


def path_of(url: str) -> str:
    assert url.startswith(f"{ORIGIN}/")
    return url.removeprefix(ORIGIN)


def index_of(client) -> dict[str, str]:
    """Path of each file, and when the index says it changed (empty: it does not)."""
    root = read(content_of(client.get("/sitemap.xml")), "siteindex.xsd")
    return {
        path_of(item.findtext("s:loc", namespaces=SPACES)): item.findtext(
            "s:lastmod", "", namespaces=SPACES
        )
        for item in root.findall("s:sitemap", SPACES)
    }


def pages_in(client, file: str) -> list[tuple[str, Listed]]:
    root = read(content_of(client.get(file)), "sitemap.xsd")
    return [
        (
            path_of(url.findtext("s:loc", namespaces=SPACES)),
            Listed(
                file,
                url.findtext("s:lastmod", "", namespaces=SPACES),
                {
                    link.get("hreflang"): link.get("href")
                    for link in url.findall("xhtml:link", SPACES)
                },
                [loc.text for loc in url.findall("image:image/image:loc", SPACES)],
            ),
        )
        for url in root.findall("s:url", SPACES)
    ]


def whole_set(client) -> dict[str, Listed]:
    """Every page of every file that the index names; none may be there twice."""
    found = list(chain.from_iterable(pages_in(client, file) for file in index_of(client)))
    assert len(dict(found)) == len(found)
    return dict(found)


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def text_of(article, code: str = "en"):
    return article.translations.get(language=code)


# The whole set


def test_everything_a_robot_may_index_is_listed_and_nothing_else(client, demo_site, demo_pages):
    indexable = {
        page.url
        for page in demo_pages.values()
        if page.status == 200
        and page.is_html
        and "noindex" not in page.soup.find("meta", attrs={"name": "robots"})["content"]
        and "?" not in page.url
    }
    assert whole_set(client).keys() == indexable
    assert "/" in indexable
    assert "/en/articles/d3-k2-magnesium/history/" in indexable


def test_every_address_is_canonical_and_names_the_alternates_of_its_head(client, demo_site):
    for path, listed in whole_set(client).items():
        head = parse(client.get(path).content).head
        assert head.find("link", rel="canonical")["href"] == f"{ORIGIN}{path}"
        links = head.find_all("link", rel="alternate", hreflang=True)
        own = {link["hreflang"]: link["href"] for link in links if not link.get("type")}
        assert listed.alternates == own, path
        assert f"{ORIGIN}{path}" in own.values(), path


def test_alternates_are_reciprocal(client, demo_site):
    listed = whole_set(client)
    for path, page in listed.items():
        for tag, url in page.alternates.items():
            if tag == "x-default" and url == f"{ORIGIN}/":
                continue
            assert listed[path_of(url)].alternates == page.alternates, path


def test_addresses_come_from_the_settings_and_not_from_the_visitor(client, demo_site, settings):
    settings.SITE_ORIGIN = "https://health.example.org"
    content = content_of(client.get("/sitemap.xml", headers={"host": "localhost"}))
    addresses = read(content, "siteindex.xsd").findall("s:sitemap/s:loc", SPACES)
    assert addresses
    assert all(item.text.startswith("https://health.example.org/sitemap-") for item in addresses)


def test_an_empty_site_has_a_valid_index_of_the_choice_of_language_alone(client, db):
    assert index_of(client) == {"/sitemap-lists-1.xml": ""}
    listed = whole_set(client)
    assert listed.keys() == {"/"}
    assert not any(page.changed for page in listed.values())


# What is public


def meta_of(answer) -> dict:
    """What a page says of itself to search engines."""
    soup = parse(answer.content)
    links = soup.select('head link[rel="alternate"][hreflang]')
    return {
        "robots": soup.find("meta", attrs={"name": "robots"})["content"],
        "alternates": [link["hreflang"] for link in links],
    }


def test_drafts_scheduled_and_withdrawn_texts_are_left_out(client, db):
    factories.make_translation(article=factories.make_article(slug="draft"))
    scheduled = factories.make_translation(article=factories.make_article(slug="scheduled"))
    factories.make_publication(
        translation=scheduled, live_from=timezone.now() + datetime.timedelta(days=1)
    )
    withdrawn = factories.make_published_article(slug="withdrawn")
    for text in withdrawn.translations.all():
        services.withdraw(text, note="A reason.")
    assert whole_set(client).keys() == {"/"}


def test_a_scheduled_text_appears_by_itself(client, db):
    with time_machine.travel(NOON, tick=False):
        factories.make_published_article(languages=["zh-hans"])
        article = factories.make_published_article(slug="light", languages=["en"])
        text = factories.make_translation(article=article)
        factories.make_publication(translation=text, live_from=NOON + datetime.timedelta(hours=1))
        before = whole_set(client)
    with time_machine.travel(NOON + datetime.timedelta(hours=1), tick=False):
        after = whole_set(client)
    path = "/zh-hans/articles/light/"
    assert after.keys() - before.keys() == {path, f"{path}history/"}
    assert before["/en/articles/light/"].alternates == {}
    assert set(after["/en/articles/light/"].alternates) == {"zh-Hans", "zh", "en", "x-default"}


def test_topics_without_an_article_in_the_language_are_left_out(client, db):
    sleep, food = factories.make_topic(slug="sleep"), factories.make_topic(slug="food")
    factories.make_published_article(slug="light", topics=[sleep], languages=["en"])
    draft = factories.make_article(topics=[food])
    factories.make_translation(article=draft)
    factories.make_published_article(kind="page", topics=[food])
    topics = {path for path in whole_set(client) if "/topics/" in path} - LISTS
    assert topics == {"/en/topics/sleep/"}


@pytest.mark.parametrize("way", ["never published", "withdrawn"])
def test_a_language_that_holds_nothing_is_named_by_no_list(client, db, way):
    """Neither in the sitemap nor by the pages themselves, which stay out of the index."""
    topic, ada = factories.make_topic(slug="sleep"), factories.make_author(slug="ada")
    codes = ["zh-hans"] if way == "never published" else LANGUAGES
    article = factories.make_published_article(topics=[topic], authors=[ada], languages=codes)
    if way == "withdrawn":
        services.withdraw(article.translations.get(language="en"), note="A reason.")
    listed = whole_set(client)
    for path in ("", "topics/", "topics/sleep/"):
        assert listed[f"/zh-hans/{path}"].alternates == {}, path
        assert f"/en/{path}" not in listed
        empty, full = (meta_of(client.get(f"/{code}/{path}")) for code in ("en", "zh-hans"))
        assert empty["robots"] == "noindex"
        assert "noindex" not in full["robots"]
        assert full["alternates"] == []
    assert set(listed["/zh-hans/authors/"].alternates) == {"zh-Hans", "zh", "en", "x-default"}


def test_authors_who_are_listed_no_more_stay_where_they_wrote(client, db):
    gone = factories.make_author(slug="gone", is_active=False)
    factories.make_published_article(authors=[gone], languages=["en"])
    listed = whole_set(client)
    assert "/zh-hans/authors/gone/" not in listed
    assert listed["/en/authors/gone/"].alternates == {}
    assert meta_of(client.get("/zh-hans/authors/gone/"))["robots"] == "noindex"
    shown = meta_of(client.get("/en/authors/gone/"))
    assert "noindex" not in shown["robots"]
    assert shown["alternates"] == []


def test_authors_are_listed_while_they_are_active_where_they_are_described(client, db):
    factories.make_author(slug="ada")
    factories.make_author(slug="gone", is_active=False)
    factories.make_author(slug="half").translations.get(language="zh-hans").delete()
    authors = {path for path in whole_set(client) if "/authors/" in path} - LISTS
    assert authors == {"/zh-hans/authors/ada/", "/en/authors/ada/", "/en/authors/half/"}


def test_later_pages_of_a_list_are_left_out(client, db):
    for _ in range(13):
        factories.make_published_article(languages=["en"])
    assert client.get("/en/?page=2").status_code == 200
    assert not [path for path in whole_set(client) if "?" in path]


# When a page changed


def test_only_changes_that_readers_should_know_about_move_the_date(client, db):
    with time_machine.travel(NOON, tick=False):
        article = factories.make_published_article(slug="light")
    dates = []
    for day, change in enumerate(["typo", "correction", "typo"], start=1):
        with time_machine.travel(NOON + datetime.timedelta(days=day), tick=False):
            note = "What was wrong." if change == "correction" else ""
            factories.make_publication(
                translation=text_of(article), change=change, public_note=note
            )
            dates.append(moment(whole_set(client)["/en/articles/light/"].changed))
    corrected = NOON + datetime.timedelta(days=2)
    assert dates == [NOON, corrected, corrected]
    listed = whole_set(client)
    assert moment(listed["/zh-hans/articles/light/"].changed) == NOON
    assert moment(index_of(client)["/sitemap-articles-1.xml"]) == corrected


def test_topics_authors_and_home_changed_with_their_newest_article(client, db):
    ada, topic = factories.make_author(slug="ada"), factories.make_topic(slug="sleep")
    factories.make_author(slug="bo")
    later = NOON + datetime.timedelta(days=1)
    with time_machine.travel(NOON, tick=False):
        factories.make_published_article(slug="light", topics=[topic], authors=[ada])
    with time_machine.travel(later, tick=False):
        second = factories.make_published_article(languages=["en"], topics=[topic])
        Contribution.objects.create(article=second, author=ada, role="reviewer")
        factories.make_published_article(kind="page", topics=[topic], authors=[ada])
    listed = whole_set(client)
    for path in ("", "topics/sleep/", "authors/ada/"):
        assert moment(listed[f"/en/{path}"].changed) == later, path
        assert moment(listed[f"/zh-hans/{path}"].changed) == NOON, path
    unknown = {path for path, page in listed.items() if not page.changed}
    assert unknown == {"/"} | {
        f"/{code}/{name}/" for code in LANGUAGES for name in ("topics", "authors", "authors/bo")
    }


def test_log_changed_with_its_newest_publication_whatever_that_was(client, db):
    with time_machine.travel(NOON, tick=False):
        article = factories.make_published_article(slug="light", languages=["en"])
    later = NOON + datetime.timedelta(days=1)
    with time_machine.travel(later, tick=False):
        text = article.translations.get()
        text.body += "\n\nA typing error was mended."
        text.save()
        factories.make_publication(translation=text, change="typo")
    listed = whole_set(client)
    assert moment(listed["/en/articles/light/"].changed) == NOON
    assert moment(listed["/en/articles/light/history/"].changed) == later
    assert listed["/en/articles/light/history/"].images == []


def test_the_index_gives_each_file_its_newest_date(client, db, monkeypatch):
    monkeypatch.setattr(views, "PER_FILE", 2)
    for day in (3, 1, 2):
        with time_machine.travel(NOON + datetime.timedelta(days=day), tick=False):
            factories.make_published_article(languages=["en"])
            factories.make_author()
    files = index_of(client)
    for file, changed in files.items():
        dates = [page.changed for _, page in pages_in(client, file) if page.changed]
        assert changed == (max(dates) if dates else ""), file
    assert {file: moment(date).day for file, date in files.items() if "articles" in file} == {
        "/sitemap-articles-1.xml": 4,
        "/sitemap-articles-2.xml": 3,
    }


# Files


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
def test_a_cut_loses_nothing_and_leaves_alternates_whole(client, db, monkeypatch, size):
    for languages in (["en"], LANGUAGES, LANGUAGES, ["zh-hans"], LANGUAGES):
        factories.make_published_article(languages=languages)
    # A text that is not public lies between those that are.
    services.withdraw(Publication.objects.all()[3].translation, note="A reason.")
    uncut = whole_set(client)
    monkeypatch.setattr(views, "PER_FILE", size)
    monkeypatch.setattr(sections, "CHUNK", max(size - 1, 2))
    files = index_of(client)
    assert all(1 <= len(pages_in(client, file)) <= size for file in files)
    cut = whole_set(client)
    assert list(cut) == list(uncut)
    for path, page in cut.items():
        assert page.alternates == uncut[path].alternates, path
        assert page.changed == uncut[path].changed, path
    articles = [file for file in files if "articles" in file]
    assert len(articles) == -(-7 // size)
    beyond = f"/sitemap-articles-{len(articles) + 1}.xml"
    assert client.get(beyond).status_code == 404


@pytest.mark.parametrize(
    "name", ["articles-2", "articles-0", "articles-01", "articles", "pages-1", "nothing-1", "1"]
)
def test_files_that_the_index_does_not_name_are_404(client, db, name):
    factories.make_published_article()
    assert client.get("/sitemap-articles-1.xml").status_code == 200
    assert client.get(f"/sitemap-{name}.xml").status_code == 404


def test_a_closed_site_has_no_sitemap(client, site_of_one, settings):
    assert client.get("/sitemap.xml").status_code == 200
    settings.IS_CLOSED = True
    assert client.get("/sitemap.xml").status_code == 404
    assert client.get("/sitemap-articles-1.xml").status_code == 404


def test_files_are_streamed_and_kept_like_pages(client, site_of_one):
    response = client.get("/sitemap-articles-1.xml")
    assert response.streaming
    assert content_of(response)
    for answer in (response, client.get("/sitemap.xml")):
        assert answer.headers["Cache-Control"].startswith("public")
        lists = {"articles", "topics", "authors", "glossary"}
        assert set(answer.headers["Cache-Tag"].split(",")) == {"site", *LANGUAGES} | lists
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_files_name_their_address_as_canonical(client, site_of_one, settings):
    settings.SITE_ORIGIN = "https://health.example.org"
    for path in ("/sitemap.xml", "/sitemap-articles-1.xml", "/sitemap-lists-1.xml"):
        answer = client.get(f"{path}?utm_source=x", headers={"host": "localhost"})
        assert answer.headers["Link"] == f'<https://health.example.org{path}>; rel="canonical"'


@pytest.fixture
def settled(site_of_one, monkeypatch):
    """The site and its code changed an hour ago."""
    hour_ago = timezone.now() - datetime.timedelta(hours=1)
    monkeypatch.setattr("healthsite.freshness.last_modified", lambda: hour_ago)


@pytest.mark.parametrize("accepted", ["", "gzip", "gzip, deflate, br"])
def test_files_are_zipped_on_their_way_and_sent_only_if_they_changed(client, settled, accepted):
    path = "/sitemap-articles-1.xml"
    plain = content_of(client.get(path))
    response = client.get(path, headers={"accept-encoding": accepted})
    assert response.streaming
    assert response.headers.get("Content-Encoding", "") == ("gzip" if accepted else "")
    assert response.headers["Vary"] == "Accept-Encoding"
    assert "Content-Length" not in response.headers
    # None that could be kept: see the view.
    assert "ETag" not in response.headers
    body = content_of(response)
    assert (gzip.decompress(body) if accepted else body) == plain
    headers = {
        "accept-encoding": accepted,
        "if-modified-since": response.headers["Last-Modified"],
    }
    for ask in (client.get, client.head):
        answer = ask(path, headers=headers)
        assert (answer.status_code, answer.content) == (304, b"")
        for name in ("Link", "Vary", "Last-Modified", "Cache-Control", "Cache-Tag"):
            assert answer.headers[name] == response.headers[name], name


def test_a_change_while_a_file_is_sent_makes_it_new(client, db, monkeypatch):
    """What was sent is partly old: its date must not stand for the site as it is now."""
    monkeypatch.setattr("healthsite.freshness.code_changed_at", lambda: NOON)
    monkeypatch.setattr(sections, "CHUNK", 2)
    for _ in range(3):
        factories.make_published_article(languages=["en"])
    later = timezone.now() + datetime.timedelta(seconds=5)
    with time_machine.travel(later, tick=False):
        response = client.get("/sitemap-articles-1.xml")
        since = response.headers["Last-Modified"]
        added = factories.make_published_article(languages=["en"])
        ContentVersion.objects.update_or_create(pk=1, defaults={"changed_at": later})
        assert added.slug in content_of(response).decode()
    for wait in (0, 1, 2, 60):
        with time_machine.travel(later + datetime.timedelta(seconds=wait), tick=False):
            headers = {"if-modified-since": since}
            assert client.get("/sitemap-articles-1.xml", headers=headers).status_code == 200


def test_only_reading_is_allowed(client, site_of_one):
    for path in ("/sitemap.xml", "/sitemap-articles-1.xml"):
        assert client.head(path).status_code == 200
        assert client.post(path).status_code == 405


# The queries of Last-Modified come on top, as on every public answer.
def test_queries_do_not_grow_with_the_site(client, db, django_assert_max_num_queries):
    topics = [factories.make_topic() for _ in range(3)]
    for _ in range(4):
        factories.make_published_article(topics=topics, authors=[factories.make_author()])
        factories.make_published_article(kind="page")
    with django_assert_max_num_queries(15):
        client.get("/sitemap.xml")
    texts = {"articles": 2, "pages": 2, "logs": 2, "pagelogs": 2}
    for section, most in (texts | {"topics": 3, "authors": 4, "lists": 6}).items():
        with django_assert_max_num_queries(most):
            content_of(client.get(f"/sitemap-{section}-1.xml"))


# Pictures


@pytest.fixture
def site_of_one(db):
    return factories.make_published_article(slug="light", languages=["en"])


def keep_pictures(article, paths: list[str]) -> Publication:
    publication = Publication.objects.get(translation__article=article)
    Publication.objects.filter(pk=publication.pk).update(
        page=publication.page | {"pictures": paths}
    )
    return publication


def test_share_card_and_figures_are_named_once_with_absolute_addresses(client, site_of_one):
    publication = keep_pictures(site_of_one, ["images/b.png", "images/a & 'b'.svg", "images/b.png"])
    ShareCard.objects.create(publication=publication, wide="cards/1.png", square="s", design="1")
    images = whole_set(client)["/en/articles/light/"].images
    assert images == [
        f"{ORIGIN}/media/cards/1.png",
        f"{ORIGIN}/media/images/b.png",
        f"{ORIGIN}/media/images/a%20&%20'b'.svg".replace("&", "%26"),
    ]


def test_a_text_without_pictures_has_none(client, site_of_one):
    publication = Publication.objects.get()
    page = {key: value for key, value in publication.page.items() if key != "pictures"}
    Publication.objects.filter(pk=publication.pk).update(page=page)
    assert whole_set(client)["/en/articles/light/"].images == []


def test_pictures_have_the_address_that_other_machine_answers_give(client, site_of_one):
    data = ImageData(key="cycle", width=9, height=9, svg=factories.SVG)
    expected = picture_address(data)
    keep_pictures(site_of_one, [expected.removeprefix(f"{ORIGIN}/media/")])
    assert whole_set(client)["/en/articles/light/"].images == [expected]


def test_another_storage_gives_its_own_addresses(client, site_of_one, settings):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.InMemoryStorage",
            "OPTIONS": {"base_url": "https://files.example.net/"},
        }
    }
    keep_pictures(site_of_one, ["images/b.png"])
    assert default_storage.url("images/b.png") == "https://files.example.net/images/b.png"
    assert whole_set(client)["/en/articles/light/"].images == [
        "https://files.example.net/images/b.png"
    ]


# Writing

# What XML can hold at all; addresses hold less.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=30
)


@given(url=TEXTS, link=TEXTS, image=TEXTS)
def test_whatever_an_address_holds_comes_back(url, link, image):
    entry = Entry(url, None, (Alternate("en", link),), (image,))
    root = etree.fromstring(b"".join(write_urlset([entry])))
    assert (root.findtext("s:url/s:loc", namespaces=SPACES) or "") == url
    assert root.find("s:url/xhtml:link", SPACES).get("href") == link
    assert (root.findtext(".//image:loc", namespaces=SPACES) or "") == image


def test_a_long_file_comes_in_pieces():
    entries = [Entry(f"{ORIGIN}/{number}/", NOON) for number in range(1000)]
    pieces = list(write_urlset(iter(entries)))
    assert len(pieces) > 3
    assert max(map(len, pieces)) < len(b"".join(pieces)) / 3
    root = read(b"".join(pieces), "sitemap.xsd")
    assert [item.text for item in root.iter(f"{{{SPACES['s']}}}loc")] == [e.url for e in entries]


def test_no_page_has_more_pictures_than_are_read():
    images = tuple(f"{ORIGIN}/{number}.png" for number in range(MAX_IMAGES + 1))
    root = read(b"".join(write_urlset([Entry(f"{ORIGIN}/en/", images=images)])), "sitemap.xsd")
    assert len(root.findall(".//image:loc", SPACES)) == MAX_IMAGES


def test_the_schemas_refuse_what_the_protocol_does():
    good = b"".join(write_urlset([Entry(f"{ORIGIN}/en/", NOON)]))
    assert schema("sitemap.xsd").validate(etree.fromstring(good))
    for bad in (
        b"".join(write_urlset([])),
        b"".join(write_urlset([Entry("/en/", NOON)])),
        good.replace(b"+00:00", b""),
        good.replace(b"</url>", b"<image:title>x</image:title></url>"),
        good.replace(b"</url>", b"<loc>http://testserver/</loc></url>"),
    ):
        assert bad != good
        assert not schema("sitemap.xsd").validate(etree.fromstring(bad))
    index = schema("siteindex.xsd")
    assert index.validate(etree.fromstring(b"".join(write_index([File(f"{ORIGIN}/a.xml", NOON)]))))
    assert not index.validate(etree.fromstring(b"".join(write_index([]))))
