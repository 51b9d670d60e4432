"""JSON-LD of articles, authors and lists: true to the page, valid, and never more than it says."""

import datetime
import json
from dataclasses import replace

import brotli
import pytest
from django.utils import timezone, translation

from articles import services, structured_data
from articles.bylines import byline
from articles.cards import card_publications, make_cards, topic_of
from articles.document import Block, Document, FigureData, ImageData, ReferenceData, RenditionData
from articles.models import Contribution, GlossaryTermTranslation, ReviewSignature, TopicTranslation
from articles.models.content import address_of
from articles.rendering import render
from articles.reviews import reviews_of
from articles.structured_data.citations import citation
from articles.structured_data.pictures import figure_image, licence_url, portrait_image
from articles.structured_data.printed import (
    names_in,
    plain_blocks,
    printed_figures,
    printed_references,
)
from articles.texts import publications_of
from authors.bylines import profiles
from authors.models import AuthorTranslation, RegistrationTranslation
from healthsite import languages
from healthsite.metadata import ShareImage, page_meta
from healthsite.structured_data import as_json
from tests import factories, schema_org

POLICIES = {"editorial-policy": "/en/editorial-policy/", "corrections": "/en/corrections/"}
CARD = ShareImage("http://testserver/media/cards/a-wide.png", 1200, 630, "The title on paper")
TODAY = timezone.localdate()
DAY = datetime.timedelta(days=1)
MOST_BYTES = 4096
"""What the graph of the longest article may weigh, compressed as pages are."""

both_languages = pytest.mark.parametrize("code", languages.CODES)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def graph_of(slug: str, code: str = "en", *, images=(), policies=POLICIES) -> list[dict]:
    """The graph of an article's page, from what its view holds."""
    own, others = publications_of("article", code, slug)
    reviews = reviews_of(own, ReviewSignature.objects.of_text(own.translation_id))
    codes = [code, *(item.translation.language for item in others)]
    meta = page_meta(
        code,
        own.page["seo_title"] or own.page["title"],
        description=own.page["seo_description"],
        paths={item: address_of("article", item, slug) for item in codes},
    )
    with translation.override(code):
        return structured_data.article_graph(
            meta,
            own,
            others,
            document=own.revision.as_document(),
            byline=byline(own.page["contributions"], code, reviews),
            reviews=reviews,
            topic=topic_of(own, code),
            images=images,
            policies=policies,
        )


def article_in(graph: list[dict]) -> dict:
    [node] = [node for node in graph if node["@type"] == "Article"]
    return node


def list_meta(path: str, name: str = "A list"):
    return page_meta("en", name, paths={"en": path})


# The whole article


@both_languages
def test_long_article_is_valid_and_light(demo_site, code):
    graph = graph_of("d3-k2-magnesium", code, images=[CARD])
    article = article_in(graph)
    assert schema_org.problems(graph) == []
    assert schema_org.google_problems(graph, "Article", article) == []
    assert len(article["citation"]) > 25
    assert len(schema_org.of_type(graph, "Substance")) == 4
    for picture in article["image"][1:]:
        figure = schema_org.resolve(graph, picture)
        assert schema_org.google_problems(graph, "ImageObject", figure) == []
        assert figure["caption"]
    assert len(brotli.compress(as_json(graph).encode(), quality=5)) <= MOST_BYTES


def test_nothing_of_unchecked_registrations_or_insider_review_is_said(demo_site):
    text = as_json(graph_of("d3-k2-magnesium"))
    for word in ("hasCredential", "20-02273", "82021301", "lastReviewed", "reviewedBy"):
        assert word not in text
    for word in ("Product", "Offer", "Rating", "FAQPage", "Review"):
        assert f'"@type":"{word}' not in text


def test_graph_asks_the_database_nothing(django_assert_num_queries, db):
    author = factories.make_author()
    factories.make_registration(author=author, checked_on=TODAY)
    topic = factories.make_topic()
    article = factories.make_published_article(authors=[author], topics=[topic])
    own, others = publications_of("article", "en", article.slug)
    document = own.revision.as_document()
    names = byline(own.page["contributions"], "en")
    meta = list_meta(address_of("article", "en", article.slug))
    with django_assert_num_queries(0):
        structured_data.article_graph(
            meta,
            own,
            others,
            document=document,
            byline=names,
            reviews={},
            topic=topic_of(own, "en"),
            images=[CARD],
            policies=POLICIES,
        )


