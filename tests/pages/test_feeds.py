"""The feeds as programs fetch them: what they hold, what they leave out, what never moves."""

import datetime
import json
from urllib.parse import urlsplit

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import services
from articles.feeds import building
from articles.feeds.building import NEWEST
from articles.models import (
    Article,
    ContentVersion,
    Publication,
    Revision,
    ShareCard,
    TopicTranslation,
)
from authors.models import AuthorTranslation
from tests import factories
from tests.crawl import LANGUAGES, TAGS, say
from tests.feeds import ATOM, checked_atom, checked_json, moment_of

both_languages = pytest.mark.parametrize("code", LANGUAGES)
PLACES = ("", "topics/sleep/", "authors/ada/")
every_place = pytest.mark.parametrize("place", PLACES, ids=["all", "topic", "author"])
NOW = datetime.datetime(2026, 11, 1, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def atom_of(client, code: str, place: str = ""):
    response = client.get(f"/feeds/{code}/{place}atom.xml")
    assert response.status_code == 200
    return checked_atom(response.content)


def json_of(client, code: str, place: str = "") -> dict:
    response = client.get(f"/feeds/{code}/{place}feed.json")
    assert response.status_code == 200
    return checked_json(response.content)


def slugs_of(client, code: str, place: str = "") -> list[str]:
    """The articles of a feed in order; both formats must agree."""
    items = json_of(client, code, place)["items"]
    entries = atom_of(client, code, place).findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [item["id"] for item in items]
    return [item["url"].rstrip("/").rpartition("/")[2] for item in items]


def contents_of(client, code: str) -> list[BeautifulSoup]:
    items = json_of(client, code)["items"]
    entries = atom_of(client, code).iter(f"{ATOM}content")
    assert [entry.text for entry in entries] == [item["content_html"] for item in items]
    return [BeautifulSoup(item["content_html"], "html.parser") for item in items]


def publish_again(article: Article, code: str, change: str, **fields) -> Publication:
    text = article.translations.get(language=code)
    for name, value in fields.items():
        setattr(text, name, value)
    text.save()
    return factories.make_publication(translation=text, change=change, public_note="Mended.")


def first_item(client, code: str = "en") -> dict:
    return json_of(client, code)["items"][0]


# The documents


@both_languages
@every_place
def test_feeds_are_valid_and_say_what_they_are(site, client, code, place):
    root, feed = atom_of(client, code, place), json_of(client, code, place)
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == TAGS[code] == feed["language"]
    assert root.findtext(f"{ATOM}title") == feed["title"]
    links = {(link.get("rel"), link.get("type")): link for link in root.findall(f"{ATOM}link")}
    assert links["alternate", "text/html"].get("href") == f"http://testserver/{code}/{place}"
    assert feed["home_page_url"] == f"http://testserver/{code}/{place}"
    assert links["self", "application/atom+xml"].get("href") == (
        f"http://testserver/feeds/{code}/{place}atom.xml"
    )
    assert links["alternate", "application/feed+json"].get("href") == feed["feed_url"]
    assert client.get(urlsplit(feed["home_page_url"]).path).status_code == 200
    assert slugs_of(client, code, place) == ["evening-light"]


@both_languages
def test_titles_tell_the_feeds_apart(site, client, code):
    titles = [json_of(client, code, place)["title"] for place in PLACES]
    assert len(set(titles)) == 3
    assert all(title.startswith(titles[0]) for title in titles)
    assert titles[2].endswith("Ada Example")


@both_languages
@every_place
@pytest.mark.parametrize(
    ("file", "media_type"),
    [("atom.xml", "application/atom+xml"), ("feed.json", "application/feed+json")],
)
def test_headers_say_type_language_address_and_what_it_depends_on(
    site, client, code, place, file, media_type
):
    address = f"/feeds/{code}/{place}{file}"
    # A browser that prefers the other language gets the very same answer.
    other = next(tag for other, tag in TAGS.items() if other != code)
    response = client.get(address, headers={"accept-language": other})
    assert response.content == client.get(address).content
    assert response.headers["Content-Type"] == f"{media_type}; charset=utf-8"
    assert response.headers["Content-Language"] == TAGS[code]
    assert response.headers["Link"] == f'<http://testserver{address}>; rel="canonical"'
    assert set(response.headers["Surrogate-Key"].split()) == {
        "site",
        code,
        "articles",
        f"article-{site.article.pk}",
        f"author-{site.author.pk}",
        f"topic-{site.topic.pk}",
    }
    assert not response.cookies
    assert "Accept-Language" not in response.headers.get("Vary", "")


def test_entry_has_everything_that_is_known(site, client, settings):
    settings.TEXT_LICENCE = "CC BY 4.0"
    publication = Publication.objects.readable().in_language("en").of_kind("article").get()
    entry = atom_of(client, "en").find(f"{ATOM}entry")
    item = first_item(client)
    links = {link.get("type"): link for link in entry.findall(f"{ATOM}link")}
    assert links["text/html"].get("href") == item["url"]
    assert item["url"] == "http://testserver/en/articles/evening-light/"
    assert links["text/html"].get("hreflang") == "en"
    assert links["text/markdown"].get("href") == "http://testserver/en/articles/evening-light.md"
    assert item["title"] == publication.page["title"]
    assert item["summary"] == entry.findtext(f"{ATOM}summary") == publication.page["standfirst"]
    assert item["authors"] == [{"name": "Ada Example", "url": "http://testserver/en/authors/ada/"}]
    assert entry.findtext(f"{ATOM}author/{ATOM}uri") == "http://testserver/en/authors/ada/"
    assert item["tags"] == ["sleep en"]
    assert entry.find(f"{ATOM}category").get("term") == "sleep"
    assert entry.findtext(f"{ATOM}rights") == "CC BY 4.0"
    assert moment_of(item["date_published"]) == publication.first_live_from.replace(microsecond=0)
    assert "image" not in item


def test_no_licence_is_claimed_where_none_was_given(site, client, settings):
    settings.TEXT_LICENCE = ""
    assert not list(atom_of(client, "en").iter(f"{ATOM}rights"))


def test_share_card_is_the_picture_of_its_entry(site, client):
    name = default_storage.save("cards/evening.png", ContentFile(b"x"))
    publication = Publication.objects.readable().in_language("en").of_kind("article").get()
    ShareCard.objects.create(publication=publication, wide=name, square=name, design="1")
    item = first_item(client)
    assert item["image"] == item["banner_image"] == f"http://testserver/media/{name}"
    link = atom_of(client, "en").find(f"{ATOM}entry/{ATOM}link[@rel='enclosure']")
    assert (link.get("href"), link.get("type")) == (item["image"], "image/png")


def test_only_authors_are_named_as_authors(site, client):
    reviewer = factories.make_author(slug="bo", name="Bo Example")
    factories.Contribution.objects.create(article=site.article, author=reviewer, role="reviewer")
    publish_again(site.article, "en", "typo", standfirst="Light may well delay sleep.")
    assert [person["name"] for person in first_item(client)["authors"]] == ["Ada Example"]
    assert slugs_of(client, "en", "authors/bo/") == ["evening-light"]


# What is in a feed, and what is not


def test_newest_twenty_come_first(site, client, many_copies):
    many_copies(site.article, NEWEST + 2)
    for revision in Revision.objects.select_related("translation__article"):
        document = {**revision.document, "slug": revision.translation.article.slug}
        Revision.objects.filter(pk=revision.pk).update(document=document)
    expected = ["evening-light", *(f"evening-light-{n:02}" for n in range(1, NEWEST))]
    for place in PLACES:
        assert slugs_of(client, "en", place) == expected


@every_place
def test_correction_of_an_old_article_reaches_its_feeds(site, client, monkeypatch, place):
    """It is what a subscriber most needs to hear of; a mended typing error is not."""
    monkeypatch.setattr(building, "NEWEST", 1)
    with time_machine.travel(NOW - 9 * DAY, tick=False):
        old = factories.make_published_article(
            slug="the-oldest", topics=[site.topic], authors=[site.author]
        )
    text = old.translations.get(language="en")
    factories.make_publication(translation=text, change="typo")
    assert "the-oldest" not in slugs_of(client, "en", place)
    factories.make_publication(
        translation=text, change="correction", public_note="The dose was wrong."
    )
    assert slugs_of(client, "en", place) == ["the-oldest"]
    assert slugs_of(client, "zh-hans", place) == ["evening-light"]


def test_site_pages_are_in_no_feed(site, client):
    assert "about" not in slugs_of(client, "en")


def test_article_is_in_the_feeds_of_its_own_languages_topics_and_authors_alone(site, client):
    factories.make_topic(slug="food")
    factories.make_author(slug="bo")
    factories.make_published_article(slug="only-chinese", languages=("zh-hans",))
    assert slugs_of(client, "en") == ["evening-light"]
    assert set(slugs_of(client, "zh-hans")) == {"evening-light", "only-chinese"}
    assert slugs_of(client, "zh-hans", "topics/sleep/") == ["evening-light"]
    assert slugs_of(client, "en", "topics/food/") == slugs_of(client, "en", "authors/bo/") == []


def test_scheduled_article_comes_at_its_time(site, client):
    with time_machine.travel(NOW, tick=False):
        factories.make_publication(live_from=NOW + DAY)
    scheduled = Article.objects.exclude(slug__in=["evening-light", "about"]).get()
    with time_machine.travel(NOW + DAY / 2, tick=False):
        assert scheduled.slug not in json.dumps(json_of(client, "zh-hans"))
    with time_machine.travel(NOW + DAY * 2, tick=False):
        assert scheduled.slug in slugs_of(client, "zh-hans")


@every_place
def test_withdrawn_article_leaves_and_comes_back(site, client, place):
    text = site.article.translations.get(language="en")
    services.withdraw(text, note="Retracted.")
    assert slugs_of(client, "en", place) == []
    assert slugs_of(client, "zh-hans", place) == ["evening-light"]
    text.refresh_from_db()
    services.undo_withdrawal(text)
    assert slugs_of(client, "en", place) == ["evening-light"]


@pytest.mark.parametrize("file", ["atom.xml", "feed.json"])
def test_feed_is_missing_where_its_page_is(site, client, file):
    TopicTranslation.objects.filter(topic=site.topic, language="en").delete()
    AuthorTranslation.objects.filter(author=site.author, language="en").delete()
    for place in ("topics/sleep/", "authors/ada/", "topics/no/", "authors/no/"):
        for code in LANGUAGES:
            page = client.get(f"/{code}/{place}").status_code
            assert client.get(f"/feeds/{code}/{place}{file}").status_code == page
    assert client.get(f"/feeds/fr/{file}").status_code == 404
    assert client.post(f"/feeds/en/{file}").status_code == 405


def test_author_whom_no_language_describes_is_not_named(site, client):
    AuthorTranslation.objects.filter(author=site.author, language="en").delete()
    assert "authors" not in first_item(client)
    entry = atom_of(client, "en").find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}author") is None


