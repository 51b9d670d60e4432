"""What is said of a review follows from signatures and roles, and is never more than they give."""

import datetime
import itertools
from types import SimpleNamespace

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from articles.bylines import byline
from articles.models import Contribution, ReviewSignature
from articles.reviews import Review, changed_units, insider_sentence, reviews_of
from tests import factories

DAY = datetime.datetime(2026, 3, 5, 12, tzinfo=datetime.UTC)
NOT_REVIEWED = "Not independently reviewed."
NAMED = "Reviewer named by the editors; no signed review of this version is on record."


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


# Signatures and publications


def signature(slug: str, *, hash_: str = "a", number: int = 1, digests=None, day: int = 0):
    return SimpleNamespace(
        author=SimpleNamespace(slug=slug),
        revision=SimpleNamespace(number=number),
        content_hash=hash_,
        unit_digests=digests or {"b1": "1"},
        signed_at=DAY + datetime.timedelta(days=day),
    )


def published(*, hash_: str = "a", number: int = 5, digests=None):
    return SimpleNamespace(
        revision=SimpleNamespace(content_hash=hash_, number=number),
        unit_digests={"b1": ["1"]} if digests is None else digests,
    )


def test_signature_under_the_very_text_is_exact_whatever_revision_it_names():
    for number in (1, 5, 9):
        found = reviews_of(published(), [signature("jane", number=number)])
        assert found == {"jane": Review("jane", DAY, is_exact=True, changed=0)}


def test_signature_under_an_earlier_text_counts_what_changed_since():
    text = published(hash_="b", digests={"b1": ["2", "1"], "b2": ["1"]})
    found = reviews_of(text, [signature("jane", digests={"b1": "1", "b3": "1"})])
    # b1 differs (a mended typing error too), b2 is new, b3 is gone.
    assert found == {"jane": Review("jane", DAY, is_exact=False, changed=3)}


def test_signature_under_a_later_draft_says_nothing_of_what_is_published():
    assert reviews_of(published(hash_="b"), [signature("jane", number=6)]) == {}


def test_exact_signature_counts_before_a_newer_one_that_is_not():
    signatures = [signature("jane", hash_="x", number=4, day=9), signature("jane", number=2)]
    assert reviews_of(published(), signatures)["jane"].is_exact


def test_newest_of_several_signatures_counts():
    signatures = [signature("jane", day=3), signature("jane", day=1)]
    assert reviews_of(published(), signatures)["jane"].signed_at == signatures[0].signed_at
    earlier = [signature("jane", hash_="x", day=3), signature("jane", hash_="y", day=1)]
    assert reviews_of(published(), earlier)["jane"].signed_at == earlier[0].signed_at


def test_what_nobody_recorded_is_not_counted():
    assert changed_units({}, {"b1": "1"}) is None
    assert changed_units({"b1": ["1"]}, {}) is None


DIGESTS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from("123"), min_size=1)


@given(DIGESTS, DIGESTS)
def test_count_of_changes_is_nought_only_where_nothing_changed(now, signed):
    changed = changed_units({unit: [digest, "9"] for unit, digest in now.items()}, signed)
    assert (changed == 0) == (now == signed)
    assert changed <= len(now.keys() | signed.keys())


# Words

pytest_db = pytest.mark.django_db
EXACT = Review("jane", DAY, is_exact=True, changed=0)


def review_text_of(*roles: str, review: Review | None = EXACT, others=()) -> str:
    """What the byline says of Jane, who has these roles, and of others as (slug, role)."""
    for slug in {"jane", *(slug for slug, _role in others)}:
        factories.make_author(slug=slug, name=slug.title())
    contributions = [{"author": "jane", "role": role} for role in roles]
    contributions += [{"author": slug, "role": role} for slug, role in others]
    return byline(contributions, "en", {review.author: review} if review else {}).review_text


@pytest_db
@pytest.mark.parametrize(
    ("review", "text"),
    [
        (EXACT, "This exact version was reviewed by Jane on 6 March 2026."),
        (
            Review("jane", DAY, is_exact=False, changed=1),
            "1 passage has changed since the review by Jane on 6 March 2026.",
        ),
        (
            Review("jane", DAY, is_exact=False, changed=7),
            "7 passages have changed since the review by Jane on 6 March 2026.",
        ),
        (
            Review("jane", DAY, is_exact=False, changed=0),
            "No passage has changed since the review by Jane on 6 March 2026, but other details"
            " have.",
        ),
        (
            Review("jane", DAY, is_exact=False),
            "An earlier version was reviewed by Jane on 6 March 2026.",
        ),
        (None, NAMED),
    ],
)
def test_words_on_a_review_follow_from_the_signature(review, text):
    assert review_text_of("reviewer", review=review, others=[("ann", "author")]) == text


