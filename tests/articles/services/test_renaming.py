"""An old address leads on for good, in one step, and is never given to another article."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import llms, services
from articles.models import Article, ArticleSlug, AuditEntry
from articles.models.content import LINKED_PAGES, RESERVED_SLUGS
from articles.services import EditConflict, EditorialError
from articles.structured_data import policies
from tests.conftest import ROOT
from tests.factories import make_article, make_published_article

pytestmark = pytest.mark.django_db


def old_slugs(article: Article) -> set[str]:
    return set(article.old_slugs.values_list("slug", flat=True))


def test_old_address_leads_to_the_article(client, user):
    article = make_published_article(slug="before")
    version = article.version
    renamed = services.rename(article, "after", user=user, expected_version=version)
    assert (renamed.slug, renamed.version) == ("after", version + 1)
    assert old_slugs(article) == {"before"}
    for code in ("zh-hans", "en"):
        answer = client.get(f"/{code}/articles/before/")
        assert (answer.status_code, answer["Location"]) == (301, f"/{code}/articles/after/")
        assert client.get(f"/{code}/articles/after/").status_code == 200
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.user, entry.article) == ("renamed", user, "after")
    assert entry.details == {"old": "before", "new": "after"}


def test_every_old_address_leads_there_in_one_step(client):
    article = make_published_article(slug="a")
    for slug in ("b", "c", "d"):
        services.rename(article, slug)
    for old in ("a", "b", "c"):
        assert client.get(f"/en/articles/{old}/")["Location"] == "/en/articles/d/"


def test_article_may_go_back_to_its_own_old_address(client):
    article = make_published_article(slug="a")
    services.rename(article, "b")
    services.rename(article, "a")
    assert old_slugs(article) == {"b"}
    assert client.get("/en/articles/a/").status_code == 200
    assert client.get("/en/articles/b/")["Location"] == "/en/articles/a/"


def test_same_address_is_no_rename():
    article = make_article(slug="a")
    services.rename(article, "a")
    article.refresh_from_db()
    assert (article.version, old_slugs(article)) == (0, set())
    assert not AuditEntry.objects.exists()


def test_rename_over_what_the_editor_has_not_seen_is_refused():
    article = make_article(slug="a")
    services.rename(article, "b", expected_version=0)
    with pytest.raises(EditConflict):
        services.rename(article, "c", expected_version=0)
    article.refresh_from_db()
    assert article.slug == "b"


@pytest.mark.parametrize("slug", ["", "Abc", "a b", "镁", "a--b", "a" * 81])
def test_what_is_no_address_is_refused(slug):
    article = make_article(slug="a")
    with pytest.raises(EditorialError):
        services.rename(article, slug)
    assert (Article.objects.get().slug, old_slugs(article)) == ("a", set())


def test_address_of_another_article_is_refused_now_or_before():
    article, other = make_article(slug="a"), make_article(slug="b")
    services.rename(other, "c")
    for slug in ("b", "c"):
        with pytest.raises(EditorialError, match="belongs to another article"):
            services.rename(article, slug)
    article.refresh_from_db()
    assert (article.slug, old_slugs(article), old_slugs(other)) == ("a", set(), {"b"})


@pytest.mark.parametrize("slug", RESERVED_SLUGS)
def test_site_page_cannot_take_an_address_of_the_site(slug):
    page = make_article(slug="colophon", kind="page")
    with pytest.raises(EditorialError, match="site itself"):
        services.rename(page, slug)
    page.refresh_from_db()
    assert (page.slug, old_slugs(page)) == ("colophon", set())


STEPS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from("abcdef")), max_size=10)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_renamed_no_address_leads_to_two_articles_or_to_another_redirect(steps):
    Article.objects.all().delete()
    articles = [make_article(slug=slug) for slug in "abc"]
    had = [{slug} for slug in "abc"]
    for number, slug in steps:
        try:
            services.rename(articles[number], slug)
        except EditorialError:
            assert any(slug in known for place, known in enumerate(had) if place != number)
        else:
            had[number].add(slug)
        current = set(Article.objects.values_list("slug", flat=True))
        old = set(ArticleSlug.objects.values_list("slug", flat=True))
        assert not current & old
        for article, known in zip(articles, had, strict=True):
            assert old_slugs(article) | {Article.objects.get(pk=article.pk).slug} == known


def test_pages_that_every_page_links_to_keep_their_address():
    templates = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("articles/**/templates/**/*.html")]
    linked = {
        slug
        for path in templates
        for slug in re.findall(r'{% page_url "([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert linked
    assert linked | set(llms.PAGES) | set(policies.SLUGS) == LINKED_PAGES
    for slug in LINKED_PAGES:
        page = make_article(slug=slug, kind="page")
        with pytest.raises(EditorialError):
            services.rename(page, f"{slug}-2")
        assert Article.objects.filter(slug=slug).exists()
    article = make_article(slug="light")
    assert services.rename(article, "evening-light").slug == "evening-light"