def test_article_says_what_the_page_prints(db):
    topic = factories.make_topic(slug="sleep")
    author, helper = factories.make_author(slug="ada"), factories.make_author(slug="bo")
    article = factories.make_article(slug="light", authors=[author], topics=[topic])
    Contribution.objects.create(article=article, author=helper, role="translator")
    Contribution.objects.create(article=article, author=helper, role="editor")
    for code in languages.CODES:
        text = factories.make_translation(article=article, language=code)
        factories.make_publication(translation=text)
    node = article_in(graph_of("light"))
    assert node["headline"] == factories.TITLES["en"]
    assert node["alternativeHeadline"] == factories.TITLES["zh-hans"]
    assert node["author"] == [{"@id": "http://testserver/#person-ada"}]
    assert node["translator"] == node["editor"] == [{"@id": "http://testserver/#person-bo"}]
    assert node["articleSection"] == node["about"][0]["name"] == "sleep en"
    assert node["wordCount"] > 0
    assert node["isAccessibleForFree"] is True
    assert "isBasedOn" not in node


def test_people_have_one_id_in_both_languages(db):
    author = factories.make_author(slug="ada", name="Ada Example")
    article = factories.make_published_article(authors=[author])
    ids = set()
    for code in languages.CODES:
        [person] = schema_org.of_type(graph_of(article.slug, code), "Person")
        assert person["url"] == f"http://testserver/{code}/authors/ada/"
        ids.add(person["@id"])
    assert len(ids) == 1


def test_source_and_translation_point_at_each_other(db):
    article = factories.make_published_article(source_language="zh-hans")
    source = article_in(graph_of(article.slug, "zh-hans"))
    translated = article_in(graph_of(article.slug, "en"))
    [target] = source["workTranslation"]
    assert target["@id"] == translated["@id"]
    assert target["inLanguage"] == translated["inLanguage"] == "en"
    assert target["headline"] == translated["headline"]
    assert translated["translationOfWork"]["@id"] == source["@id"]
    assert "translationOfWork" not in source
    assert "workTranslation" not in translated


def test_article_in_one_language_names_no_other(db):
    article = factories.make_published_article(languages=["en"], source_language="zh-hans")
    node = article_in(graph_of(article.slug))
    assert not {"translationOfWork", "workTranslation", "alternativeHeadline"} & node.keys()
    assert schema_org.problems(graph_of(article.slug)) == []


def test_adaptation_is_based_on_a_text_of_its_authors(db):
    author = factories.make_author(slug="ada")
    article = factories.make_published_article(authors=[author], is_adaptation=True)
    node = article_in(graph_of(article.slug))
    assert node["isBasedOn"]["author"] == node["author"]


@pytest.mark.parametrize(("change", "moves"), [("typo", False), ("correction", True)])
def test_typing_error_moves_no_date_and_a_correction_one(db, change, moves):
    text = factories.make_translation(language="en")
    factories.make_publication(translation=text, live_from=timezone.now() - 2 * DAY)
    before = article_in(graph_of(text.article.slug))
    assert before["dateModified"] == before["datePublished"]
    text.refresh_from_db()
    text.body += "\nOne more.\n"
    text.save()
    factories.make_publication(translation=text, change=change, public_note="Mended.")
    after = article_in(graph_of(text.article.slug))
    assert after["datePublished"] == before["datePublished"]
    assert (after["dateModified"] > before["dateModified"]) is moves


