"""What a page says about itself: title, description, canonical address, alternates, languages."""

import re
from collections import Counter

import pytest

from articles import services
from tests import factories
from tests.crawl import LANGUAGES, TAGS, language_of, parse, text_of

NOINDEX = {f"/{code}/{page}/" for code in LANGUAGES for page in ("style-guide", "search")}
# One version as it was published: its true address is that of the text.
VERSION = re.compile(r"^(?P<text>.*/)history/\d+/\Z")

both_languages = pytest.mark.parametrize("code", LANGUAGES)


def head_of(client, path: str, **extra) -> dict:
    soup = parse(client.get(path, **extra).content)
    robots = soup.find("meta", attrs={"name": "robots"})
    canonical = soup.find("link", rel="canonical")
    return {
        "robots": robots and robots["content"],
        "canonical": canonical and canonical["href"],
        "alternates": {
            link["hreflang"]: link["href"] for link in soup.find_all("link", hreflang=True)
        },
        "switch": {a["hreflang"]: a["href"] for a in soup.select(".lang-switch a")},
    }


# Every page of the demo site


def test_every_page_has_one_heading_of_level_one_and_one_main(demo_pages):
    for page in demo_pages.values():
        headings = page.soup.find_all("h1")
        assert len(headings) == 1, page.url
        assert text_of(headings[0]), page.url
        assert len(page.soup.find_all("main")) == 1, page.url
        assert headings[0].find_parent("main"), page.url


def test_heading_levels_are_never_skipped(demo_pages):
    for page in demo_pages.values():
        level = 0
        for heading in page.soup.find_all(["h1", "h2", "h3", "h4", "h5", "h6"]):
            assert int(heading.name[1]) <= level + 1, (page.url, heading)
            level = int(heading.name[1])


def test_every_page_says_the_language_of_its_address(demo_pages):
    for page in demo_pages.values():
        assert page.soup.html["lang"] == TAGS.get(page.language, "zh-Hans"), page.url


def test_titles_and_descriptions_are_unique_and_not_empty(demo_pages):
    titles = Counter(text_of(page.soup.title) for page in demo_pages.values())
    assert titles.total() == len(demo_pages)
    assert [title for title, times in titles.items() if times > 1 or not title] == []
    descriptions = Counter(
        page.soup.find("meta", attrs={"name": "description"})["content"]
        for page in demo_pages.values()
        if page.url not in NOINDEX | {"/"} and not VERSION.match(page.url)
    )
    assert [text for text, times in descriptions.items() if times > 1 or not text.strip()] == []


def test_title_names_the_page_first_and_the_site_after_it(demo_pages):
    names = {"zh-hans": "有据 Wellgrounded", "en": "Wellgrounded 有据"}
    for page in demo_pages.values():
        title, name = text_of(page.soup.title), names.get(page.language, names["zh-hans"])
        if page.url in {"/zh-hans/", "/en/"}:
            assert title == name
        else:
            assert title.endswith(f" | {name}"), page.url
            assert len(title) > len(f" | {name}"), page.url


def test_every_page_is_its_own_canonical_unless_it_is_kept_out_of_indexes(demo_pages):
    for page in demo_pages.values():
        canonical = page.soup.find_all("link", rel="canonical")
        robots = page.soup.find("meta", attrs={"name": "robots"})
        if page.url in NOINDEX or VERSION.match(page.url):
            assert robots["content"] == "noindex"
            # Search engines take a canonical address beside noindex for a mistake.
            assert canonical == []
            assert not page.soup.find_all("link", hreflang=True)
        else:
            assert robots["content"] == "max-image-preview:large", page.url
            assert [link["href"] for link in canonical] == [f"http://testserver{page.url}"]


def test_alternates_are_reciprocal_and_list_the_page_itself(demo_pages):
    origin = "http://testserver"
    for page in demo_pages.values():
        links = page.soup.find_all("link", hreflang=True)
        if not links:
            continue
        alternates = {link["hreflang"]: link["href"].removeprefix(origin) for link in links}
        assert set(alternates) == {"zh-Hans", "zh", "en", "x-default"}, page.url
        assert len(links) == 4
        assert page.url in alternates.values()
        for tag, url in alternates.items():
            other = demo_pages[url]
            assert other.status == 200
            back = {
                link["hreflang"]: link["href"].removeprefix(origin)
                for link in other.soup.find_all("link", hreflang=True)
            }
            assert back == alternates, (page.url, url)
            if tag != "x-default":
                assert other.soup.html["lang"].startswith(tag)


def test_both_languages_of_the_demo_site_hold_the_same_pages(demo_pages):
    chinese = {url.removeprefix("/zh-hans/") for url in demo_pages if url.startswith("/zh-hans/")}
    english = {url.removeprefix("/en/") for url in demo_pages if url.startswith("/en/")}
    assert chinese == english


# Where addresses come from


@both_languages
def test_canonical_address_comes_from_the_settings_and_never_from_the_request(
    site, client, settings, code
):
    settings.SITE_ORIGIN = "https://health.example.org"
    settings.ALLOWED_HOSTS = ["*"]
    path = f"/{code}/articles/evening-light/"
    response = client.get(
        path, headers={"host": "evil.example", "x-forwarded-host": "evil.example"}
    )
    assert b"evil.example" not in response.content
    head = head_of(client, path, headers={"host": "evil.example"})
    assert head["canonical"] == f"https://health.example.org{path}"
    assert head["alternates"] == {
        "zh-Hans": "https://health.example.org/zh-hans/articles/evening-light/",
        "zh": "https://health.example.org/zh-hans/articles/evening-light/",
        "en": "https://health.example.org/en/articles/evening-light/",
        "x-default": "https://health.example.org/zh-hans/articles/evening-light/",
    }


