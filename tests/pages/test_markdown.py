"""Texts as Markdown at their own addresses: everything a reader reads, and who gets it."""

import datetime
import re
from types import SimpleNamespace

import pytest
import yaml
from bs4 import NavigableString, Tag
from django.db import transaction
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from articles import services
from articles.bundles import import_bundle
from articles.disclosure import disclosure_text
from articles.markdown_views import article_as_markdown, wants_markdown
from articles.models import ArticleSlug, Publication
from tests import factories
from tests.conftest import FIXTURES
from tests.crawl import LANGUAGES, TAGS, parse, say, text_of
from tests.crawl import fetch as fetch_page

CODES = pytest.mark.parametrize("code", LANGUAGES)

# What only a page needs: drawings, ways back, the larger picture, numbers that are set otherwise,
# a link that each note repeats, and a seal beside a question.
INTERFACE = "svg, .back, .zoom, .figure-links, sup.cite, .why p > a:last-child, [aria-hidden=true]"


def split(text: str) -> tuple[dict, str]:
    """The front matter as data, and the text."""
    _nothing, head, body = text.split("---\n", 2)
    return yaml.safe_load(head), body


def fetch(client, url: str) -> SimpleNamespace:
    response = client.get(url)
    assert response.status_code == 200
    head, body = split(response.content.decode())
    return SimpleNamespace(response=response, head=head, body=body)


def squeezed(text: str) -> str:
    """Letters and figures alone, so that marks and blanks of either form do not count."""
    return re.sub(r"[\W_]+", "", text)


def runs(soup: Tag) -> list[str]:
    """Every run of words on a page, in reading order."""
    strings = (item for item in soup.descendants if type(item) is NavigableString)
    return [words for words in map(squeezed, strings) if words]


@pytest.fixture(scope="module")
def _demo_texts(django_db_setup, django_db_blocker, tmp_path_factory):
    """Every text of the demo content, its page, its Markdown and its pictures, fetched once."""
    folder = tmp_path_factory.mktemp("markdown")
    folders = {"MEDIA_ROOT": folder / "media", "DATA_DIR": folder}
    with django_db_blocker.unblock(), override_settings(**folders), transaction.atomic():
        import_bundle(FIXTURES)
        texts = [_fetched(Client(), item) for item in Publication.objects.readable().whole()]
        transaction.set_rollback(True)
    return texts


def _fetched(client: Client, publication: Publication) -> SimpleNamespace:
    translated = publication.translation
    kind, slug = translated.article.kind, translated.article.slug
    got = fetch(client, reverse(f"markdown:{kind}", args=[translated.language, slug]))
    pictures = re.findall(r"!\[.+?\]\((\S+)\)", got.body)
    return SimpleNamespace(
        publication=publication,
        document=publication.revision.as_document(),
        code=translated.language,
        kind=kind,
        html=client.get(path_of(got.head["canonical"])).content.decode(),
        history=client.get(path_of(got.head["history"])).status_code,
        pictures={address: fetch_page(client, path_of(address)).status for address in pictures},
        **vars(got),
    )


def path_of(address: str) -> str:
    return address.removeprefix("http://testserver")


def prose(text: SimpleNamespace) -> Tag:
    """What readers read of a text's stored HTML."""
    soup = parse(text.publication.body_html)
    for item in soup.select(INTERFACE):
        item.decompose()
    return soup


def words_of(text: SimpleNamespace) -> str:
    """The words of a text's Markdown without the numbers of citations and without addresses."""
    return squeezed(re.sub(r"\[\d+(?:, \d+)*\]|\[\^\d+\]|\]\([^\s)]+\)", "", text.body))


@pytest.fixture
def demo(_demo_texts):
    """The demo texts of one language."""
    return lambda code: [item for item in _demo_texts if item.code == code]


@CODES
def test_demo_content_has_articles_and_pages(demo, code):
    assert {item.kind for item in demo(code)} == {"article", "page"}