def test_dates_carry_the_offset_of_the_site(db, settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    at = datetime.datetime(2026, 3, 5, 12, 30, tzinfo=datetime.UTC)
    text = factories.make_translation(language="en")
    factories.make_publication(translation=text, live_from=at)
    node = article_in(graph_of(text.article.slug))
    assert datetime.datetime.fromisoformat(node["datePublished"]) == at
    assert node["datePublished"] == "2026-03-06T01:30:00+13:00"


@pytest.mark.parametrize(
    ("setting", "licence"),
    [
        ("https://example.org/terms/", "https://example.org/terms/"),
        ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
        ("All rights reserved", None),
        ("", None),
    ],
)
def test_licence_of_the_text_is_an_address_or_left_out(db, settings, setting, licence):
    settings.TEXT_LICENCE = setting
    article = factories.make_published_article(languages=["en"])
    assert article_in(graph_of(article.slug)).get("license") == licence


def test_hostile_title_stays_text(db):
    text = factories.make_translation(language="en", title="</script><b>\u2028 & more")
    factories.make_publication(translation=text)
    printed = as_json(graph_of(text.article.slug))
    assert not {*"<>&\u2028"} & {*printed}
    assert article_in(json.loads(printed)["@graph"])["headline"] == text.title


# Pictures


def test_share_cards_come_first_and_stand_for_the_page(db):
    article = factories.make_published_article(languages=["en"])
    square = replace(
        CARD, url="http://testserver/media/cards/a-square.png", width=1200, height=1200
    )
    graph = graph_of(article.slug, images=[CARD, square])
    page = schema_org.page_of(graph)
    first, second = (schema_org.resolve(graph, item) for item in article_in(graph)["image"])
    assert schema_org.resolve(graph, page["primaryImageOfPage"]) == first
    assert (first["url"], first["width"], first["height"]) == (CARD.url, 1200, 630)
    assert first["caption"] == CARD.alt
    assert second["height"] == 1200
    assert schema_org.problems(graph) == []


def test_article_without_pictures_names_none(db):
    article = factories.make_published_article(languages=["en"])
    graph = graph_of(article.slug)
    assert "image" not in article_in(graph)
    assert "primaryImageOfPage" not in schema_org.page_of(graph)


def test_figure_has_the_size_of_the_file_it_names():
    renditions = (
        RenditionData("images/a-0123456789abcdef-800.avif", "avif", 800, 400),
        RenditionData("images/a-0123456789abcdef-800.jpg", "jpeg", 800, 400),
        RenditionData("images/a-0123456789abcdef-400.jpg", "jpeg", 400, 200),
    )
    image = ImageData("a", 1600, 800, renditions, credit="A photographer", licence="CC0 1.0")
    node = figure_image("https://example.org/", FigureData("a", image, "alt", "*c*"), "c")
    assert node["contentUrl"].endswith("-800.jpg")
    assert (node["width"], node["height"]) == (800, 400)
    assert node["license"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    uncredited = replace(image, credit="")
    node = figure_image("https://example.org/", FigureData("a", uncredited, "alt", "c"), "c")
    assert not {"license", "creditText"} & node.keys()


def test_figure_without_a_file_is_left_out():
    image = ImageData("a", 1600, 800)
    assert figure_image("https://example.org/", FigureData("a", image, "alt", "c"), "c") == {}


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC BY-NC-ND 3.0", "https://creativecommons.org/licenses/by-nc-nd/3.0/"),
        ("https://example.org/licence", "https://example.org/licence"),
        ("CC BY", ""),
        ("CC BY 4.0 or later", ""),
        ("with permission", ""),
        ("", ""),
    ],
)
def test_licence_has_an_address_only_where_it_is_known(name, address):
    assert licence_url(name) == address


# What is printed


FIGURE = ImageData("drawing", 100, 50, svg=factories.SVG, credit="Editors")
DOCUMENT = Document(
    language="en",
    slug="a",
    kind="article",
    title="A",
    standfirst="",
    blocks=(
        Block("paragraph", "One [@b]. Two [@a]. Three [@c].", "p1"),
        Block("figure", id="f1", argument="used"),
        Block("references", id="r1"),
    ),
    figures=(
        FigureData("used", FIGURE, "alt", "What *it* shows & says [@a]."),
        FigureData("unused", FIGURE, "alt", "Nothing."),
    ),
    references=(
        ReferenceData("a", "review", title="First", doi="10.1234/a<b>&c"),
        ReferenceData("b", "review", title="Second", authors="Smith J", container="Journal"),
        ReferenceData("c", "other", label="Our words", container="A site"),
        ReferenceData("d", "review", title="Never cited", doi="10.1234/d"),
        ReferenceData("e", "review", title="Second but never cited", container="Journal"),
    ),
)


def test_only_cited_references_are_found_in_the_order_of_the_list():
    body = render(DOCUMENT).body_html
    assert [item.key for item in printed_references(DOCUMENT, body)] == ["b", "a"]
    assert printed_references(DOCUMENT, "<p>No list.</p>") == []


def test_only_placed_figures_are_found_with_plain_captions():
    [(figure, caption)] = printed_figures(DOCUMENT, render(DOCUMENT).body_html)
    assert figure.key == "used"
    assert caption == "What it shows & says."


def test_names_are_found_however_the_page_sets_them():
    body = "<p>维生素&nbsp;<span>D</span>与镁。<a href='/calcium/'>More</a></p>"
    assert names_in(["维生素D", "镁", "钙", "Calcium"], body) == ["维生素D", "镁"]


