"""The public log: every version readers could read, none that they could not, and what changed."""

import datetime
from collections import Counter

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import services
from articles.models import ArticleSlug, Contribution, Publication
from tests import factories
from tests.crawl import LANGUAGES, TAGS, parse, text_of

pytestmark = pytest.mark.django_db

both_languages = pytest.mark.parametrize("code", LANGUAGES)
both_kinds = pytest.mark.parametrize(
    ("kind", "path"), [("article", "/{}/articles/one/"), ("page", "/{}/one/")]
)


@pytest.fixture
def revised():
    return factories.make_revised_article(slug="revised")


def soup_of(client, path: str, status: int = 200) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == status, path
    return parse(response.content)


def numbers_in(log: BeautifulSoup) -> list[int]:
    """The versions of a log, by the addresses where they can be read."""
    links = [entry.select_one(".log-entry__links a")["href"] for entry in log.select(".log-entry")]
    return [int(link.rstrip("/").rsplit("/", 1)[1]) for link in links]


def publish_again(translation, body: str, *, change: str = "clarification", **fields):
    translation.refresh_from_db()
    translation.body = body
    translation.save()
    return factories.make_publication(translation=translation, change=change, **fields)


# The log


@both_languages
def test_log_lists_every_version_newest_first_with_what_kind_of_change_it_was(
    client, revised, code
):
    log = soup_of(client, f"/{code}/articles/revised/history/")
    assert numbers_in(log) == [3, 2, 1]
    labels = [text_of(tag) for tag in log.select(".log-entry__change")]
    assert len(set(labels)) == 3
    assert [bool(entry.select(".log-entry__current")) for entry in log.select(".log-entry")] == [
        True,
        False,
        False,
    ]
    last = revised.translations.get(language=code).publications.get(number=3)
    notes = [text_of(tag) for tag in log.select(".log-entry__note")]
    assert notes == [last.public_note]
    times = [tag["datetime"] for tag in log.select(".log-entry time")]
    assert [datetime.datetime.fromisoformat(value) for value in times] == [
        at.replace(microsecond=0)
        for at in last.translation.publications.values_list("live_from", flat=True)
    ]


def test_note_of_an_editor_is_plain_text(client):
    translation = factories.make_translation(
        article=factories.make_article(slug="one"), language="en"
    )
    factories.make_publication(translation=translation)
    publish_again(translation, "Other.", public_note="<script>alert(1)</script>")
    for path in ("history/", "history/1..2/"):
        response = client.get(f"/en/articles/one/{path}")
        assert b"<script>" not in response.content
        assert b"&lt;script&gt;" in response.content


def test_nobody_who_has_an_account_is_named_in_public(client, django_user_model):
    editor = django_user_model.objects.create_user("the-account", first_name="Zaphod")
    translation = factories.make_translation(
        article=factories.make_article(slug="one"), language="en"
    )
    publication = factories.make_publication(translation=translation, user=editor)
    assert publication.published_by == editor
    for path in ("", "history/", "history/1/", "history/1..1/"):
        html = client.get(f"/en/articles/one/{path}").content.decode()
        assert "the-account" not in html
        assert "Zaphod" not in html


@both_kinds
def test_version_to_come_is_nowhere_until_its_time(client, kind, path):
    article = factories.make_published_article(slug="one", kind=kind, languages=["en"])
    start = timezone.now()
    later = start + datetime.timedelta(hours=1)
    publish_again(article.translations.get(), "A secret to come.", live_from=later)
    path = path.format("en")
    assert numbers_in(soup_of(client, f"{path}history/")) == [1]
    assert text_of(soup_of(client, path).select_one(".history-link")).count("(1)") == 1
    for end in ("history/2/", "history/1..2/", "history/2..1/", "history/?from=1&to=2"):
        assert client.get(f"{path}{end}").status_code == 404, end
    with time_machine.travel(later + datetime.timedelta(seconds=1), tick=False):
        assert numbers_in(soup_of(client, f"{path}history/")) == [2, 1]
        assert "A secret to come." in text_of(soup_of(client, f"{path}history/2/").main)
        assert client.get(f"{path}history/1..2/").status_code == 200