@CODES
def test_every_word_that_readers_read_is_there(demo, code):
    for text in demo(code):
        words = words_of(text)
        assert [run for run in runs(prose(text)) if run not in words] == []
        page = text.publication.page
        assert squeezed(page["title"]) in words
        assert squeezed(page["standfirst"]) in words
        assert squeezed(parse(page["edition_note_html"]).get_text()) in words


@CODES
def test_paragraphs_follow_each_other_as_on_the_page(demo, code):
    for text in demo(code):
        words, place = words_of(text), 0
        for item in prose(text).select("h2, .noted > p, p:not([class] p, li p)"):
            found = words.find(squeezed(item.get_text()), place)
            if item.find_parent("aside") is None:  # where the disclosure is moved up
                assert found >= place
                place = found


@CODES
def test_numbers_of_references_are_those_of_the_page(demo, code):
    (article,) = (item for item in demo(code) if item.publication.page["grades"])
    soup = parse(article.publication.body_html)
    on_page = [
        [int(link.get_text()) for link in mark.select("a")]
        for mark in soup.select("sup.cite:not(.cite--note)")
    ]
    references = soup.select_one(".references").extract()
    before = article.body.split(squeezed_first(references), 1)[0]
    in_text = [
        [int(number) for number in marks.split(", ")]
        for marks in re.findall(r"(?<!\\)\[(\d+(?:, \d+)*)\]", before)
    ]
    assert sorted(in_text) == sorted(on_page)
    entries = references.select("li")
    for number, entry in enumerate(entries, 1):
        (line,) = re.findall(rf"(?m)^{number}\. (.*doi:.*|.*PMID.*|.*) — ", article.body)[-1:]
        name = entry.select_one("span[lang=en]").get_text()
        assert squeezed(name)[:30] in squeezed(line)
        for link in entry.select("a[href^=http]"):
            assert link["href"] in line
    assert len(entries) == max(number for marks in on_page for number in marks)


def squeezed_first(references: Tag) -> str:
    """How the list of references starts: with the first words of its first entry."""
    return f"1. {references.select_one('li').get_text().strip()[:10]}"


@CODES
def test_no_mark_of_the_editors_and_no_markup_survives(demo, code):
    for text in demo(code):
        assert not re.search(r"\[\[|\{claim:|\[@|\[\^\D", text.body)
        # But for what Markdown itself has no other form for, and addresses with brackets.
        assert not re.search(r"<(?!!-- -->|br>|/?(?:em|strong)>|https?://)", text.body)


@CODES
def test_every_product_stands_with_its_disclosure(demo, code):
    named = [item for item in demo(code) if item.publication.page["disclosure"]]
    assert named
    for text in named:
        mention = text.document.mention
        with translation.override(code):
            disclosure = disclosure_text(mention)
        assert text.head["disclosure"] == disclosure
        plain = text.body.replace("\\", "")
        name = f"**{mention.name}**"
        assert plain.count(name) == 1
        after = plain.split(name)[1]
        assert 0 <= after.find(disclosure) < 300
        # And before the body, as on the page.
        assert plain.index(disclosure) < plain.index("\n## ")


@CODES
def test_every_picture_is_there(demo, code):
    for text in demo(code):
        figures = parse(text.publication.body_html).select("figure[id^=fig-]")
        assert len(text.pictures) == len(figures)
        assert set(text.pictures.values()) <= {200}
    assert any(text.pictures for text in demo(code))


@CODES
def test_front_matter_says_what_the_page_says(demo, code):
    for text in demo(code):
        publication, head, page = text.publication, text.head, parse(text.html)
        assert head["title"] == publication.page["title"]
        assert head["language"] == TAGS[code]
        assert page.select_one("link[rel=canonical]")["href"] == head["canonical"]
        assert text.history == 200
        assert head["version"] == publication.number
        assert head["evidence"] == publication.page["grades"]
        times = [item["datetime"] for item in page.select("time[datetime]")]
        assert head["published"].isoformat() in times
        others = [TAGS[other] for other in LANGUAGES if other != code]
        assert [item["language"] for item in head["titles"]] == others


