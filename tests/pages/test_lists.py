"""Lists: the home page, topics, authors and the glossary, with few and with many articles."""

import datetime

import pytest
import time_machine
from django.db.models import ProtectedError

from articles.models import Article, Publication
from authors.models import Author, AuthorTranslation, Registration
from tests import factories
from tests.crawl import LANGUAGES, TAGS, language_of, parse, say, text_of

both_languages = pytest.mark.parametrize("code", LANGUAGES)


def soup_of(client, path: str):
    response = client.get(path)
    assert response.status_code == 200, path
    return parse(response.content)


def addresses(soup) -> list[str]:
    """The articles a list links to, in order."""
    return [link["href"] for link in soup.select(".featured h2 a, .article-card h3 a")]


def walk(client, path: str) -> list[list[str]]:
    """The articles on each page of a list, following the links to older ones."""
    pages, query = [], ""
    while query is not None:
        soup = soup_of(client, f"{path}{query}")
        pages.append(addresses(soup))
        older = soup.find("a", rel="next")
        query = older["href"] if older else None
    return pages


# The home page


@both_languages
def test_home_without_articles_says_so_and_still_explains_the_grades(db, client, code):
    factories.make_author(slug="ada", name="Ada Example")
    soup = soup_of(client, f"/{code}/")
    assert say(code, "No article has been published in this language yet.") in text_of(soup.main)
    assert not soup.select(".featured, .article-card, .pager, .topic-list")
    assert len(soup.select(".evidence-key li")) == 5
    assert "Ada Example" in text_of(soup.select_one(".people"))


def test_home_with_one_article_features_it_and_introduces_the_authors(site, client):
    soup = soup_of(client, "/en/")
    assert len(soup.select(".featured")) == 1
    assert not soup.select(".article-card, .pager")
    assert addresses(soup) == ["/en/articles/evening-light/"]
    assert len(soup.select(".people")) == 1


def test_home_with_two_articles_lists_the_older_one(site, client, many_copies):
    many_copies(site.article, 1)
    soup = soup_of(client, "/en/")
    assert addresses(soup) == ["/en/articles/evening-light/", "/en/articles/evening-light-01/"]
    assert len(soup.select(".article-card")) == 1
    assert len(soup.select(".people")) == 1


@pytest.mark.parametrize(
    ("total", "pages"), [(11, [11]), (12, [11, 1]), (22, [11, 11]), (50, [11, 11, 11, 11, 6])]
)
def test_home_with_many_articles_shows_each_once_newest_first(
    site, client, many_copies, total, pages
):
    many_copies(site.article, total - 1)
    found = walk(client, "/en/")
    assert [len(page) for page in found] == pages
    expected = [f"/en/articles/evening-light-{n:02}/" for n in range(1, total)]
    assert [url for page in found for url in page] == ["/en/articles/evening-light/", *expected]
    first = soup_of(client, "/en/")
    assert len(first.select(".featured")) == 1
    assert not first.select(".people")
    if len(pages) > 1:
        assert not soup_of(client, "/en/?page=2").select(".featured")


@pytest.mark.parametrize("path", ["/{}/topics/sleep/", "/{}/authors/ada/"], ids=["topic", "author"])
@pytest.mark.parametrize(
    ("total", "pages"), [(1, [1]), (12, [12]), (13, [12, 1]), (25, [12, 12, 1])]
)
def test_other_lists_show_each_article_once_too(site, client, many_copies, path, total, pages):
    many_copies(site.article, total - 1)
    found = walk(client, path.format("zh-hans"))
    assert [len(page) for page in found] == pages
    assert len({url for page in found for url in page}) == total


def test_pager_leads_forth_and_back_and_is_gone_where_there_is_one_page(site, client, many_copies):
    assert not soup_of(client, "/en/").select(".pager")
    many_copies(site.article, 30)
    first, second, last = (soup_of(client, f"/en/{q}") for q in ("", "?page=2", "?page=3"))
    assert [a["href"] for a in first.select(".pager a")] == ["?page=2"]
    assert [a["href"] for a in second.select(".pager a")] == ["?", "?page=3"]
    assert [a["href"] for a in last.select(".pager a")] == ["?page=2"]
    assert client.get("/en/?").status_code == 200
    assert second.find("a", rel="prev")
    assert first.select_one(".pager")["aria-label"]