def test_version_that_was_replaced_before_its_time_never_was_public(client):
    article = factories.make_published_article(slug="one", languages=["en"])
    translation = article.translations.get()
    start = timezone.now()
    later = start + datetime.timedelta(hours=1)
    publish_again(translation, "Planned and dropped.", live_from=later)
    publish_again(translation, "What came instead.")
    with time_machine.travel(later + datetime.timedelta(days=1), tick=False):
        assert numbers_in(soup_of(client, "/en/articles/one/history/")) == [3, 1]
        assert client.get("/en/articles/one/history/2/").status_code == 404
        assert client.get("/en/articles/one/history/1..2/").status_code == 404
        assert "(2)" in text_of(soup_of(client, "/en/articles/one/").select_one(".history-link"))


def test_version_that_was_public_until_a_planned_one_came_is_in_the_log(client):
    article = factories.make_published_article(slug="one", languages=["en"])
    translation = article.translations.get()
    later = timezone.now() + datetime.timedelta(hours=1)
    publish_again(translation, "For an hour.")
    publish_again(translation, "Planned.", live_from=later)
    with time_machine.travel(later + datetime.timedelta(days=1), tick=False):
        assert numbers_in(soup_of(client, "/en/articles/one/history/")) == [3, 2, 1]


def test_typing_error_moves_no_date_and_a_full_review_moves_both(client):
    article = factories.make_published_article(slug="one", languages=["en"])
    translation = article.translations.get()
    for change in ("typo", "clarification", "full_review"):
        publish_again(translation, f"Text after {change}.", change=change)
    entries = soup_of(client, "/en/articles/one/history/").select(".log-entry")
    moved = [[text_of(tag) for tag in entry.select(".log-entry__fine")] for entry in entries]
    assert [len(words) for words in moved] == [1, 1, 0, 0]
    assert moved[0] != moved[1]


@both_languages
def test_log_is_linked_from_the_text_with_the_number_of_its_entries(client, revised, code):
    link = soup_of(client, f"/{code}/articles/revised/").select_one(".history-link a")
    assert link["href"] == f"/{code}/articles/revised/history/"
    assert "3" in text_of(link)
    assert client.get(link["href"]).status_code == 200


def test_log_of_a_site_page_is_linked_too(client):
    factories.make_published_article(slug="one", kind="page")
    link = soup_of(client, "/en/one/").select_one(".history-link a")
    assert numbers_in(soup_of(client, link["href"])) == [1]


# Where there is no text, there is no log

ENDS = ("history/", "history/1/", "history/1..1/", "history/?from=1&to=1")
every_end = pytest.mark.parametrize("end", ENDS)


@every_end
@both_kinds
@both_languages
def test_log_of_a_withdrawn_text_is_gone_with_it(client, kind, path, end, code):
    article = factories.make_published_article(slug="one", kind=kind)
    services.withdraw(article.translations.get(language=code), note="It was wrong.")
    soup = soup_of(client, path.format(code) + end, status=410)
    assert text_of(soup.select_one(".reason")) == "It was wrong."
    other = next(item for item in LANGUAGES if item != code)
    assert client.get(path.format(other) + end, follow=True).status_code == 200


@every_end
@both_kinds
def test_log_in_a_language_without_the_text_answers_as_the_text_does(client, kind, path, end):
    factories.make_published_article(slug="one", kind=kind, languages=["zh-hans"])
    soup = soup_of(client, path.format("en") + end, status=404)
    assert soup.main.find("a", href=path.format("zh-hans"))


@every_end
def test_old_address_of_a_log_leads_to_the_log(client, revised, end):
    ArticleSlug.objects.create(article=revised, slug="once")
    response = client.get(f"/en/articles/once/{end}")
    path = f"/en/articles/revised/{end}".partition("?")[0]
    assert (response.status_code, response.url) == (301, path)


@every_end
def test_log_of_a_draft_is_404(client, end):
    translation = factories.make_translation(
        article=factories.make_article(slug="one"), language="en", title="Secret"
    )
    services.save_revision(translation)
    response = client.get(f"/en/articles/one/{end}")
    assert response.status_code == 404
    assert b"Secret" not in response.content