def test_nutrients_are_named_only_where_the_page_prints_them(db):
    article = factories.make_article(nutrients=["iron", "zinc"], topics=[])
    body = factories.BODIES["en"] + "\n[[safety]]\nIron can be too much.\n[[/safety]]\n"
    text = factories.make_translation(article=article, language="en", body=body)
    factories.make_publication(translation=text, override_reason="A test of what is not printed.")
    names = [item["name"] for item in schema_org.of_type(graph_of(article.slug), "Substance")]
    assert names == ["Iron"]


def test_paragraphs_of_a_biography_do_not_run_together():
    assert plain_blocks("<p>One.</p><p>Two &amp; <em>three</em>.</p>") == "One. Two & three."


# Citations


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"study_type": "review", "doi": "10.1234/a"}, "ScholarlyArticle"),
        ({"study_type": "guideline", "pmid": "12"}, "ScholarlyArticle"),
        ({"study_type": "review", "url": "https://example.org/"}, "CreativeWork"),
        ({"study_type": "fact_sheet", "doi": "10.1234/a"}, "CreativeWork"),
        ({"study_type": "guideline", "isbn": "978"}, "Book"),
        ({"study_type": "textbook"}, "Book"),
        ({"study_type": "textbook", "container": "A manual"}, "Chapter"),
    ],
)
def test_kind_of_cited_work_follows_from_what_is_verified(fields, kind):
    assert citation(ReferenceData("a", title="A title", **fields))["@type"] == kind


def test_citation_holds_verified_details_only():
    reference = ReferenceData(
        "a",
        "review",
        authors="Smith J, et al.",
        title="A title",
        container="A journal",
        year=2018,
        doi="10.1234/a",
    )
    assert citation(reference) == {
        "@type": "ScholarlyArticle",
        "name": "A title",
        "url": "https://doi.org/10.1234/a",
        "datePublished": "2018",
        "isPartOf": {"@type": "Periodical", "name": "A journal"},
    }


def test_label_in_our_words_is_no_title_and_no_citation():
    described = ReferenceData("a", "fact_sheet", label="Not read", url="https://example.org/")
    assert citation(described) == {}
    assert "name" not in citation(replace(described, doi="10.1234/a"))


# Review


def reviewed(*roles: str, is_exact: bool = True) -> list[dict]:
    """The graph of an article that somebody with these roles signed."""
    author, reviewer = factories.make_author(slug="ada"), factories.make_author(slug="bo")
    article = factories.make_article(authors=[author])
    for role in roles:
        Contribution.objects.create(article=article, author=reviewer, role=role, position=1)
    text = factories.make_translation(article=article, language="en")
    publication = factories.make_publication(translation=text)
    at = datetime.datetime(2026, 3, 5, 12, tzinfo=datetime.UTC)
    factories.make_signature(publication=publication, author=reviewer, signed_at=at)
    if not is_exact:
        text.refresh_from_db()
        text.body += "\nOne more.\n"
        text.save()
        factories.make_publication(translation=text, change="evidence", public_note="More.")
    return graph_of(article.slug)


def test_independent_review_of_exactly_this_text_is_said_with_its_date(db):
    graph = reviewed("reviewer")
    page = schema_org.page_of(graph)
    assert page["reviewedBy"] == [{"@id": "http://testserver/#person-bo"}]
    # Noon in UTC is the next day in New Zealand, where the page prints it so.
    assert page["lastReviewed"] == "2026-03-06"
    assert schema_org.problems(graph) == []


@pytest.mark.parametrize(
    ("roles", "is_exact"),
    [
        (["reviewer"], False),
        (["reviewer", "author"], True),
        (["reviewer", "translator"], True),
        (["editor"], True),
        ([], True),
    ],
)
def test_no_other_review_is_said(db, roles, is_exact):
    graph = reviewed(*roles, is_exact=is_exact)
    assert not {"reviewedBy", "lastReviewed"} & schema_org.page_of(graph).keys()
    assert schema_org.problems(graph) == []


def test_named_reviewer_without_a_signature_is_not_in_the_graph(db):
    reviewer = factories.make_author(slug="bo")
    article = factories.make_article()
    Contribution.objects.create(article=article, author=reviewer, role="reviewer")
    text = factories.make_translation(article=article, language="en")
    factories.make_publication(translation=text)
    assert schema_org.of_type(graph_of(article.slug), "Person") == []


# Authors


def author_graph_of(slug: str) -> list[dict]:
    profile = profiles([slug], "en")[slug]
    meta = list_meta(f"/en/authors/{slug}/", profile.words.name)
    return structured_data.author_graph(meta, profile, POLICIES)