@CODES
def test_front_matter_credits_people_as_the_byline_does(demo, code):
    for text in demo(code):
        head, page = text.head, parse(text.html)
        if text.kind == "page":
            assert not {"authors", "reviewed"} & head.keys()
            continue
        gap = "" if code == "zh-hans" else " "
        assert page.select_one(".review-line p").get_text() == gap.join(
            [head["adaptation"], head["reviewed"]]
        )
        assert page.select_one(".byline-label").get_text() == head["byline"]
        links = page.select(".byline a[href*='/authors/']")
        assert [(item["name"], path_of(item["profile"])) for item in head["authors"]] == [
            (link.get_text(), link["href"]) for link in links
        ]
        credited = {
            (item["profile"].rstrip("/").rpartition("/")[2], role)
            for item in head["authors"]
            for role in item["roles"]
        }
        frozen = text.publication.page["contributions"]
        assert credited == {(item["author"], item["role"]) for item in frozen}


@CODES
def test_keys_stand_in_a_fixed_order(site, client, code):
    head = fetch(client, f"/{code}/articles/evening-light.md").head
    assert list(head) == [
        *("title", "titles", "language", "authors", "reviewed", "published", "version", "topics"),
        *("evidence", "licence", "canonical", "history", "publisher"),
    ]
    assert head["topics"] == [f"sleep {code}"]
    assert head["licence"] == "none stated"


def test_licence_is_the_publisher_s(site, client, settings):
    settings.TEXT_LICENCE = "CC BY 4.0"
    assert fetch(client, "/en/about.md").head["licence"] == "CC BY 4.0"


@CODES
def test_text_ends_with_the_medical_disclaimer_of_the_page(site, client, code):
    page = parse(client.get(f"/{code}/articles/evening-light/").content)
    words = page.select_one(".disclaimer p").get_text()
    for url in (f"/{code}/articles/evening-light.md", f"/{code}/about.md"):
        assert fetch(client, url).body.endswith(f"\n\n{words}\n")


def test_update_moves_its_date_and_a_typing_error_does_not(db, client):
    article = factories.make_article(slug="moved")
    start = timezone.now() - datetime.timedelta(days=9)
    text = factories.make_translation(article=article, language="en")
    factories.make_publication(translation=text, live_from=start)
    for days, change, body in (
        (5, "correction", "One.\n\n## Why {#why}\n\nTwo.\n"),
        (2, "typo", "One.\n\n## Why {#why}\n\nToo.\n"),
    ):
        text.refresh_from_db()
        text.body = body
        text.save()
        factories.make_publication(
            translation=text,
            change=change,
            live_from=timezone.now() - datetime.timedelta(days=days),
            public_note="Corrected.",
        )
    got = fetch(client, "/en/articles/moved.md")
    assert got.head["published"] == timezone.localdate(start)
    assert got.head["updated"] == timezone.localdate() - datetime.timedelta(days=5)
    assert got.head["version"] == 3
    assert "Too." in got.body


def test_signed_review_says_no_more_than_the_page(db, client):
    factories.make_revised_article(slug="signed")
    for code in LANGUAGES:
        page = parse(client.get(f"/{code}/articles/signed/").content)
        got = fetch(client, f"/{code}/articles/signed.md")
        assert got.head["reviewed"] == page.select_one(".review-line p").get_text()
        assert got.head["reviewed"] in got.body