def test_empty_feed_is_as_old_as_the_last_change_of_the_site(db, client):
    factories.make_topic(slug="food")
    # PostgreSQL moves the row when the transaction ends, which in a test it never does.
    ContentVersion.objects.update_or_create(pk=1, defaults={"changed_at": NOW})
    root = atom_of(client, "en", "topics/food/")
    assert moment_of(root.findtext(f"{ATOM}updated")) == NOW


@every_place
def test_empty_feed_is_dropped_with_the_lists_that_a_new_article_changes(db, client, place):
    factories.make_topic(slug="sleep")
    factories.make_author(slug="ada")
    for file in ("atom.xml", "feed.json"):
        headers = client.get(f"/feeds/en/{place}{file}").headers
        assert {"site", "en", "articles"} <= set(headers["Cache-Tag"].split(","))


def test_feed_of_an_empty_site_says_the_same_twice(db, client):
    first = client.get("/feeds/en/atom.xml").content
    with time_machine.travel(timezone.now() + DAY):
        assert client.get("/feeds/en/atom.xml").content == first


# What moves, and what never does


def test_typing_error_moves_nothing_and_a_correction_moves_updated(site, client):
    before = first_item(client)
    with time_machine.travel(timezone.now() + DAY):
        publish_again(site.article, "en", "typo", standfirst="Light may delay falling asleep.")
        after = first_item(client)
        assert after["summary"] != before["summary"]
        assert after["date_modified"] == before["date_modified"] == before["date_published"]
    with time_machine.travel(timezone.now() + DAY * 2):
        publish_again(site.article, "en", "correction", standfirst="Light delays sleep in some.")
        corrected, root = first_item(client), atom_of(client, "en")
    assert corrected["date_published"] == before["date_published"]
    assert moment_of(corrected["date_modified"]) > moment_of(before["date_modified"]) + DAY
    assert root.findtext(f"{ATOM}updated") == corrected["date_modified"]