@both_languages
def test_list_shows_articles_of_its_own_language_only(site, client, code):
    other = next(item for item in LANGUAGES if item != code)
    factories.make_published_article(
        slug="elsewhere", languages=[other], topics=[site.topic], authors=[site.author]
    )
    for path in ("/{}/", "/{}/topics/sleep/", "/{}/authors/ada/"):
        assert addresses(soup_of(client, path.format(code))) == [f"/{code}/articles/evening-light/"]
        assert len(addresses(soup_of(client, path.format(other)))) == 2


@both_languages
def test_card_tells_what_an_article_is_before_it_is_opened(site, client, many_copies, code):
    many_copies(site.article, 1)
    other = next(item for item in LANGUAGES if item != code)
    card = soup_of(client, f"/{code}/").select_one(".article-card")
    assert text_of(card.h3) == factories.TITLES[code]
    assert text_of(card.select_one(".other")) == factories.TITLES[other]
    assert text_of(card.select_one(".sum")) == factories.STANDFIRSTS[code]
    meta = card.select_one(".meta")
    assert "Ada Example" in text_of(meta)
    assert f"sleep {code}" in text_of(meta)
    assert [language_of(tag) for tag in meta.find_all(lang=True)] == [TAGS[other]]
    assert meta.time["datetime"] == datetime.date.fromisoformat(meta.time["datetime"]).isoformat()


def test_card_of_an_updated_article_says_so(site, client, many_copies):
    from articles import services

    many_copies(site.article, 1)
    translation = site.article.translations.get(language="en")
    translation.body += "\n\nOne more sentence.\n"
    translation.save()
    services.publish(translation, change="clarification")
    soup = soup_of(client, "/en/")
    assert text_of(soup.select_one(".featured .meta")).count("Updated") == 1
    assert "Updated" not in text_of(soup.select_one(".article-card .meta"))


def test_site_pages_are_in_no_list(site, client):
    for path in ("/en/", "/en/topics/", "/en/authors/ada/"):
        assert not [url for url in addresses(soup_of(client, path)) if "about" in url]


# Topics


@both_languages
def test_topics_count_what_can_be_read_in_this_language(site, client, code):
    other = next(item for item in LANGUAGES if item != code)
    factories.make_published_article(topics=[site.topic], languages=[code])
    factories.make_published_article(topics=[site.topic], languages=[other])
    draft = factories.make_article(topics=[site.topic])
    factories.make_translation(article=draft, language=code)
    empty = factories.make_topic(slug="empty")
    soup = soup_of(client, f"/{code}/topics/")
    words = {"zh-hans": "2篇文章", "en": "2 articles"}[code]
    assert [text_of(item) for item in soup.select(".topic-cards .meta")] == [words]
    assert empty.slug not in str(soup.main)
    in_rail = soup_of(client, f"/{code}/").select_one(".topic-list .num .visually-hidden")
    assert text_of(in_rail) == words


@both_languages
def test_one_article_is_counted_in_the_singular(site, client, code):
    words = {"zh-hans": "1篇文章", "en": "1 article"}[code]
    assert text_of(soup_of(client, f"/{code}/topics/").select_one(".meta")) == words


def test_topics_stand_in_the_order_editors_gave_them(site, client):
    for slug, position in (("last", 9), ("first", 1), ("second", 2)):
        topic = factories.make_topic(slug=slug)
        topic.position = position
        topic.save()
        factories.make_published_article(topics=[topic])
    links = [a["href"] for a in soup_of(client, "/en/topics/").select(".topic-cards a")]
    assert [link.split("/")[-2] for link in links] == ["sleep", "first", "second", "last"]


