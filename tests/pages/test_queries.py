"""How many queries a page costs when nothing is cached, and that long lists cost no more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import services
from tests import factories
from tests.crawl import LANGUAGES

# One of them asks when the content last changed, for Last-Modified; one more on pages with JSON-LD
# asks which policies of the publisher are published, and one on lists whether the other language
# has anything to list.
LIMITS = {
    "/": 0,
    "/{}/": 9,
    "/{}/articles/evening-light/": 7,
    "/{}/articles/evening-light/history/": 5,
    "/{}/articles/evening-light/history/1/": 6,
    "/{}/articles/evening-light/history/1..1/": 4,
    "/{}/about/": 3,
    "/{}/about/history/": 5,
    "/{}/about/history/1/": 3,
    "/{}/about/history/1..1/": 4,
    "/{}/topics/": 4,
    "/{}/topics/sleep/": 6,
    "/{}/authors/": 5,
    "/{}/authors/ada/": 8,
    "/{}/search/": 2,
    "/{}/search/?q=light": 5,
    "/{}/glossary/": 5,
    "/{}/style-guide/": 0,
    # Nothing readable, no old address, not withdrawn: three questions before the answer is no.
    "/{}/articles/nothing/": 3,
    "/{}/nothing/": 3,
    "/{}/no/such/address/": 0,
    "/{}/articles/gone/": 3,
}
# Lists that grow with the number of articles, and what may stand beside them.
LISTS = ("/{}/", "/{}/topics/", "/{}/topics/sleep/", "/{}/authors/", "/{}/authors/ada/")


def count(client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


@pytest.mark.parametrize("path", LIMITS)
def test_page_costs_no_more_queries_than_its_limit(site, client, path):
    author = factories.make_author(slug="bo")
    factories.make_registration(author=site.author)
    factories.make_registration(author=author)
    gone = factories.make_published_article(slug="gone", authors=[author])
    for translation in gone.translations.all():
        services.withdraw(translation, note="Retracted.")
    for code in LANGUAGES:
        assert count(client, path.format(code)) <= LIMITS[path]


@pytest.mark.parametrize("path", LISTS)
def test_list_costs_the_same_with_four_articles_and_with_fifty(site, client, many_copies, path):
    # Four, because a home page with fewer also introduces the authors.
    many_copies(site.article, 3)
    few = count(client, path.format("en"))
    many_copies(factories.make_published_article(topics=[site.topic], authors=[site.author]), 46)
    assert count(client, path.format("en")) == few
    assert few <= 9


def test_list_costs_the_same_with_one_author_and_with_thirty(site, client):
    factories.make_registration(author=site.author)
    few = [count(client, path) for path in ("/en/authors/", "/en/", "/en/glossary/")]
    for number in range(30):
        author = factories.make_author(name=f"Author {number}")
        factories.make_registration(author=author)
        factories.make_term(key=f"term-{number}")
    assert [count(client, path) for path in ("/en/authors/", "/en/", "/en/glossary/")] == few


def test_article_costs_the_same_with_many_authors_topics_and_neighbours(client, site, many_copies):
    many_copies(site.article, 20)
    authors = [factories.make_author(name=f"Author {number}") for number in range(10)]
    for author in authors:
        factories.make_registration(author=author)
    factories.make_published_article(
        slug="crowded", authors=authors, topics=[site.topic, factories.make_topic()]
    )
    assert count(client, "/en/articles/crowded/") == 7


def test_first_answer_costs_what_the_second_does(site, client):
    """Nothing is kept in the process that would hide the true cost from the other tests."""
    first = count(client, "/en/articles/evening-light/")
    assert count(client, "/en/articles/evening-light/") == first
