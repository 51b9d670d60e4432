"""What the public may see: one rule, asked from two sides."""

import datetime
import itertools

import pytest
import time_machine

from articles import services
from articles.models import (
    Article,
    ArticleTranslation,
    Contribution,
    GlossaryTerm,
    GlossaryTermTranslation,
    Publication,
    TopicTranslation,
)
from tests.factories import (
    make_article,
    make_author,
    make_publication,
    make_published_article,
    make_term,
    make_topic,
    make_translation,
)

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 5, 1, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def publish_again(text: ArticleTranslation, **fields) -> Publication:
    return services.publish(text, **{"change": "clarification", **fields})


def make_draft() -> ArticleTranslation:
    text = make_translation()
    services.save_revision(text)
    return text


def make_scheduled() -> ArticleTranslation:
    return make_publication(live_from=NOON + DAY).translation


def make_withdrawn() -> ArticleTranslation:
    text = make_publication().translation
    services.withdraw(text, note="数据有误。")
    return text


def make_restored() -> ArticleTranslation:
    text = make_withdrawn()
    services.undo_withdrawal(text)
    return text


def make_live() -> ArticleTranslation:
    return make_publication().translation


def make_rescheduled() -> ArticleTranslation:
    """Scheduled at first, then published at once."""
    text = make_scheduled()
    publish_again(text)
    return text


def make_with_a_scheduled_change() -> ArticleTranslation:
    text = make_live()
    publish_again(text, live_from=NOON + DAY)
    return text


HIDDEN = [make_draft, make_scheduled, make_withdrawn]
PUBLIC = [make_live, make_restored, make_rescheduled, make_with_a_scheduled_change]


# Who is seen


@pytest.mark.parametrize("make", HIDDEN)
def test_text_that_is_not_public_is_in_neither_set(make):
    make()
    assert not ArticleTranslation.objects.published().exists()
    assert not Publication.objects.readable().exists()


@pytest.mark.parametrize("make", PUBLIC)
def test_public_text_is_in_both_sets_once(make):
    text = make()
    assert list(ArticleTranslation.objects.published()) == [text]
    assert [item.translation for item in Publication.objects.readable()] == [text]


@pytest.mark.parametrize("later", [-2 * DAY, datetime.timedelta(0), DAY, 9 * DAY])
def test_published_and_readable_agree_at_any_time(later):
    for make, _repeat in itertools.product([*HIDDEN, *PUBLIC], range(2)):
        make()
    at = NOON + later
    texts = set(ArticleTranslation.objects.published(at=at))
    assert {item.translation for item in Publication.objects.readable(at=at)} == texts
    expected = {-2 * DAY: 0, datetime.timedelta(0): 8, DAY: 10, 9 * DAY: 10}
    assert len(texts) == expected[later]
    assert Publication.objects.readable(at=at).count() == len(texts)


def test_time_is_now_unless_it_is_given(clock):
    make_scheduled()
    assert not Publication.objects.readable().exists()
    assert not ArticleTranslation.objects.published().exists()
    assert not Publication.objects.live().exists()
    assert Publication.objects.readable(at=NOON + DAY).exists()
    assert ArticleTranslation.objects.published(at=NOON + DAY).exists()
    assert Publication.objects.live(at=NOON + DAY).exists()
    clock.shift(DAY)
    assert Publication.objects.readable().exists()
    assert ArticleTranslation.objects.published().exists()
    assert Publication.objects.live().exists()


def test_publication_is_read_from_its_very_moment_on():
    moment = make_scheduled().publications.get().live_from
    before = moment - datetime.timedelta(microseconds=1)
    assert not Publication.objects.readable(at=before).exists()
    assert Publication.objects.readable(at=moment).exists()


# Which publication is read


def test_highest_number_is_read_whatever_the_times_say():
    text = make_scheduled()
    publish_again(text, live_from=NOON - DAY)
    publish_again(text, live_from=NOON - 2 * DAY)
    for at in (NOON, NOON + 2 * DAY):
        (readable,) = Publication.objects.readable(at=at)
        assert readable.number == 3


def test_earlier_number_is_read_while_the_next_is_scheduled():
    make_with_a_scheduled_change()
    assert [item.number for item in Publication.objects.readable()] == [1]
    assert [item.number for item in Publication.objects.readable(at=NOON + DAY)] == [2]


def test_each_language_is_read_by_itself():
    article = make_published_article()
    chinese = article.translations.get(language="zh-hans")
    publish_again(chinese)
    found = {item.translation.language: item.number for item in Publication.objects.readable()}
    assert found == {"zh-hans": 2, "en": 1}


def test_live_means_every_publication_whose_time_has_come():
    text = make_with_a_scheduled_change()
    publish_again(text)
    assert sorted(item.number for item in Publication.objects.live()) == [1, 3]


def test_readable_stays_right_when_it_is_narrowed_first():
    """Narrowing must not make an older publication the newest."""
    text = make_live()
    publish_again(text)
    assert not Publication.objects.filter(number=1).readable().exists()
    assert not Publication.objects.readable().filter(number=1).exists()


def test_withdrawn_texts_are_those_that_were_public():
    make_draft()
    make_live()
    make_restored()
    text = make_withdrawn()
    services.undo_withdrawal(text)
    publish_again(text)
    services.withdraw(text, note="数据有误。")
    assert list(ArticleTranslation.objects.withdrawn()) == [text]


# Narrowing