def test_article_shows_the_first_of_its_topics(db, client):
    topics = [factories.make_topic(slug=slug) for slug in ("zebra", "apple")]
    topics[0].position, topics[1].position = 1, 2
    for topic in topics:
        topic.save()
    factories.make_published_article(slug="one", topics=topics)
    soup = soup_of(client, "/en/articles/one/")
    assert soup.select_one(".topic-tag a")["href"] == "/en/topics/zebra/"
    assert soup_of(client, "/en/").select_one(".topic a")["href"] == "/en/topics/zebra/"


@both_languages
def test_topic_without_an_article_in_the_language_is_kept_out_of_indexes(db, client, code):
    topic = factories.make_topic(slug="food")
    other = next(item for item in LANGUAGES if item != code)
    factories.make_published_article(topics=[topic], languages=[other])
    empty = parse(client.get(f"/{code}/topics/food/").content).head
    assert empty.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    full = parse(client.get(f"/{other}/topics/food/").content).head
    assert full.find("link", rel="canonical")
    assert not full.find_all("link", hreflang=True)


def test_topic_that_the_language_has_no_name_for_is_left_out(db, client):
    topic = factories.make_topic(slug="only-chinese", languages=["zh-hans"])
    factories.make_published_article(slug="one", topics=[topic])
    assert not soup_of(client, "/en/articles/one/").select(".topic-tag")
    assert not soup_of(client, "/en/").select(".featured .topic")
    assert soup_of(client, "/zh-hans/articles/one/").select(".topic-tag")


@both_languages
def test_topic_without_articles_can_still_be_reached_and_says_so(db, client, code):
    factories.make_topic(slug="empty")
    soup = soup_of(client, f"/{code}/topics/empty/")
    assert not addresses(soup)
    assert len(soup.main.find_all("p")) >= 1


# Read next


def test_article_leads_on_to_two_others_of_its_topic_in_its_language(site, client, many_copies):
    many_copies(site.article, 3)
    factories.make_published_article(slug="unrelated")
    factories.make_published_article(slug="chinese", topics=[site.topic], languages=["zh-hans"])
    soup = soup_of(client, "/en/articles/evening-light/")
    assert [a["href"] for a in soup.select(".related h3 a")] == [
        "/en/articles/evening-light-01/",
        "/en/articles/evening-light-02/",
    ]
    assert not soup_of(client, "/en/articles/unrelated/").select(".related")


# Authors


@both_languages
def test_author_page_names_every_role_in_each_article(db, client, code):
    ada = factories.make_author(slug="ada")
    bo = factories.make_author(slug="bo")
    article = factories.make_article(slug="one", authors=[ada])
    article.contributions.create(author=ada, role="reviewer", position=1)
    article.contributions.create(author=bo, role="translator", position=2)
    factories.make_publication(
        translation=factories.make_translation(article=article, language=code)
    )
    both = {"zh-hans": "作者、审阅", "en": "Author and reviewer"}[code]
    for slug, roles in (("ada", both), ("bo", say(code, "Translator"))):
        soup = soup_of(client, f"/{code}/authors/{slug}/")
        words = say(code, "Role here") + say(code, ": ") + roles
        assert text_of(soup.select_one(".article-card .meta")) == words


@both_languages
def test_author_without_articles_has_a_page_that_says_so(db, client, code):
    factories.make_author(slug="ada", name="Ada Example")
    soup = soup_of(client, f"/{code}/authors/ada/")
    assert text_of(soup.h1) == "Ada Example"
    assert not soup.select(".article-card")
    assert text_of(soup.select_one("section[aria-labelledby=all] p"))


@both_languages
def test_inactive_author_is_not_listed_but_can_still_be_read_about(site, client, code):
    Author.objects.filter(slug="ada").update(is_active=False)
    assert "/authors/ada/" not in str(soup_of(client, f"/{code}/authors/").main)
    assert not soup_of(client, f"/{code}/").select(".people")
    assert soup_of(client, f"/{code}/authors/ada/")
    byline = soup_of(client, f"/{code}/articles/evening-light/").select_one(".byline")
    assert "Ada Example" in text_of(byline)


