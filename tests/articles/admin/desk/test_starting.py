"""Begin an article: both languages at once, an address nobody ever had, nothing lost."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from articles import services
from articles.models import Article, ArticleTranslation
from tests.articles.admin.desk.forms import get
from tests.factories import make_article, make_author, make_topic

pytestmark = pytest.mark.django_db

FORM = 'form:has([name="title_en"])'
TITLES = {"title_zh-hans": "睡前少喝咖啡", "title_en": "Less coffee before bed"}


def start(client):
    return get(client, reverse("admin:articles_article_start"))


def begin(client, **values):
    choices = {"source_language": "zh-hans", "kind": "article"}
    return start(client).send(FORM, **{**TITLES, **choices, **values})


def test_an_article_begins_in_both_languages_and_its_source_opens(client_of):
    answer = begin(client_of("writer"))
    assert answer.status == 302
    article = Article.objects.get()
    assert article.slug == "less-coffee-before-bed"
    texts = {text.language: text for text in article.translations.all()}
    assert {code: text.title for code, text in texts.items()} == {
        "zh-hans": TITLES["title_zh-hans"],
        "en": TITLES["title_en"],
    }
    assert answer.response.headers["Location"] == reverse(
        "admin:articles_articletranslation_change", args=[texts["zh-hans"].pk]
    )
    assert all(text.revisions.count() == 1 for text in texts.values())


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_byline_topics_and_source_are_those_that_were_chosen(client_of, language):
    author, other, topic = make_author(name="Ada"), make_author(name="Bo"), make_topic()
    answer = begin(
        client_of("writer"),
        source_language=language,
        authors=[str(other.pk), str(author.pk)],
        topics=[str(topic.pk)],
        slug="coffee",
    )
    assert answer.status == 302
    article = Article.objects.get(slug="coffee")
    assert article.source_language == language
    assert {item.author for item in article.contributions.all()} == {author, other}
    assert list(article.topics.all()) == [topic]
    source = ArticleTranslation.objects.get(article=article, language=language)
    assert str(source.pk) in answer.response.headers["Location"]


def taken() -> str:
    return make_article(slug="taken").slug


def formerly_used() -> str:
    services.rename(make_article(slug="old"), "new")
    return "old"


SLUGS = {
    "taken": taken,
    "old": formerly_used,
    "reserved": lambda: "articles",
    "not an address": lambda: "Not An Address!",
    "too long": lambda: "a" * 200,
}


@pytest.mark.parametrize("kind", SLUGS)
def test_an_address_that_cannot_be_had_is_one_sentence_and_loses_nothing(client_of, kind):
    author = make_author()
    slug = SLUGS[kind]()
    before = Article.objects.count()
    values = {"kind": "page"} if kind == "reserved" else {}
    answer = begin(client_of("writer"), slug=slug, authors=[str(author.pk)], **values)
    assert answer.status == 422
    assert Article.objects.count() == before
    fields = answer.fields(FORM)
    assert fields["slug"] == [slug]
    assert fields["authors"] == [str(author.pk)]
    assert {name: fields[name] for name in TITLES} == {k: [v] for k, v in TITLES.items()}
    assert len(answer.soup.select(f"{FORM} .errorlist li")) == 1


@pytest.mark.parametrize("english", ["", "睡前少喝咖啡", "!!!"])
def test_an_english_title_that_makes_no_address_asks_for_one(client_of, english):
    answer = begin(client_of("writer"), title_en=english)
    assert answer.status == 422
    assert not Article.objects.exists()
    if english:
        assert answer.send(FORM, slug="coffee").status == 302
        assert Article.objects.get().slug == "coffee"


def test_a_long_english_title_makes_an_address_that_fits(client_of):
    assert begin(client_of("writer"), title_en="coffee and sleep " * 11).status == 302
    assert len(Article.objects.get().slug) <= 80
    assert not Article.objects.get().slug.endswith("-")


def test_an_address_taken_at_that_very_moment_is_a_sentence_too(client_of, monkeypatch):
    from django.db import IntegrityError

    from articles.admin import starting

    def taken(form, user):
        raise IntegrityError

    monkeypatch.setattr(starting, "_start", taken)
    answer = begin(client_of("writer"))
    assert answer.status == 422
    assert answer.fields(FORM)["title_en"] == [TITLES["title_en"]]


@pytest.mark.parametrize("role", ["translator", "reviewer"])
def test_who_may_not_begin_an_article_cannot(client_of, role):
    client = client_of(role)
    path = reverse("admin:articles_article_start")
    assert client.get(path).status_code == 403
    assert client.post(path, {**TITLES, "slug": "coffee"}).status_code == 403
    assert not Article.objects.exists()
    assert User.objects.count() == 1


def test_a_missing_language_begins_with_its_title_alone(client_of):
    article = make_article()
    path = reverse("admin:articles_article_start_translation", args=[article.pk, "en"])
    client = client_of("managing")
    assert client.post(path, {"title": "  "}).status_code == 302
    assert not article.translations.exists()
    assert client.post(path, {"title": " Coffee "}).status_code == 302
    assert [(text.language, text.title) for text in article.translations.all()] == [
        ("en", "Coffee")
    ]