def test_texts_are_narrowed_by_language_and_kind():
    article = make_published_article()
    page = make_published_article(kind="page", languages=["en"])
    texts, readable = ArticleTranslation.objects.published(), Publication.objects.readable()
    assert {text.article for text in texts.in_language("en")} == {article, page}
    assert {text.article for text in texts.in_language("zh-hans")} == {article}
    assert {text.article for text in texts.of_kind("page")} == {page}
    assert [text.article for text in texts.of_kind("article").in_language("en")] == [article]
    assert {item.translation.article for item in readable.in_language("zh-hans")} == {article}
    assert {item.translation.article for item in readable.of_kind("page")} == {page}


def test_texts_of_an_author_come_once_whatever_the_roles():
    author, other = make_author(slug="louise"), make_author(slug="jane")
    article = make_published_article(authors=[author])
    Contribution.objects.create(article=article, author=author, role="reviewer")
    make_published_article(authors=[other])
    found = Publication.objects.readable().in_language("en").of_author("louise").newest_first()
    assert [item.translation.article for item in found] == [article]


def test_texts_of_a_topic_come_once():
    sleep, bones = make_topic(slug="sleep"), make_topic(slug="bones")
    both = make_published_article(topics=[sleep, bones])
    make_published_article(topics=[bones])
    found = Publication.objects.readable().in_language("en").of_topic("sleep")
    assert [item.translation.article for item in found] == [both]
    assert Publication.objects.readable().in_language("en").of_topic("bones").count() == 2


def test_newest_article_comes_first_and_a_correction_does_not_lift_an_old_one():
    for number, days in enumerate((3, 1, 2)):
        text = make_translation(article=make_article(slug=f"article-{number}"))
        make_publication(translation=text, live_from=NOON - days * DAY)
    publish_again(ArticleTranslation.objects.get(article__slug="article-0"))
    slugs = [
        item.translation.article.slug for item in Publication.objects.readable().newest_first()
    ]
    assert slugs == ["article-1", "article-2", "article-0"]


def test_articles_of_the_same_moment_come_by_their_slug():
    for slug in ("b", "c", "a"):
        make_publication(translation=make_translation(article=make_article(slug=slug)))
    slugs = [
        item.translation.article.slug for item in Publication.objects.readable().newest_first()
    ]
    assert slugs == ["a", "b", "c"]


# Queries


@pytest.mark.parametrize("count", [1, 4])
def test_list_of_publications_takes_one_query(count, django_assert_num_queries):
    for _number in range(count):
        make_published_article(topics=[make_topic()], authors=[make_author()])
    with django_assert_num_queries(1):
        for item in Publication.objects.readable().newest_first():
            assert item.page["title"]
            assert item.translation.get_absolute_url().endswith(f"{item.translation.article.slug}/")


def test_list_leaves_the_bodies_where_they_are(django_assert_num_queries):
    make_publication()
    item = Publication.objects.readable().get()
    assert item.get_deferred_fields() == {
        "body_html",
        "outline",
        "unit_digests",
        "source_digests",
    }
    assert item.translation.get_deferred_fields() == {"body"}


def test_page_has_its_body_in_the_same_query(django_assert_num_queries):
    make_publication()
    with django_assert_num_queries(1):
        item = Publication.objects.readable().whole().get()
        assert item.body_html
        assert item.outline
        assert item.translation.article.slug
    assert item.translation.get_deferred_fields() == {"body"}


def test_published_takes_one_query(django_assert_num_queries):
    make_published_article()
    with django_assert_num_queries(1):
        assert len(ArticleTranslation.objects.published()) == 2


# Topics and terms


def test_topics_count_the_articles_that_can_be_read():
    sleep, bones = make_topic(slug="sleep"), make_topic(slug="bones")
    make_topic(slug="empty")
    make_published_article(topics=[sleep, bones])
    make_published_article(topics=[bones])
    make_translation(article=make_article(topics=[sleep]))
    withdrawn = make_published_article(topics=[sleep], languages=["en"])
    services.withdraw(withdrawn.translations.get(), note="数据有误。")
    published = ArticleTranslation.objects.published().in_language("en")
    topics = TopicTranslation.objects.in_language("en").with_article_count(published)
    assert {item.topic.slug: item.article_count for item in topics} == {"sleep": 1, "bones": 2}


def test_topics_come_in_the_editors_order_with_their_topic(django_assert_num_queries):
    for slug, position in (("a", 2), ("b", 1), ("c", 1)):
        topic = make_topic(slug=slug)
        topic.position = position
        topic.save()
    with django_assert_num_queries(1):
        topics = [item.topic.slug for item in TopicTranslation.objects.in_language("zh-hans")]
    assert topics == ["b", "c", "a"]


def test_terms_come_in_the_editors_order_with_their_term(django_assert_num_queries):
    for key, position in (("a", 2), ("b", 1), ("c", 1)):
        make_term(key=key)
        GlossaryTerm.objects.filter(key=key).update(position=position)
    with django_assert_num_queries(1):
        terms = [item.term.key for item in GlossaryTermTranslation.objects.in_language("en")]
    assert terms == ["b", "c", "a"]


def test_address_of_a_text_follows_its_kind_and_language():
    article = make_article(slug="magnesium")
    page = make_article(slug="privacy", kind=Article.Kind.PAGE)
    found = [
        make_translation(article=item, language=code).get_absolute_url()
        for item in (article, page)
        for code in ("zh-hans", "en")
    ]
    assert found == [
        "/zh-hans/articles/magnesium/",
        "/en/articles/magnesium/",
        "/zh-hans/privacy/",
        "/en/privacy/",
    ]