def test_author_with_articles_cannot_be_deleted(site):
    with pytest.raises(ProtectedError):
        site.author.delete()


def test_authors_are_listed_by_name(db, client):
    for slug, name in (("c", "Cleo"), ("a", "Ada"), ("b", "Bo")):
        factories.make_author(slug=slug, name=name)
    names = [text_of(tag) for tag in soup_of(client, "/en/authors/").select(".people h2")]
    assert names == ["Ada", "Bo", "Cleo"]


def test_list_without_authors_says_so(db, client):
    soup = soup_of(client, "/en/authors/")
    assert not soup.select(".people")
    assert text_of(soup.main.p)


def test_correction_of_a_name_shows_everywhere_at_once(site, client):
    words = AuthorTranslation.objects.get(author=site.author, language="en")
    words.name = "Ada Corrected"
    words.save()
    for path in ("/en/", "/en/authors/", "/en/authors/ada/", "/en/articles/evening-light/"):
        text = text_of(soup_of(client, path).main)
        assert "Ada Corrected" in text, path
        assert "Ada Example" not in text, path


# Registrations: a fact with a date


@pytest.fixture
def registration(site) -> Registration:
    return factories.make_registration(
        author=site.author,
        number="82021301",
        checked_on=datetime.date(2026, 1, 10),
        valid_until=datetime.date(2099, 3, 31),
    )


REGISTRATION_PLACES = (
    "/{}/articles/evening-light/",
    "/{}/authors/",
    "/{}/authors/ada/",
    "/{}/",
)


@both_languages
@pytest.mark.parametrize("path", REGISTRATION_PLACES)
def test_registration_loses_its_badge_by_itself_the_day_after_it_ends(
    registration, client, path, code
):
    dates = {
        "zh-hans": ("2026年1月10日", "2099年3月31日"),
        "en": ("10 January 2026", "31 March 2099"),
    }[code]
    checked = say(code, "register checked on %(date)s", date=dates[0])
    lapsed = say(code, "lapsed after %(date)s", date=dates[1])
    # The last day in the site's own time zone, which is ahead of UTC.
    with time_machine.travel("2099-03-31T23:30:00+13:00", tick=False):
        entries = soup_of(client, path.format(code)).select(".registration")
        assert all("registration--confirmed" in entry["class"] for entry in entries)
        assert all(checked in text_of(entry) for entry in entries)
    with time_machine.travel("2099-04-01T00:30:00+13:00", tick=False):
        later = soup_of(client, path.format(code)).select(".registration")
        assert not any("registration--confirmed" in entry["class"] for entry in later)
        assert all(lapsed in text_of(entry) for entry in later)
    assert len(entries) == len(later) >= 1
    assert all("82021301" in text_of(entry) for entry in later)


@both_languages
def test_registration_that_nobody_checked_has_no_badge(site, client, code):
    factories.make_registration(author=site.author, number="20-02273")
    soup = soup_of(client, f"/{code}/authors/ada/")
    assert not soup.select(".registration--confirmed")
    words = say(code, "as stated by the author or the original; not yet checked in a register")
    assert words in text_of(soup.select_one(".registration__state"))


# The glossary


@both_languages
def test_glossary_gives_each_term_with_its_counterpart(db, client, code):
    factories.make_term(key="calcidiol", zh="骨化二醇", en="calcidiol")
    factories.make_term(key="cofactor", zh="辅因子", en="cofactor")
    other = next(item for item in LANGUAGES if item != code)
    entries = soup_of(client, f"/{code}/glossary/").select("dl.glossary dt")
    assert [entry["id"] for entry in entries] == ["calcidiol", "cofactor"]
    words = {"zh-hans": "骨化二醇", "en": "calcidiol"}
    assert text_of(entries[0]) == f"{words[code]} {words[other]}"
    assert entries[0].select_one(".other")["lang"] == TAGS[other]


def test_everything_here_was_made_by_publishing(site):
    """The copies of these tests are like what the service makes, or the tests prove little."""
    assert Publication.objects.count() == 4
    assert Article.objects.count() == 2