BAD_NUMBERS = ("0", "-1", "01", "4", "999999", "1000000", "9" * 5000, "1.0", "x", "%00", "١", "1_0")


@pytest.mark.parametrize("number", BAD_NUMBERS, ids=lambda value: value[:8])
def test_version_that_is_not_there_is_404_however_it_is_asked_for(client, revised, number):
    start = "/en/articles/revised/history/"
    for end in (f"{number}/", f"1..{number}/", f"{number}..1/", f"?from=1&to={number}"):
        assert client.get(start + end).status_code == 404, end


@pytest.mark.parametrize("query", ["?from=", "?to=1", "?from=1", "?other=x", "?from=&to=x"])
def test_half_a_choice_is_no_choice(client, revised, query):
    assert numbers_in(soup_of(client, f"/en/articles/revised/history/{query}")) == [3, 2, 1]


# One version


@both_languages
def test_version_is_read_as_it_was_published_under_a_line_that_says_so(client, revised, code):
    base = f"/{code}/articles/revised/"
    for number in (1, 2, 3):
        soup = soup_of(client, f"{base}history/{number}/")
        own = revised.translations.get(language=code).publications.get(number=number)
        prose = soup.select_one(".prose")
        assert text_of(prose) == text_of(parse(own.body_html))
        notice = soup.select_one(".version-notice")
        assert str(number) in text_of(notice.p)
        links = {a["href"] for a in notice.find_all("a")}
        expected = {base, f"{base}history/"}
        assert links == expected | ({f"{base}history/{number}..3/"} if number < 3 else set())


def test_title_of_a_version_is_the_one_it_had(client, revised):
    translation = revised.translations.get(language="en")
    translation.title = "A better title"
    publish_again(translation, factories.REVISED["en"][2])
    translation.refresh_from_db()
    soup = soup_of(client, "/en/articles/revised/history/1/")
    assert text_of(soup.h1) == factories.TITLES["en"]


@both_languages
def test_version_is_not_indexed_and_so_names_no_true_address(client, revised, code):
    soup = soup_of(client, f"/{code}/articles/revised/history/1/")
    assert soup.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    assert not soup.find_all("link", rel=["canonical", "alternate"])
    assert soup.main.find("a", href=f"/{code}/articles/revised/")


@both_languages
def test_language_switch_leads_from_a_version_to_the_log_of_the_other_language(
    client, revised, code
):
    other = next(item for item in LANGUAGES if item != code)
    for end in ("history/1/", "history/1..2/"):
        soup = soup_of(client, f"/{code}/articles/revised/{end}")
        links = {a["hreflang"]: a["href"] for a in soup.select(".lang-switch a")}
        assert links[TAGS[other]] == f"/{other}/articles/revised/history/"
        assert links[TAGS[code]] == f"/{code}/articles/revised/{end}"


def test_version_carries_no_news_of_today(client, revised):
    """What is true of the current text is not said of an old one."""
    soup = soup_of(client, "/en/articles/revised/history/1/")
    assert not soup.select(".lag-notice, .history-link, .related")


# Two versions


def changes_in(soup: BeautifulSoup) -> Counter:
    return Counter(
        name.removeprefix("unit-change--")
        for tag in soup.select(".unit-change")
        for name in tag["class"]
        if "--" in name
    )


@both_languages
def test_difference_of_two_versions_can_be_read_out_of_the_page(client, revised, code):
    soup = soup_of(client, f"/{code}/articles/revised/history/1..2/")
    for hidden in soup.select(".visually-hidden"):
        hidden.extract()
    old, new = (
        next(
            paragraph
            for paragraph in body.split("\n\n")
            if paragraph not in factories.REVISED[code][1 - place]
        )
        for place, body in enumerate(factories.REVISED[code][:2])
    )
    (change,) = soup.select(".unit-change .text-diff")
    without_new = parse(str(change))
    for tag in without_new.find_all("ins"):
        tag.extract()
    for tag in change.find_all("del"):
        tag.extract()
    assert (without_new.get_text().strip(), change.get_text().strip()) == (old, new)