def test_feed_is_as_new_as_its_newest_change(site, client):
    with time_machine.travel(timezone.now() + DAY):
        newer = factories.make_published_article(slug="newer", topics=[site.topic])
    with time_machine.travel(timezone.now() + 2 * DAY):
        publish_again(site.article, "en", "evidence", standfirst="Newer evidence.")
        assert slugs_of(client, "en", "topics/sleep/") == ["evening-light", newer.slug]
        root = atom_of(client, "en", "topics/sleep/")
    dates = [entry.findtext(f"{ATOM}updated") for entry in root.iter(f"{ATOM}entry")]
    assert root.findtext(f"{ATOM}updated") == max(dates) == dates[0]


@both_languages
def test_ids_survive_renames_there_and_back(site, client, code):
    first = first_item(client, code)
    for slug in ("dusk", "twilight", "dusk", "evening-light", "nightfall"):
        site.article.refresh_from_db()
        services.rename(site.article, slug)
        publish_again(site.article, code, "typo", seo_description=f"Now at {slug}.")
        item = first_item(client, code)
        assert item["url"].endswith(f"/articles/{slug}/")
        assert item["id"] == first["id"]


def test_ids_differ_between_articles_languages_and_feeds(site, client):
    factories.make_published_article(slug="morning", topics=[site.topic])
    ids = [item["id"] for code in LANGUAGES for item in json_of(client, code)["items"]]
    ids += [
        atom_of(client, code, place).findtext(f"{ATOM}id") for code in LANGUAGES for place in PLACES
    ]
    assert len(set(ids)) == len(ids) == 10