@pytest.mark.parametrize(("own", "source"), [LANGUAGES, LANGUAGES[::-1]])
def test_translation_behind_its_source_says_so(db, client, own, source):
    article = factories.make_published_article(
        slug="behind", source_language=source, languages=(source, own)
    )
    text = article.translations.get(language=source)
    text.body = factories.REVISED[source][0]
    text.save()
    factories.make_publication(translation=text, change="clarification")
    notice = parse(client.get(f"/{own}/articles/behind/").content).select_one(".lag-notice")
    (line,) = (
        line
        for line in fetch(client, f"/{own}/articles/behind.md").body.split("\n")
        if f"http://testserver/{source}/articles/behind/" in line
    )
    assert re.sub(r"\]\(\S+?\)|\[|^> ", "", line) == text_of(notice)
    assert "/behind/" not in fetch(client, f"/{source}/articles/behind.md").body


# Answers


@CODES
@pytest.mark.parametrize("path", ["articles/evening-light", "about"])
def test_answer_says_what_it_is(site, client, code, path):
    response = client.get(f"/{code}/{path}.md")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert response.headers["Content-Language"] == TAGS[code]
    assert response.headers["Link"] == f'<http://testserver/{code}/{path}/>; rel="canonical"'
    assert "Vary" not in response.headers or "Accept" not in response.headers["Vary"].split(", ")
    article = site.article if "/" in path else site.page
    assert f"article-{article.pk}" in response.headers["Cache-Tag"].split(",")
    assert client.head(f"/{code}/{path}.md").content == b""
    assert client.post(f"/{code}/{path}.md").status_code == 405


def test_answer_depends_on_its_authors_and_topics(site, client):
    tags = client.get("/en/articles/evening-light.md").headers["Cache-Tag"].split(",")
    assert {f"author-{site.author.pk}", f"topic-{site.topic.pk}", "site", "en"} < set(tags)


@CODES
def test_moved_text_leads_to_its_new_markdown(site, client, code):
    for article, old, new in (
        (site.article, "articles/evening-lamp", "articles/evening-light"),
        (site.page, "about-us", "about"),
    ):
        ArticleSlug.objects.create(article=article, slug=old.rpartition("/")[2])
        response = client.get(f"/{code}/{old}.md")
        assert response.status_code == 301
        assert response.headers["Location"] == f"/{code}/{new}.md"
        assert client.get(f"/{code}/{new}.md").status_code == 200


def test_withdrawn_text_is_gone(site, client):
    services.withdraw(site.article.translations.get(language="en"), note="Retracted.")
    assert client.get("/en/articles/evening-light.md").status_code == 410
    assert client.get("/zh-hans/articles/evening-light.md").status_code == 200
    head = fetch(client, "/zh-hans/articles/evening-light.md").head
    assert head["titles"] == []


@pytest.mark.parametrize("url", ["/en/articles/nothing.md", "/en/nothing.md", "/fr/about.md"])
def test_what_is_not_there_is_not_found(site, client, url):
    assert client.get(url).status_code == 404


def test_draft_and_text_of_another_language_or_kind_are_not_found(site, client):
    factories.make_translation(article=factories.make_article(slug="draft"), language="en")
    factories.make_published_article(slug="chinese", languages=["zh-hans"])
    later = factories.make_translation(article=factories.make_article(slug="later"), language="en")
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    factories.make_publication(translation=later, live_from=tomorrow)
    for slug in ("draft", "chinese", "later", "about"):
        assert client.get(f"/en/articles/{slug}.md").status_code == 404
    assert client.get("/en/evening-light.md").status_code == 404
    assert client.get("/zh-hans/articles/chinese.md").status_code == 200


def test_queries_stay_the_same_however_much_there_is(site, client, django_assert_num_queries):
    authors = [factories.make_author(name=f"Author {number}") for number in range(10)]
    topics = [factories.make_topic() for _number in range(5)]
    factories.make_published_article(slug="crowded", authors=authors, topics=topics)
    for url, count in (
        # The last of each asks when the content last changed, for Last-Modified.
        ("/en/articles/evening-light.md", 6),
        ("/en/articles/crowded.md", 6),
        ("/en/about.md", 2),
    ):
        with django_assert_num_queries(count):
            client.get(url)


