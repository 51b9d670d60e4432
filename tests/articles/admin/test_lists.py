"""The lists of texts and articles: what rows say, what filters and search find, what they cost."""

import datetime

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import services
from articles.admin import filters
from articles.editing_queries import STATES, review_cutoff, review_due_on
from articles.models import Article, ArticleTranslation
from tests.articles.admin.conftest import MANAGER, REVIEWER, TRANSLATOR, WRITER
from tests.factories import (
    make_article,
    make_author,
    make_publication,
    make_published_article,
    make_topic,
    make_translation,
)

pytestmark = pytest.mark.django_db

TEXTS = "/admin/articles/articletranslation/"
ARTICLES = "/admin/articles/article/"
DAY = datetime.timedelta(days=1)


def found(client, address: str, query: str = "") -> set:
    """Primary keys in a list."""
    page = client.get(f"{address}?{query}")
    assert page.status_code == 200
    return {item.pk for item in page.context["cl"].result_list}


def save(text: ArticleTranslation, **fields) -> ArticleTranslation:
    """Change a text and save it at the desk."""
    text.refresh_from_db()
    for name, value in fields.items():
        setattr(text, name, value)
    text.save()
    services.save_revision(text)
    return text


def one_in_each_state() -> dict[str, ArticleTranslation]:
    texts = {state: make_translation() for state in STATES}
    for state in ("published", "changed", "withdrawn"):
        services.publish(texts[state], change="first")
    services.publish(texts["scheduled"], change="first", live_from=timezone.now() + DAY)
    save(texts["changed"], standfirst="另一句话。")
    services.withdraw(texts["withdrawn"], note="A reason.")
    return texts


def test_every_text_is_in_the_one_state_it_is_in(client_for):
    texts = one_in_each_state()
    client = client_for(WRITER)
    for state, text in texts.items():
        assert found(client, TEXTS, f"state={state}") == {text.pk}


def test_text_that_says_again_what_was_published_has_not_changed():
    text = make_publication().translation
    before = text.standfirst
    save(text, standfirst="另一句话。")
    save(text, standfirst=before)
    assert ArticleTranslation.objects.in_state("published").get() == text


def test_published_text_with_a_schedule_is_scheduled():
    text = make_publication().translation
    services.publish(text, change="typo", live_from=timezone.now() + DAY)
    assert ArticleTranslation.objects.with_state().get().state == "scheduled"


def test_state_moves_with_the_clock():
    text = make_translation()
    now = timezone.now()
    services.publish(text, change="first", live_from=now + DAY)
    states = [ArticleTranslation.objects.with_state(at).get().state for at in (now, now + 2 * DAY)]
    assert states == ["scheduled", "published"]


def test_staleness_is_told_from_the_source_alone(client_for):
    article = make_article()
    source = make_translation(article=article, language="zh-hans")
    services.save_revision(source)
    text = make_translation(article=article, language="en")
    services.save_revision(text)
    lonely = make_translation(language="en")
    services.save_revision(lonely)
    client = client_for(WRITER)
    assert found(client, TEXTS, "staleness=behind") == set()
    assert found(client, TEXTS, "staleness=current") == {text.pk}
    save(source, body=source.body + "\n又一段。\n")
    assert found(client, TEXTS, "staleness=behind") == {text.pk}
    assert found(client, TEXTS, "staleness=current") == set()
    assert found(client, TEXTS, "staleness=source") == {source.pk}


@pytest.mark.parametrize(
    ("checks", "stops", "warnings"),
    [("stops", 1, 0), ("warnings", 0, 2), ("clear", 0, 0), ("unchecked", None, None)],
)
def test_checks_filter_goes_by_what_was_found_last(client_for, checks, stops, warnings):
    text, other = make_translation(), make_translation()
    ArticleTranslation.objects.filter(pk=other.pk).update(
        stop_count=None if checks != "unchecked" else 0, warning_count=0
    )
    ArticleTranslation.objects.filter(pk=text.pk).update(stop_count=stops, warning_count=warnings)
    assert found(client_for(WRITER), TEXTS, f"checks={checks}") == {text.pk}


def test_topic_author_and_kind_narrow_both_lists(client_for):
    author, topic = make_author(), make_topic()
    wanted = make_article(topics=[topic], authors=[author])
    other = make_article(kind="page", topics=[make_topic()], authors=[make_author()])
    text, _other = make_translation(article=wanted), make_translation(article=other)
    client = client_for(WRITER)
    for query in (f"topic={topic.slug}", f"author={author.slug}"):
        assert found(client, TEXTS, query) == {text.pk}
        assert found(client, ARTICLES, query) == {wanted.pk}
    assert found(client, TEXTS, "article__kind__exact=article") == {text.pk}


