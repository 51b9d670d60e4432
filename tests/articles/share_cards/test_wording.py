"""What a card says, and above all what it never says."""

from dataclasses import replace

import pytest

from articles import services
from articles.models import Product, Publication
from articles.share_cards.wording import Wording, site_wording, wording_of
from tests import factories

LANGUAGES = ("zh-hans", "en")


def demo_publication(code: str) -> Publication:
    return Publication.objects.readable().get(
        translation__article__slug="d3-k2-magnesium", translation__language=code
    )


def publication_of(article, code: str = "en") -> Publication:
    return Publication.objects.readable().get(
        translation__article=article, translation__language=code
    )


@pytest.mark.parametrize("code", LANGUAGES)
def test_products_are_never_named(demo_site, code):
    """A card travels without the disclosure that stands beside every product mention."""
    publication = demo_publication(code)
    mention = publication.revision.as_document().mention
    assert mention.name
    assert mention.brand
    said = "\n".join(wording_of(publication).texts()).casefold()
    # The parts of the name too, but for D3 and K2, of which the article itself speaks.
    parts = [word for word in mention.name.replace("®", " ").split() if len(word) > 2]
    for word in (mention.name, mention.brand, mention.product, *parts):
        assert word.casefold() not in said


@pytest.mark.parametrize("code", LANGUAGES)
def test_product_of_the_demo_article_is_named_on_its_page(demo_site, client, code):
    """So that the test above tests something."""
    body = client.get(f"/{code}/articles/d3-k2-magnesium/").content.decode()
    assert Product.objects.get().brand in body


@pytest.mark.parametrize(("code", "words"), [
    ("zh-hans", "原文作者：Louise W Lu、Alexandra V Goldberg"),
    ("en", "Original article by: Louise W Lu, Alexandra V Goldberg"),
])  # fmt: skip
def test_authors_of_an_adaptation_wrote_the_original(demo_site, code, words):
    assert wording_of(demo_publication(code)).byline == words


@pytest.mark.parametrize("code", LANGUAGES)
def test_card_says_what_the_page_says(demo_site, code):
    publication = demo_publication(code)
    words, page = wording_of(publication), publication.page
    assert (words.title, words.seal, words.scene) == (page["title"], page["seal"], page["scene"])
    assert dict(words.grades) == page["grades"]
    assert sum(count for _grade, count in words.grades) > 0
    assert words.language == code
    assert words.is_chinese == (code == "zh-hans")
    assert words.site != words.other_site


def test_authors_of_an_article_are_named_alone_and_in_order(db):
    authors = [factories.make_author(name=name) for name in ("Zoe Example", "Ada Example")]
    article = factories.make_published_article(languages=("en",), authors=authors)
    assert wording_of(publication_of(article)).byline == "Zoe Example, Ada Example"


def test_reviewers_and_translators_are_no_authors(db):
    article = factories.make_article(authors=[factories.make_author(name="Ada Example")])
    for place, role in enumerate(("reviewer", "translator"), 1):
        article.contributions.create(
            author=factories.make_author(name=f"Another {role}"), role=role, position=place
        )
    publication = factories.make_publication(
        translation=factories.make_translation(article=article, language="en")
    )
    assert wording_of(publication).byline == "Ada Example"


def test_site_pages_have_no_byline_and_no_topic(db):
    page = factories.make_published_article(kind="page", languages=("en",))
    words = wording_of(publication_of(page))
    assert (words.byline, words.topic, words.grades) == ("", "", ())
    assert words.title


@pytest.mark.parametrize("code", LANGUAGES)
def test_topic_is_in_the_language_of_the_text(db, code):
    topic = factories.make_topic(slug="sleep")
    article = factories.make_published_article(topics=[topic])
    assert wording_of(publication_of(article, code)).topic == f"sleep {code}"


def test_words_do_not_follow_the_language_of_whoever_runs_it(demo_site):
    from django.utils import translation

    found = []
    for active in LANGUAGES:
        with translation.override(active):
            found.append(wording_of(demo_publication("en")))
    assert found[0] == found[1]


def test_words_are_of_the_frozen_text_and_not_of_the_draft(db):
    article = factories.make_published_article(languages=("en",))
    before = wording_of(publication_of(article))
    text = article.translations.get()
    text.title = "Another title"
    text.save()
    assert wording_of(publication_of(article)) == before
    services.publish(text, change="evidence")
    assert wording_of(publication_of(article)).title == "Another title"


@pytest.mark.parametrize("code", LANGUAGES)
def test_words_take_three_queries_at_most(demo_site, code, django_assert_max_num_queries):
    publication = Publication.objects.select_related("translation__article", "revision").get(
        pk=demo_publication(code).pk
    )
    with django_assert_max_num_queries(3):
        wording_of(publication)


@pytest.mark.parametrize("code", LANGUAGES)
def test_site_has_a_card_in_each_language(settings, code):
    words = site_wording(code)
    assert words.site == settings.SITE_NAMES[code]
    assert words.title
    assert (words.topic, words.byline, words.seal) == ("", "", "")
    assert site_wording("en").title != site_wording("zh-hans").title


def test_texts_are_all_that_is_drawn():
    names = ("site", "other_site", "title", "seal", "topic", "byline", "grades_label")
    marks = {name: f"<{name}>" for name in names}
    words = replace(Wording("en", "", "", ""), **marks)
    assert set(words.texts()) == set(marks.values())


def test_marks_that_nobody_sees_are_not_drawn(db):
    text = factories.make_translation(
        language="en", title="CO\u2082 and vitamin D\u2060\u2083 in\u00adside"
    )
    assert (
        wording_of(factories.make_publication(translation=text)).title
        == "CO2 and vitamin D3 inside"
    )