# Content negotiation


def request_for(accept: str | None):
    headers = {} if accept is None else {"Accept": accept}
    return RequestFactory().get("/en/articles/x/", headers=headers)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, False),
        ("", False),
        ("*/*", False),
        ("text/*", False),
        ("text/html", False),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False),
        ("text/markdown", True),
        ("Text/Markdown", True),
        ("text/markdown; charset=utf-8", True),
        ("text/markdown, text/html", True),
        ("text/html, text/markdown", True),
        ("text/markdown;q=0.9, text/html;q=0.8", True),
        ("text/markdown;q=0.8, text/html;q=0.9", False),
        ("text/markdown;q=0.5, text/html", False),
        ("text/markdown, */*;q=0.1", True),
        ("text/markdown;q=0.5, */*", False),
        ("text/markdown;q=0.5, text/*;q=0.4, */*;q=0.9", True),
        ("text/markdown;q=0.5, text/html;q=0.1, */*", True),
        ("text/markdown;q=0", False),
        ("text/markdown;q=0.000, text/html;q=0", False),
        ("text/markdown;q=0.001", True),
        ("text/markdown ; q=0.7 , text/html ; q=0.7", True),
        ("text/markdown;Q=0.2,text/html;q=0.3", False),
        ('text/html;x="a,text/markdown"', False),
        ('text/html;x="a\\",text/markdown"', False),
        ('text/markdown;variant="GFM;q=0"', True),
        # What cannot be read gets the page.
        ("text/markdown;q=2", False),
        ("text/markdown;q=high", False),
        ("text/markdown;q=-1", False),
        ("text/markdown;q=0.1234", False),
        ("text/markdown;q=nan", False),
        ("text/markdown;q=", False),
        ("text/markdown, text/html;q=x", False),
        ("text/markdownx", False),
        ("x-text/markdown", False),
        (";q=1", False),
        (",,,", False),
        ("text/markdown" + ", a/b" * 1000, False),
    ],
)  # fmt: skip
def test_markdown_is_for_those_who_name_it(accept, expected):
    assert wants_markdown(request_for(accept)) is expected


@given(st.text(alphabet='text/markdownhtml*,;q=0.19" \\'))
def test_any_header_is_answered(accept):
    assert wants_markdown(request_for(accept)) in (True, False)


def test_article_as_markdown_is_for_the_address_of_the_page(site):
    with translation.override("en"):
        response = article_as_markdown(request_for("text/markdown"), "en", "evening-light")
        assert response.headers["Content-Type"].startswith("text/markdown")
        assert response.headers["Content-Location"] == "/en/articles/evening-light.md"
        services.withdraw(site.article.translations.get(language="en"), note="Retracted.")
        gone = article_as_markdown(request_for("text/markdown"), "en", "evening-light")
    assert gone.status_code == 410
    assert "Content-Location" not in gone.headers


@pytest.mark.parametrize("kind", ["text/markdown", "text/html"])
def test_address_of_an_article_gives_what_is_asked_for(site, client, kind):
    response = client.get("/en/articles/evening-light/", headers={"Accept": kind})
    assert response.headers["Content-Type"].partition(";")[0] == kind
    assert "Accept" in response.headers["Vary"].split(", ")


def test_moved_article_is_answered_alike_whatever_is_asked_for(site, client):
    """Nothing says that the answers would differ, so a cache may give one for the other."""
    services.rename(site.article, "evening-lamp")
    answers = [
        client.get("/en/articles/evening-light/", headers={"Accept": kind})
        for kind in ("text/markdown", "text/html")
    ]
    assert {(item.status_code, item.headers["Location"]) for item in answers} == {
        (301, "/en/articles/evening-lamp/")
    }


def test_interface_words_are_the_site_s(site, client):
    body = fetch(client, "/zh-hans/articles/evening-light.md").body
    assert f"## {say('zh-hans', 'Medical disclaimer')}" in body