# Full content


@both_languages
def test_content_ends_with_the_disclaimer_of_the_footer(site, client, code):
    page = BeautifulSoup(client.get(f"/{code}/articles/evening-light/").content, "html.parser")
    footer = page.select_one(".disclaimer p")
    (content,) = contents_of(client, code)
    assert content.find_all("p")[-1].text == footer.text
    assert content.find_all("h2")[-1].text == page.select_one("#disclaimer-h").text


@both_languages
def test_content_says_of_review_what_the_page_says(site, client, code):
    (content,) = contents_of(client, code)
    assert say(code, "Not independently reviewed.") in content.text


def test_content_says_how_far_a_translation_lags_behind(db, client):
    factories.make_revised_article(slug="evening-light")
    page = BeautifulSoup(client.get("/en/articles/evening-light/").content, "html.parser")
    notice = page.select_one(".lag-notice")
    (english,), (chinese,) = contents_of(client, "en"), contents_of(client, "zh-hans")
    assert notice.text in english.aside.text
    assert english.aside.a["href"] == "http://testserver/zh-hans/articles/evening-light/"
    assert not chinese.select("aside")


def test_content_says_which_version_was_signed(db, client):
    factories.make_revised_article(slug="evening-light")
    for code in LANGUAGES:
        page = BeautifulSoup(client.get(f"/{code}/articles/evening-light/").content, "html.parser")
        line = page.select_one(".review-line p").text
        (content,) = contents_of(client, code)
        assert line in [paragraph.text for paragraph in content.find_all("p")]


@both_languages
def test_demo_article_loses_no_disclosure_on_the_way(demo_site, client, code):
    article = Publication.objects.readable().of_kind("article").in_language(code).whole().get()
    (content,) = contents_of(client, code)
    words = " ".join(content.text.split())
    disclosure = " ".join(article.page["disclosure"].split())
    # Above the text and beside the product, as on the page.
    assert words.count(disclosure) == 2
    assert words.index(disclosure) < words.index(content.blockquote.text.split()[0])
    note = BeautifulSoup(article.page["edition_note_html"], "html.parser").text
    assert " ".join(note.split()) in words
    assert say(code, "Adapted by the editors.") in words


@both_languages
def test_demo_article_keeps_every_word_of_its_body(demo_site, client, code):
    article = Publication.objects.readable().of_kind("article").in_language(code).whole().get()
    body = BeautifulSoup(article.body_html, "html.parser")
    for tag in body.select("svg, [aria-hidden=true], .zoom__close, .figure-links, .back"):
        tag.decompose()
    (content,) = contents_of(client, code)
    assert "".join(body.text.split()) in "".join(content.text.split())


@both_languages
def test_demo_article_stands_on_its_own(demo_site, client, code):
    (content,) = contents_of(client, code)
    for tag in content.find_all(href=True):
        assert urlsplit(tag["href"]).scheme in {"http", "https", "mailto"}
    pictures = content.find_all("img")
    assert len(pictures) == 2
    for picture in pictures:
        assert picture["alt"].strip()
        assert picture["src"].startswith("http://testserver/media/")
        assert int(picture["width"]) > int(picture["height"]) > 0
        assert default_storage.exists(picture["src"].removeprefix("http://testserver/media/"))
    for source in content.find_all("source"):
        assert default_storage.exists(source["srcset"].removeprefix("http://testserver/media/"))
    assert not content.select("svg, style, script, wbr, [id], [class], [style]")
    assert not any(word in content.text for word in (say(code, "Enlarge"), "↩"))


@both_languages
def test_links_into_the_page_lead_to_places_that_exist(demo_site, client, code):
    (content,) = contents_of(client, code)
    url = json_of(client, code)["items"][0]["url"]
    page = BeautifulSoup(client.get(urlsplit(url).path).content, "html.parser")
    ids = {tag["id"] for tag in page.find_all(id=True)}
    inside = [tag["href"].partition("#")[2] for tag in content.select(f'a[href^="{url}#"]')]
    assert inside
    assert set(inside) <= ids


# Cost


@both_languages
@every_place
@pytest.mark.parametrize("file", ["atom.xml", "feed.json"])
def test_twenty_entries_cost_no_more_queries_than_one(site, client, many_copies, code, place, file):
    address = f"/feeds/{code}/{place}{file}"
    costs = []
    for count in (0, NEWEST + 5):
        many_copies(site.article, count)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        assert response.status_code == 200
        costs.append(len(queries))
    # Two for the entries, four for what stands beside them; one for Last-Modified.
    assert costs == [8 if place else 7] * 2