def test_moves_are_shown_as_moves_and_what_is_the_same_is_folded(client, revised):
    soup = soup_of(client, "/zh-hans/articles/revised/history/1..3/")
    assert changes_in(soup) == {"moved": 1, "changed": 1, "added": 1, "removed": 1}
    moved = soup.select_one(".unit-change--moved")
    assert not moved.find_all(["del", "ins"])
    folded = soup.select("details.unchanged")
    assert folded
    assert not any(tag.has_attr("open") for tag in folded)
    assert not any(tag.find_all(["del", "ins"]) for tag in folded)
    assert factories.TITLES["zh-hans"] in text_of(folded[0])


def test_change_is_told_without_colour_and_without_sight(client, revised):
    soup = soup_of(client, "/en/articles/revised/history/1..2/")
    marks = soup.select(".unit-change del, .unit-change ins")
    assert marks
    for mark in marks:
        hidden = mark.select(".visually-hidden")
        assert len(hidden) == 2
        assert all(text_of(tag) for tag in hidden)


def test_steps_between_two_versions_are_told_in_the_editors_words(client, revised):
    soup = soup_of(client, "/en/articles/revised/history/1..3/")
    steps = [text_of(step) for step in soup.select(".steps li")]
    assert len(steps) == 2
    assert "Say what to put away." in steps[1]
    soup = soup_of(client, "/en/articles/revised/history/1..2/")
    assert len(soup.select(".steps li")) == 1


def test_change_of_a_grade_is_told_although_no_passage_says_it(client):
    article = factories.make_article(slug="one")
    reference = factories.make_reference(article=article)
    claim = factories.make_claim(article=article, grade="limited", references=[reference])
    body = "A claim.{claim:C1}\n\n[[references]]\n"
    translation = factories.make_translation(article=article, language="en", body=body)
    factories.make_statement(translation=translation, claim=claim, basis="A reason.[@smith2020]")
    factories.make_publication(translation=translation)
    claim.grade = "moderate"
    claim.save()
    publish_again(translation, body, change="evidence")
    soup = soup_of(client, "/en/articles/one/history/1..2/")
    assert changes_in(soup) == {"changed": 1}
    assert text_of(soup.select_one(".unit-change ins")).count("Moderate") == 1


@both_languages
def test_version_compared_with_itself_is_the_same(client, revised, code):
    soup = soup_of(client, f"/{code}/articles/revised/history/2..2/")
    assert not soup.select(".unit-change, .unchanged, .steps")


def test_form_leads_to_the_one_address_of_a_comparison(client, revised):
    log = soup_of(client, "/en/articles/revised/history/")
    form = log.select_one("form.change-log")
    assert form["method"] == "get"
    for name in ("from", "to"):
        radios = form.select(f"input[type=radio][name={name}]")
        assert [radio["value"] for radio in radios] == ["3", "2", "1"]
        assert len([radio for radio in radios if radio.has_attr("checked")]) == 1
        assert len({text_of(radio.find_parent("label")) for radio in radios}) == 3
    for query in ("from=1&to=3", "from=3&to=1"):
        response = client.get(f"{form['action']}?{query}")
        assert response.status_code == 302
        assert response.url == "/en/articles/revised/history/1..3/"
        assert "max-age=0" in response.headers["Cache-Control"]
    assert client.get("/en/articles/revised/history/3..1/").url == response.url
    assert client.get(response.url).status_code == 200


def test_log_with_one_version_has_nothing_to_choose(client):
    factories.make_published_article(slug="one", languages=["en"])
    log = soup_of(client, "/en/articles/one/history/")
    assert not log.select("input, button")
    assert len(log.select(".log-entry__links a")) == 1


def test_comparison_is_not_indexed(client, revised):
    soup = soup_of(client, "/en/articles/revised/history/1..2/")
    assert soup.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    assert not soup.find("link", rel="canonical")


# A translation that lags


