"""What a shared link shows: Open Graph, cards, feeds and Markdown in the head."""

import datetime
from dataclasses import replace
from io import BytesIO

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from PIL import Image

from articles import services
from articles.models import Publication
from articles.share_cards import make_card, make_missing_cards, storing
from healthsite.metadata import Preload, page_meta
from tests import factories
from tests.crawl import LANGUAGES, TAGS, parse

both_languages = pytest.mark.parametrize("code", LANGUAGES)
LOCALES = {"zh-hans": "zh_CN", "en": "en_GB"}


@pytest.fixture
def cards(site):
    storing._site_card.cache_clear()
    make_missing_cards()
    return site


def properties(client, path: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag in parse(client.get(path).content).head.find_all("meta", property=True):
        found.setdefault(tag["property"], []).append(tag["content"])
    return found


@both_languages
def test_article_shows_its_own_card_and_a_square_one_for_wechat(cards, client, code):
    path = f"/{code}/articles/evening-light/"
    found = properties(client, path)
    assert found["og:image:width"] == ["1200", "300"]
    assert found["og:image:height"] == ["630", "300"]
    sizes = []
    for address in found["og:image"]:
        assert address.startswith("http://testserver/media/share/evening-light-")
        answer = client.get(address.removeprefix("http://testserver"))
        assert answer.headers["Content-Type"] == found["og:image:type"][0]
        with Image.open(BytesIO(b"".join(answer.streaming_content))) as picture:
            sizes.append(picture.size)
        answer.close()
    assert sizes == [(1200, 630), (300, 300)]
    wide, square = found["og:image:alt"]
    assert factories.TITLES[code] in wide
    assert "Ada Example" in wide
    # It shows a seal and no words.
    assert factories.TITLES[code] not in square
    assert settings.SITE_NAMES[code] in square


def test_what_could_not_be_drawn_is_not_said_of_the_picture(cards, client, site):
    text = factories.make_translation(
        article=factories.make_article(slug="sun", authors=[site.author]), title="Sun 🌞 and bones"
    )
    make_card(factories.make_publication(translation=text))
    wide, _square = properties(client, "/zh-hans/articles/sun/")["og:image:alt"]
    assert wide == settings.SITE_NAMES["zh-hans"]


@both_languages
def test_article_says_its_language_dates_people_and_topic(cards, client, code):
    found = properties(client, f"/{code}/articles/evening-light/")
    own = Publication.objects.get(
        translation__article__slug="evening-light", translation__language=code
    )
    assert found["og:type"] == ["article"]
    assert found["og:locale"] == [LOCALES[code]]
    assert found["og:locale:alternate"] == [value for key, value in LOCALES.items() if key != code]
    assert found["article:published_time"] == [own.first_live_from.isoformat(timespec="seconds")]
    assert found["article:modified_time"] == found["article:published_time"]
    assert found["article:author"] == [f"http://testserver/{code}/authors/ada/"]
    assert len(found["article:section"]) == 1
    assert found["og:url"] == [f"http://testserver/{code}/articles/evening-light/"]


def test_correction_moves_the_date_and_a_typing_error_does_not(cards, client):
    text = cards.article.translations.get(language="en")
    path = "/en/articles/evening-light/"
    before = properties(client, path)["article:modified_time"]
    later = timezone.now() + datetime.timedelta(seconds=1)
    for change, moves in (("typo", False), ("correction", True)):
        text.body += f"\n\nMended: {change}."
        text.save()
        services.publish(
            text, change=change, public_note="Mended.", updated_at=later if moves else None
        )
        assert (properties(client, path)["article:modified_time"] != before) is moves, change


@pytest.mark.parametrize(
    "path", ["/", "/en/", "/zh-hans/topics/", "/en/authors/ada/", "/en/glossary/"]
)
def test_page_without_a_text_shows_the_card_of_the_site(cards, client, path):
    found = properties(client, path)
    assert found["og:image:width"] == ["1200", "300"]
    for address in found["og:image"]:
        assert "/media/share/site-" in address
        answer = client.get(address.removeprefix("http://testserver"))
        assert answer.status_code == 200
        answer.close()


def test_card_that_is_not_drawn_yet_is_stood_in_for(site, client):
    assert "/share/site-en-" in properties(client, "/en/articles/evening-light/")["og:image"][0]


@pytest.mark.parametrize("path", ["/en/nothing/", "/en/search/", "/en/style-guide/"])
def test_page_out_of_indexes_says_nothing_to_share(cards, client, path):
    assert properties(client, path) == {}


@both_languages
def test_feeds_and_markdown_are_announced_and_are_there(cards, client, code):
    for path, most in (
        ("", 2),
        ("articles/evening-light/", 3),
        ("topics/sleep/", 4),
        ("about/", 3),
    ):
        head = parse(client.get(f"/{code}/{path}").content).head
        links = [tag for tag in head.find_all("link", rel="alternate") if tag.get("type")]
        assert len(links) == most, path
        for link in links:
            answer = client.get(link["href"])
            assert answer.status_code == 200, link
            assert answer.headers["Content-Type"].startswith(link["type"]), link
            assert answer.headers["Content-Language"] == TAGS[code]
            assert link["title"]


@both_languages
def test_language_that_is_not_published_is_not_announced(db, client, code):
    factories.make_published_article(slug="one", languages=[code])
    assert "og:locale:alternate" not in properties(client, f"/{code}/articles/one/")


def test_first_picture_is_announced():
    meta = replace(
        page_meta("en", "x", paths={"en": "/en/x/"}),
        preload=Preload("/media/a-400.avif 400w", "100vw", "image/avif"),
    )
    link = parse(render_to_string("includes/head.html", {"meta": meta})).find(rel="preload")
    assert link["imagesrcset"] == "/media/a-400.avif 400w"
    assert (link["as"], link["type"], link["fetchpriority"]) == ("image", "image/avif", "high")


# A closed site


@pytest.mark.parametrize(
    "path", ["/en/", "/en/articles/evening-light/", "/feeds/en/atom.xml", "/robots.txt"]
)
def test_closed_site_says_noindex_on_every_answer(cards, client, settings, path):
    assert "X-Robots-Tag" not in client.get(path).headers
    settings.IS_CLOSED = True
    answer = client.get(path)
    assert answer.headers["X-Robots-Tag"] == "noindex"
    if path.startswith("/en/"):
        assert parse(answer.content).find("meta", attrs={"name": "robots"})["content"] == "noindex"


# What a page depends on


def test_tags_name_what_a_page_depends_on(site, client):
    tags = client.get("/en/articles/evening-light/").headers["Cache-Tag"].split(",")
    own = {"site", "en", f"article-{site.article.pk}", f"author-{site.author.pk}", "topics"}
    # A new article may be named at its end.
    assert set(tags) == own | {"articles"}
    for path, expected in {
        "/en/": {"articles", f"article-{site.article.pk}"},
        "/en/topics/sleep/": {f"topic-{site.topic.pk}", "articles"},
        "/en/authors/ada/": {f"author-{site.author.pk}", "articles"},
        "/en/glossary/": {"glossary"},
        "/feeds/en/atom.xml": {"articles", f"article-{site.article.pk}"},
        "/feeds/zh-hans/authors/ada/feed.json": {"articles", f"author-{site.author.pk}"},
    }.items():
        headers = client.get(path).headers
        assert expected <= set(headers["Surrogate-Key"].split()), path
        assert headers["Cache-Tag"].split(",") == headers["Surrogate-Key"].split()
