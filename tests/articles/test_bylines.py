"""The byline overstates nothing: what it says of review follows from the recorded roles."""

import itertools

import pytest
from django.utils import translation

from articles.bylines import byline, join_names, join_words
from tests.factories import make_author

pytestmark = pytest.mark.django_db

NOT_REVIEWED = "Not independently reviewed."
ALSO_AUTHOR = "The reviewer is also an author; this is not independent review."
NAMED = "Reviewer named by the editors; no signed review of this version is on record."


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def byline_of(*roles: tuple[str, str], language: str = "en"):
    """A byline from pairs of author and role; the authors are made."""
    for slug in {author for author, _role in roles}:
        make_author(slug=slug, name=slug.title())
    return byline([{"author": author, "role": role} for author, role in roles], language)


@pytest.mark.parametrize(
    ("roles", "text"),
    [
        ([], NOT_REVIEWED),
        ([("louise", "author")], NOT_REVIEWED),
        ([("louise", "author"), ("jane", "translator"), ("ann", "editor")], NOT_REVIEWED),
        ([("louise", "author"), ("louise", "editor")], NOT_REVIEWED),
        ([("louise", "author"), ("louise", "reviewer")], ALSO_AUTHOR),
        ([("louise", "reviewer"), ("louise", "author")], ALSO_AUTHOR),
        ([("louise", "author"), ("jane", "author"), ("jane", "reviewer")], ALSO_AUTHOR),
        (
            [("louise", "author"), ("louise", "reviewer"), ("jane", "reviewer")],
            ALSO_AUTHOR,
        ),
        ([("louise", "author"), ("jane", "reviewer")], NAMED),
        ([("jane", "reviewer")], NAMED),
        ([("louise", "author"), ("jane", "reviewer"), ("ann", "reviewer")], NAMED),
        ([("louise", "author"), ("jane", "editor"), ("jane", "reviewer")], NAMED),
    ],
)
def test_words_on_review_follow_from_the_roles(roles, text):
    assert byline_of(*roles).review_text == text


def test_no_combination_of_roles_calls_a_review_independent():
    """No signed review is recorded yet, so nothing may say that there was one."""
    roles = ("author", "reviewer", "translator", "editor")
    for author in ("louise", "jane"):
        make_author(slug=author)
    pairs = list(itertools.product(("louise", "jane"), roles))
    for size in range(len(pairs) + 1):
        for chosen in itertools.combinations(pairs, size):
            found = byline([{"author": a, "role": r} for a, r in chosen], "en").review_text
            reviewers = {a for a, r in chosen if r == "reviewer"}
            authors = {a for a, r in chosen if r == "author"}
            expected = NAMED if reviewers else NOT_REVIEWED
            assert found == (ALSO_AUTHOR if reviewers & authors else expected)


def test_words_on_review_are_in_the_language_in_force():
    with translation.override("zh-hans"):
        found = {
            byline_of(("louise", "author"), language="zh-hans").review_text,
            byline_of(("jane", "author"), ("jane", "reviewer"), language="zh-hans").review_text,
            byline_of(("ann", "reviewer"), language="zh-hans").review_text,
        }
    assert len(found) == 3


def test_author_with_two_roles_comes_once_with_both():
    line = byline_of(("louise", "author"), ("jane", "translator"), ("louise", "reviewer"))
    assert [(item.profile.slug, item.roles) for item in line.credits] == [
        ("louise", ("author", "reviewer")),
        ("jane", ("translator",)),
    ]
    assert line.credits[0].roles_text == "Author and reviewer"
    assert line.credits[1].roles_text == "Translator"


def test_byline_keeps_the_editors_order():
    line = byline_of(("zoe", "author"), ("ann", "author"), ("mia", "editor"))
    assert [item.profile.slug for item in line.credits] == ["zoe", "ann", "mia"]


def test_authors_are_those_with_that_role():
    line = byline_of(("zoe", "editor"), ("ann", "reviewer"), ("ann", "author"), ("mia", "author"))
    assert [item.profile.slug for item in line.authors] == ["ann", "mia"]


def test_author_who_is_not_described_in_the_language_is_left_out():
    make_author(slug="louise").translations.filter(language="en").delete()
    contributions = [{"author": "louise", "role": "author"}]
    assert byline(contributions, "en").credits == ()
    assert len(byline(contributions, "zh-hans").credits) == 1


def test_byline_has_the_names_of_the_language_asked_for():
    line = byline_of(("louise", "author"), language="zh-hans")
    assert line.credits[0].profile.words.language == "zh-hans"


def test_byline_takes_two_queries_however_long(django_assert_num_queries):
    slugs = [make_author().slug for _number in range(4)]
    with django_assert_num_queries(2):
        line = byline([{"author": slug, "role": "author"} for slug in slugs], "en")
        assert [item.profile.words.name for item in line.credits] == ["Test Author"] * 4


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ([], ""),
        (["Author"], "Author"),
        (["Author", "Reviewer"], "Author and reviewer"),
        (["Author", "Reviewer", "Editor"], "Author, reviewer and editor"),
        (["Author", "Reviewer", "Translator", "Editor"], "Author, reviewer, translator and editor"),
    ],
)
def test_words_are_joined_as_english_joins_them(words, text):
    assert join_words(words) == text


@pytest.mark.parametrize(
    ("language", "text"), [("en", "Louise Lu, Jane Doe"), ("zh-hans", "Louise Lu、Jane Doe")]
)
def test_names_are_joined_as_their_language_lists_them(language, text):
    assert join_names(["Louise Lu", "Jane Doe"], language) == text
    assert join_names(["Louise Lu"], language) == "Louise Lu"