def test_missing_language_is_found(client_for):
    whole, half = make_published_article(), make_translation().article
    client = client_for(WRITER)
    assert found(client, ARTICLES, "languages=missing") == {half.pk}
    assert found(client, ARTICLES, "languages=complete") == {whole.pk}


def test_mine_means_mine(client_for, account_of):
    text = make_translation()
    services.save_revision(text, user=account_of(WRITER))
    later = make_translation()
    services.save_revision(later, user=account_of(WRITER))
    later.title = "别的"
    later.save()
    services.save_revision(later, user=account_of(MANAGER))
    assert found(client_for(WRITER), TEXTS, "mine=saved") == {text.pk}
    assert found(client_for(MANAGER), TEXTS, "mine=saved") == {later.pk}


def test_editable_splits_the_list_in_two(client_for):
    article = make_article()
    source = make_translation(article=article, language="zh-hans")
    text = make_translation(article=article, language="en")
    client = client_for(TRANSLATOR)
    assert found(client, TEXTS, "mine=editable") == {text.pk}
    assert found(client, TEXTS, "mine=not_editable") == {source.pk}
    assert found(client_for(REVIEWER), TEXTS, "mine=editable") == set()


@pytest.mark.parametrize("word", ["magnesium-title", "standfirst-word", "body-word", "a-slug-word"])
def test_search_looks_into_title_address_standfirst_and_body(client_for, word):
    text = make_translation(
        article=make_article(slug="a-slug-word"),
        title="magnesium-title",
        standfirst="standfirst-word",
        body="body-word",
    )
    make_translation()
    assert found(client_for(WRITER), TEXTS, f"q={word}") == {text.pk}


def test_nonsense_in_the_address_is_no_error(client_for):
    make_translation()
    client = client_for(WRITER)
    for query in ("state=%27", "mine=x", "checks=9", "topic=none", "author=none", "p=9999"):
        assert client.get(f"{TEXTS}?{query}").status_code in {200, 302}


def test_reviewer_column_says_who_was_asked_and_who_signed(client_for, account_of):
    author = make_author(user=account_of(REVIEWER), name="Rewi Reader")
    text = make_translation()
    revision = services.save_revision(text)
    services.request_review(text, reviewer=author)
    client = client_for(WRITER)

    def column() -> str:
        soup = BeautifulSoup(client.get(TEXTS).content, "html.parser")
        return soup.select_one("td.field-reviewer").get_text(" ", strip=True)

    assert column() == "Rewi Reader asked"
    services.sign_review(
        text, revision, content_hash=revision.content_hash, user=account_of(REVIEWER)
    )
    assert column() == "Rewi Reader signed"
    save(text, standfirst="另一句话。")
    assert column() == "Rewi Reader signed an earlier text"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_languages_are_named_in_themselves_and_marked(client_for, language):
    make_translation(language="zh-hans")
    soup = BeautifulSoup(client_for(WRITER, language).get(TEXTS).content, "html.parser")
    cell = soup.select_one("td.field-own_language span")
    assert (cell["lang"], cell.text) == ("zh-Hans", "简体中文")
    assert soup.select_one("th.field-headline span")["lang"] == "zh-Hans"


def test_row_of_an_article_shows_each_language_with_its_state(client_for):
    article = make_article()
    make_publication(translation=make_translation(article=article, language="en"))
    soup = BeautifulSoup(client_for(WRITER).get(ARTICLES).content, "html.parser")
    chinese, english = soup.select("td.field-texts .pair")
    assert chinese.select_one(".mark--missing")
    assert english.select_one("a .mark--published")


@pytest.mark.parametrize("address", [TEXTS, ARTICLES])
def test_queries_do_not_grow_with_the_list(client_for, address):
    client = client_for(MANAGER)

    def queries(rows: int) -> int:
        while Article.objects.count() < rows:
            topic = make_topic()
            make_published_article(topics=[topic], authors=[make_author()])
        with CaptureQueriesContext(connection) as context:
            assert client.get(address).status_code == 200
        return len(context)

    assert queries(3) == queries(20)


def test_every_state_has_a_name():
    assert set(filters.STATE_LABELS) == set(STATES)


# When a review is due


@pytest.mark.parametrize("months", [1, 6, 12, 18])
def test_cutoff_is_where_the_due_day_has_passed(settings, months):
    settings.REVIEW_AFTER_MONTHS = months
    day = datetime.date(2027, 1, 1)
    while day < datetime.date(2028, 4, 1):
        cutoff = review_cutoff(day)
        assert review_due_on(cutoff) >= day
        assert review_due_on(cutoff - datetime.timedelta(hours=1)) < day
        day += DAY


def test_due_day_of_a_short_month_is_its_last(settings):
    settings.REVIEW_AFTER_MONTHS = 6
    last = timezone.make_aware(datetime.datetime(2026, 8, 31, 12))
    assert review_due_on(last) == datetime.date(2027, 2, 28)