def person_in(graph: list[dict]) -> dict:
    page = schema_org.page_of(graph)
    assert page["@type"] == "ProfilePage"
    return schema_org.resolve(graph, page["mainEntity"])


def make_known_author(**fields):
    """An author of whom a page says everything it can."""
    author = factories.make_author(slug="ada", name="Ada Example", **fields)
    values = {"credentials": "PhD", "affiliation": "A university", "bio": "One.\n\nTwo."}
    for words in AuthorTranslation.objects.filter(author=author):
        for name, value in values.items():
            setattr(words, name, value)
        words.save()
    return author


def test_profile_says_what_the_page_shows(db):
    portrait = {
        "width": 600,
        "height": 600,
        "renditions": [
            {"path": "portraits/ada-600.webp", "format": "webp", "width": 600, "height": 600},
            {"path": "portraits/ada-400.jpg", "format": "jpeg", "width": 400, "height": 400},
        ],
    }
    author = make_known_author(website="https://ada.example.org/", portrait=portrait)
    factories.make_registration(author=author, checked_on=TODAY, valid_until=TODAY + DAY)
    graph = author_graph_of("ada")
    person = person_in(graph)
    assert schema_org.problems(graph) == []
    assert schema_org.google_problems(graph, "ProfilePage", schema_org.page_of(graph)) == []
    assert person["description"] == "One. Two."
    assert person["sameAs"] == ["https://ada.example.org/"]
    assert person["affiliation"]["name"] == "A university"
    assert person["image"]["contentUrl"] == "http://testserver/media/portraits/ada-400.jpg"
    assert person["image"]["width"] == 400


def test_profile_of_somebody_hardly_known_leaves_the_rest_out(db):
    factories.make_author(slug="ada")
    AuthorTranslation.objects.filter(author__slug="ada").update(bio="", bio_html="")
    graph = author_graph_of("ada")
    assert schema_org.problems(graph) == []
    assert person_in(graph).keys() == {"@type", "@id", "name", "url"}
    assert portrait_image({}, "Ada") == {}


@pytest.mark.parametrize(
    ("fields", "is_said"),
    [
        ({"checked_on": TODAY, "valid_until": TODAY + DAY}, True),
        ({"checked_on": TODAY}, True),
        ({"checked_on": TODAY - 2 * DAY, "valid_until": TODAY - DAY}, False),
        ({"valid_until": TODAY + DAY}, False),
        ({}, False),
    ],
)
def test_only_a_confirmed_registration_is_said(db, fields, is_said):
    author = make_known_author()
    registration = factories.make_registration(author=author, number="77-1", **fields)
    RegistrationTranslation.objects.filter(registration=registration).update(body="The register")
    person = person_in(author_graph_of("ada"))
    text = json.dumps(person)
    assert ("77-1" in text) is is_said
    assert ("identifier" in person) is is_said
    # The line of credentials may repeat what nobody has checked.
    assert ("PhD" in text) is is_said
    if is_said:
        entry = person["hasCredential"][1]
        assert entry["identifier"] == "77-1"
        assert entry["recognizedBy"]["name"] == "The register"
        assert ("expires" in entry) is ("valid_until" in fields)


def test_author_without_registrations_keeps_the_printed_line(db):
    make_known_author()
    [credential] = person_in(author_graph_of("ada"))["hasCredential"]
    assert credential["name"] == "PhD"


# Site pages, logs and lists


@pytest.mark.parametrize(
    ("slug", "kind"), [("about", "AboutPage"), ("contact", "ContactPage"), ("privacy", "WebPage")]
)
def test_site_page_has_its_kind_and_its_translation(db, slug, kind):
    factories.make_published_article(slug=slug, kind="page", source_language="zh-hans")
    own, others = publications_of("page", "en", slug)
    graph = structured_data.page_graph(list_meta(f"/en/{slug}/"), own, others, POLICIES)
    page = schema_org.page_of(graph)
    assert schema_org.problems(graph) == []
    assert page["@type"] == page["translationOfWork"]["@type"] == kind
    assert page["name"] == factories.TITLES["en"]
    assert page["translationOfWork"]["@id"] == f"http://testserver/zh-hans/{slug}/"


def test_only_policies_that_readers_can_read_are_named(db, django_assert_num_queries):
    factories.make_published_article(slug="about", kind="page")
    factories.make_published_article(slug="editorial-policy", kind="page", languages=["en"])
    withdrawn = factories.make_published_article(slug="corrections", kind="page")
    for text in withdrawn.translations.all():
        services.withdraw(text, note="Being rewritten.")
    with django_assert_num_queries(2):
        found = [structured_data.published_policies(code) for code in ("en", "zh-hans")]
    assert found == [{"editorial-policy": "/en/editorial-policy/"}, {}]