@pytest_db
@pytest.mark.parametrize(
    ("role", "others", "text"),
    [("author", [], NOT_REVIEWED), ("editor", [("ann", "reviewer")], NAMED)],
)
def test_signature_of_somebody_who_is_not_named_as_a_reviewer_does_not_count(role, others, text):
    assert review_text_of(role, others=others) == text


@pytest_db
@pytest.mark.parametrize(
    ("roles", "is_insider"),
    [
        (("reviewer",), False),
        (("reviewer", "editor"), False),
        (("author", "reviewer"), True),
        (("translator", "reviewer"), True),
        (("author", "translator", "editor", "reviewer"), True),
    ],
)
def test_signature_of_whoever_made_the_text_is_never_called_independent(roles, is_insider):
    text = review_text_of(*roles)
    assert text.startswith("This exact version was reviewed by Jane")
    assert ("this is not independent review" in text) == is_insider


@pytest_db
def test_words_never_call_a_review_independent():
    roles = ("author", "reviewer", "translator", "editor")
    factories.make_author(slug="jane", name="Jane")
    reviews = [None, EXACT, Review("jane", DAY, is_exact=False, changed=2)]
    for size in range(len(roles) + 1):
        for chosen in itertools.combinations(roles, size):
            for review in reviews:
                contributions = [{"author": "jane", "role": role} for role in chosen]
                found = byline(contributions, "en", {"jane": review} if review else {}).review_text
                negated = found.replace("not independent review", "").replace(NOT_REVIEWED, "")
                assert "independent" not in negated
                assert ("Jane" in found) == ("reviewer" in chosen and review is not None)


@pytest_db
def test_two_reviewers_who_signed_are_both_named_and_an_unsigned_one_is_not():
    for slug in ("jane", "ann", "eve"):
        factories.make_author(slug=slug, name=slug.title())
    contributions = [{"author": slug, "role": "reviewer"} for slug in ("jane", "ann", "eve")]
    reviews = {"jane": EXACT, "ann": Review("ann", DAY, is_exact=False, changed=2)}
    text = byline(contributions, "en", reviews).review_text
    assert text.index("Jane") < text.index("Ann")
    assert "Eve" not in text
    assert ". 2 passages" in text
    with translation.override("zh-hans"):
        assert " " not in byline(contributions, "zh-hans", reviews).review_text.split("Ann")[0][-3:]


def test_nothing_is_added_of_an_outsider():
    assert insider_sentence("Jane", ["reviewer", "editor"]) == ""
    assert insider_sentence("Jane", ["reviewer", "author"])
    assert insider_sentence("Jane", ["reviewer", "author"]) != insider_sentence(
        "Jane", ["reviewer", "translator"]
    )


# In the database


@pytest_db
def test_reviews_of_a_publication_come_from_its_own_text_in_one_query(django_assert_num_queries):
    article = factories.make_revised_article()
    other = factories.make_revised_article()
    text = article.translations.get(language="en")
    reviewer = Contribution.objects.get(article=article, role="reviewer").author
    publications = {item.number: item for item in text.publications.select_related("revision")}
    assert ReviewSignature.objects.filter(translation__article=other).count() == 2
    with django_assert_num_queries(1):
        signatures = list(ReviewSignature.objects.of_text(text))
        found = {
            number: reviews_of(publication, signatures)
            for number, publication in publications.items()
        }
    assert found[1] == {}
    assert found[2][reviewer.slug].is_exact
    assert (found[3][reviewer.slug].is_exact, found[3][reviewer.slug].changed) == (False, 1)


@pytest_db
def test_signers_have_their_name_in_the_language_asked_for(django_assert_num_queries):
    article = factories.make_revised_article()
    text = article.translations.get(language="en")
    reviewer = Contribution.objects.get(article=article, role="reviewer").author
    reviewer.translations.filter(language="zh-hans").update(name="博")
    with django_assert_num_queries(1):
        assert [item.name for item in ReviewSignature.objects.of_text(text).with_names("en")] == [
            "Bo Example"
        ]
    assert ReviewSignature.objects.of_text(text).with_names("zh-hans").get().name == "博"
    reviewer.translations.filter(language="zh-hans").delete()
    assert ReviewSignature.objects.of_text(text).with_names("zh-hans").get().name is None


@pytest_db
def test_signatures_come_newest_first():
    article = factories.make_revised_article()
    text = article.translations.get(language="en")
    publication = text.publications.get(number=1)
    later = factories.make_signature(
        publication=publication,
        author=factories.make_author(),
        signed_at=timezone.now() + datetime.timedelta(hours=1),
    )
    assert ReviewSignature.objects.of_text(text).first() == later