@both_languages
def test_default_of_the_home_page_is_the_language_choice(site, client, code):
    head = head_of(client, f"/{code}/")
    assert head["canonical"] == f"http://testserver/{code}/"
    assert head["alternates"]["x-default"] == "http://testserver/"
    assert head_of(client, "/")["canonical"] == "http://testserver/"
    assert head_of(client, "/")["alternates"] == head["alternates"]


@both_languages
@pytest.mark.parametrize(("kind", "path"), [("article", "/{}/articles/one/"), ("page", "/{}/one/")])
def test_only_published_languages_are_offered(db, client, kind, path, code):
    factories.make_published_article(slug="one", kind=kind, languages=[code])
    head = head_of(client, path.format(code))
    assert head["canonical"] == f"http://testserver{path.format(code)}"
    assert head["alternates"] == {}
    assert head["switch"] == {TAGS[code]: path.format(code)}


def test_withdrawn_language_is_no_longer_offered(site, client):
    services.withdraw(site.article.translations.get(language="zh-hans"), note="误译")
    head = head_of(client, "/en/articles/evening-light/")
    assert head["alternates"] == {}
    assert head["switch"] == {"en": "/en/articles/evening-light/"}


@both_languages
@pytest.mark.parametrize("path", ["/{}/articles/nothing/", "/{}/nothing/", "/{}/a/b/c/"])
def test_error_page_is_kept_out_of_indexes_and_names_no_address(site, client, path, code):
    head = head_of(client, path.format(code))
    assert head["robots"] == "noindex"
    assert head["canonical"] is None
    assert head["alternates"] == {}


@both_languages
def test_page_that_offers_the_other_language_is_kept_out_of_indexes(db, client, code):
    other = next(item for item in LANGUAGES if item != code)
    factories.make_published_article(slug="one", languages=[other])
    head = head_of(client, f"/{code}/articles/one/")
    assert (head["robots"], head["canonical"], head["alternates"]) == ("noindex", None, {})


# Lists in pages

LISTS = ("/{}/", "/{}/topics/sleep/", "/{}/authors/ada/")


@pytest.mark.parametrize("path", LISTS)
def test_first_page_of_a_list_is_canonical_without_its_number(site, client, path):
    for query in ("", "?page=1", "?utm_source=x"):
        head = head_of(client, path.format("en") + query)
        assert head["canonical"] == f"http://testserver{path.format('en')}"
        assert set(head["alternates"]) == {"zh-Hans", "zh", "en", "x-default"}


@pytest.mark.parametrize("path", LISTS)
def test_later_page_of_a_list_is_canonical_and_leads_to_the_whole_list_of_the_other_language(
    site, client, many_copies, path
):
    """Its counterpart in the other language may not exist: there may be fewer articles."""
    english = factories.make_published_article(
        languages=["en"], topics=[site.topic], authors=[site.author]
    )
    many_copies(english, 14)
    head = head_of(client, f"{path.format('en')}?page=2&utm_source=x")
    assert head["canonical"] == f"http://testserver{path.format('en')}?page=2"
    assert head["alternates"] == {}
    assert head["switch"] == {
        "en": f"{path.format('en')}?page=2",
        "zh-Hans": path.format("zh-hans"),
    }
    for address in head["switch"].values():
        assert client.get(address).status_code == 200


# Words of the other language


@both_languages
def test_words_of_the_other_language_are_marked(site, client, many_copies, code):
    many_copies(site.article, 3)
    other = next(item for item in LANGUAGES if item != code)
    places = {
        f"/{code}/articles/evening-light/": "hgroup .other",
        f"/{code}/": ".masthead .other",
        f"/{code}/topics/sleep/": ".article-card .other",
        f"/{code}/authors/ada/": ".article-card .other",
        f"/{code}/glossary/": "dt .other",
    }
    for path, place in places.items():
        soup = parse(client.get(path).content)
        for selector in (place, ".wordmark small", ".site-footer .small span"):
            marked = soup.select(selector)
            assert marked, (path, selector)
            assert {language_of(tag) for tag in marked} == {TAGS[other]}, (path, selector)
        for link in soup.select(".lang-switch a"):
            assert link["lang"] == link["hreflang"]


def test_both_languages_of_a_motto_are_in_their_own_words(site, client):
    soup = parse(client.get("/zh-hans/").content)
    assert soup.select_one(".masthead .other")["lang"] == "en"
    assert text_of(soup.h1) != text_of(soup.select_one(".masthead .other"))
    english = parse(client.get("/en/").content)
    assert text_of(english.h1) == text_of(soup.select_one(".masthead .other"))
    assert text_of(english.select_one(".masthead .other")) == text_of(soup.h1)


@both_languages
def test_error_page_speaks_both_languages_and_marks_the_second(db, client, code):
    soup = parse(client.get(f"/{code}/nothing/").content)
    sections = soup.main.find_all("section")
    languages = [language_of(section) for section in sections]
    other = next(item for item in LANGUAGES if item != code)
    assert languages == [TAGS[code], TAGS[other]]
    assert text_of(sections[0].p) != text_of(sections[1].p)
    for section, language in zip(sections, (code, other), strict=True):
        assert all(a["href"].startswith(f"/{language}/") for a in section.find_all("a"))