def test_log_of_an_article_leads_back_to_it(db):
    article = factories.make_published_article(slug="light")
    own, _ = publications_of("article", "en", article.slug)
    meta = list_meta("/en/articles/light/history/", "History of changes: Light")
    graph = structured_data.history_graph(meta, own, POLICIES)
    assert steps_of(graph) == ["/en/", "/en/articles/light/", "/en/articles/light/history/"]
    assert schema_org.page_of(graph)["name"] == meta.name
    assert schema_org.problems(graph) == []


def steps_of(graph: list[dict]) -> list[str]:
    [crumbs] = schema_org.of_type(graph, "BreadcrumbList")
    return [step["item"].removeprefix("http://testserver") for step in crumbs["itemListElement"]]


def test_topic_stands_between_the_home_page_and_an_article(db):
    topic = factories.make_topic(slug="sleep")
    factories.make_published_article(slug="light", topics=[topic])
    assert steps_of(graph_of("light")) == ["/en/", "/en/topics/sleep/", "/en/articles/light/"]


def listed(graph: list[dict]) -> list[tuple[int, str]]:
    shown = schema_org.resolve(graph, schema_org.page_of(graph)["mainEntity"])
    return [(item["position"], item["url"]) for item in shown["itemListElement"]]


def test_lists_hold_their_cards_in_order(db):
    topic = factories.make_topic(slug="sleep")
    for slug in ("one", "two"):
        factories.make_published_article(slug=slug, topics=[topic])
    cards = make_cards(list(card_publications("en").newest_first()), "en")
    words = TopicTranslation.objects.in_language("en").get()
    graphs = {
        "home": structured_data.home_graph(list_meta("/en/"), cards, POLICIES),
        "topic": structured_data.topic_graph(
            list_meta("/en/topics/sleep/?page=2"), words, cards, POLICIES, first=13
        ),
        "topics": structured_data.topic_list_graph(list_meta("/en/topics/"), [words], POLICIES),
    }
    for name, graph in graphs.items():
        assert schema_org.problems(graph) == [], name
        assert schema_org.page_of(graph)["@type"] == "CollectionPage"
    addresses = [f"http://testserver{card.url}" for card in cards]
    assert listed(graphs["home"]) == [(1, addresses[0]), (2, addresses[1])]
    assert listed(graphs["topic"]) == [(13, addresses[0]), (14, addresses[1])]
    assert listed(graphs["topics"]) == [(1, "http://testserver/en/topics/sleep/")]


def test_empty_list_is_left_out(db):
    graph = structured_data.home_graph(list_meta("/en/"), [], POLICIES)
    assert "mainEntity" not in schema_org.page_of(graph)
    assert schema_org.problems(graph) == []


def test_glossary_is_a_set_of_terms_with_both_names(db):
    factories.make_term(key="calcidiol")
    factories.make_term(key="pth", zh="PTH", en="PTH")
    GlossaryTermTranslation.objects.filter(term__key="calcidiol").update(abbreviation="25(OH)D")
    chinese = {
        item.term_id: item for item in GlossaryTermTranslation.objects.in_language("zh-hans")
    }
    entries = [
        (item, chinese.get(item.term_id))
        for item in GlossaryTermTranslation.objects.in_language("en")
    ]
    graph = structured_data.glossary_graph(
        list_meta("/en/glossary/"), [*entries[:1], (entries[1][0], None)], POLICIES
    )
    assert schema_org.problems(graph) == []
    [terms] = schema_org.of_type(graph, "DefinedTermSet")
    first, second = terms["hasDefinedTerm"]
    assert first["@id"] == first["url"] == "http://testserver/en/glossary/#calcidiol"
    assert first["termCode"] == "calcidiol"
    assert first["alternateName"] == ["25(OH)D", "骨化二醇"]
    assert second["name"] == "PTH"
    assert "alternateName" not in second


def test_page_that_is_not_indexed_says_nothing(db):
    article = factories.make_published_article(languages=["en"])
    own, others = publications_of("article", "en", article.slug)
    meta = page_meta("en", "A", paths={"en": "/en/a/"}, is_indexed=False)
    assert structured_data.history_graph(meta, own, POLICIES) == []
    assert structured_data.page_graph(meta, own, others, POLICIES) == []