def test_readers_of_a_translation_that_lags_are_told_and_led_to_the_source(client, revised):
    notice = soup_of(client, "/en/articles/revised/").select_one(".lag-notice")
    assert notice.a["href"] == "/zh-hans/articles/revised/"
    assert "1" in text_of(notice)
    assert not soup_of(client, "/zh-hans/articles/revised/").select(".lag-notice")


@both_kinds
def test_notice_goes_when_the_translation_follows(client, kind, path):
    article = factories.make_published_article(slug="one", kind=kind)
    source, translation = (article.translations.get(language=code) for code in LANGUAGES)
    assert not soup_of(client, path.format("en")).select(".lag-notice")
    publish_again(source, "晚上的光线会推迟睡眠。\n\n## 为什么 {#why}\n\n眼睛会告诉大脑。\n")
    assert soup_of(client, path.format("en")).select(".lag-notice")
    body = "Evening light delays sleep.\n\n## Why {#why}\n\nThe eye tells the brain.\n"
    publish_again(translation, body)
    assert not soup_of(client, path.format("en")).select(".lag-notice")


def test_mended_typing_error_makes_no_translation_lag(client):
    article = factories.make_published_article(slug="one")
    source = article.translations.get(language="zh-hans")
    publish_again(source, factories.BODIES["zh-hans"].replace("影响", "影晌"), change="typo")
    assert not soup_of(client, "/en/articles/one/").select(".lag-notice")


def test_nothing_is_said_of_a_source_that_cannot_be_read(client, revised):
    services.withdraw(revised.translations.get(language="zh-hans"), note="误译")
    assert not soup_of(client, "/en/articles/revised/").select(".lag-notice")


def test_change_of_the_source_that_is_still_to_come_is_not_given_away(client):
    article = factories.make_published_article(slug="one")
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    source = article.translations.get(language="zh-hans")
    publish_again(source, "全都不同了。", live_from=tomorrow)
    assert not soup_of(client, "/en/articles/one/").select(".lag-notice")
    with time_machine.travel(tomorrow + datetime.timedelta(hours=1), tick=False):
        assert soup_of(client, "/en/articles/one/").select(".lag-notice")


# Reviews


@both_languages
def test_version_that_was_signed_says_so_and_the_next_one_says_what_changed(client, revised, code):
    words = {
        number: text_of(
            soup_of(client, f"/{code}/articles/revised/history/{number}/").select_one(
                ".review-line p"
            )
        )
        for number in (1, 2, 3)
    }
    assert "Bo Example" not in words[1]
    assert "Bo Example" in words[2]
    assert "Bo Example" in words[3]
    assert len(set(words.values())) == 3
    current = soup_of(client, f"/{code}/articles/revised/").select_one(".review-line p")
    assert text_of(current) == words[3]
    signed = soup_of(client, f"/{code}/articles/revised/history/").select(".log-entry__fine")
    assert [text_of(tag) for tag in signed if "Bo Example" in text_of(tag)] == [words[2]]


def test_last_reviewed_is_the_date_of_a_full_review_and_of_nothing_else(client, revised):
    before = soup_of(client, "/en/articles/revised/").select(".dates time")
    translation = revised.translations.get(language="en")
    publish_again(translation, "Whole and new.", change="full_review")
    after = soup_of(client, "/en/articles/revised/").select(".dates time")
    assert len(after) == len(before) + 1


# What it costs


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("/en/articles/revised/", 7),
        ("/en/articles/revised/history/", 5),
        ("/en/articles/revised/history/1/", 6),
        ("/en/articles/revised/history/1..3/", 4),
    ],
)
def test_log_costs_the_same_with_three_versions_and_with_thirty(client, revised, path, limit):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    few = count()
    translation = revised.translations.get(language="en")
    reviewers = [factories.make_author(name=f"Reviewer {number}") for number in range(3)]
    for place, reviewer in enumerate(reviewers):
        Contribution.objects.create(
            article=revised, author=reviewer, role="reviewer", position=place + 2
        )
    for number in range(27):
        publication = publish_again(translation, f"Text {number}.", change="typo")
        factories.make_signature(publication=publication, author=reviewers[number % 3])
    assert Publication.objects.public_log().filter(translation=translation).count() == 30
    assert few <= limit
    assert count() == few
