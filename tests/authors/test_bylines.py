"""Authors as a page prints them: names, monograms, and registrations that lapse by themselves."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from authors.bylines import profiles
from authors.models import Author, AuthorTranslation, Registration, RegistrationTranslation
from tests.factories import make_author, make_registration

pytestmark = pytest.mark.django_db

LAST_DAY = datetime.date(2026, 5, 31)
CHECKED = datetime.date(2026, 5, 1)
NOON = datetime.datetime(2026, 5, 31, 12, tzinfo=timezone.get_default_timezone())
DAY = datetime.timedelta(days=1)


# Monograms


@pytest.mark.parametrize(
    ("name", "monogram"),
    [
        ("Louise W. Lu", "LL"),
        ("Alexandra V Goldberg", "AG"),
        ("alexandra goldberg", "AG"),
        ("Louise", "L"),
        ("  Louise   Lu  ", "LL"),
        ("Élodie Ørsted", "ÉØ"),
        ("吕文", "吕"),
        ("欧阳娜娜", "欧"),
        ("吕 文", "吕"),
        ("㐀文", "㐀"),
        ("𠀀文", "𠀀"),
        ("", ""),
        (" ", ""),
    ],
)
def test_monogram_is_the_initials_or_the_family_name(name, monogram):
    assert AuthorTranslation(name=name).monogram == monogram


# Registrations


def registration(**fields) -> Registration:
    return Registration(number="60-1", **fields)


@pytest.mark.parametrize(
    ("today", "is_lapsed"),
    [(LAST_DAY - DAY, False), (LAST_DAY, False), (LAST_DAY + DAY, True)],
)
def test_registration_ends_after_its_last_day(today, is_lapsed):
    assert registration(valid_until=LAST_DAY).is_lapsed(today) == is_lapsed


def test_registration_lapses_by_itself_and_loses_its_badge():
    entry = registration(checked_on=CHECKED, valid_until=LAST_DAY)
    midnight = NOON.replace(hour=0) + DAY
    with time_machine.travel(midnight - datetime.timedelta(seconds=1), tick=False) as clock:
        assert not entry.is_lapsed()
        assert entry.is_confirmed
        clock.shift(datetime.timedelta(seconds=1))
        assert entry.is_lapsed()
        assert not entry.is_confirmed


def test_registration_without_an_end_does_not_lapse():
    entry = registration(checked_on=CHECKED)
    with time_machine.travel(NOON + 9999 * DAY, tick=False):
        assert not entry.is_lapsed()
        assert entry.is_confirmed


@pytest.mark.parametrize("valid_until", [None, LAST_DAY, LAST_DAY - DAY])
def test_registration_that_was_never_checked_has_no_badge(valid_until):
    with time_machine.travel(NOON, tick=False):
        assert not registration(valid_until=valid_until).is_confirmed


def test_registration_that_lapsed_has_no_badge_however_often_it_was_checked():
    with time_machine.travel(NOON, tick=False):
        assert not registration(checked_on=CHECKED, valid_until=LAST_DAY - DAY).is_confirmed


# Profiles


def test_profile_has_the_words_and_registrations_of_one_language():
    author = make_author(slug="louise", name="Louise W. Lu")
    other = make_author(slug="jane", name="Jane Doe")
    make_registration(author=author, number="2")
    make_registration(author=author, number="1")
    make_registration(author=other, number="3")
    for code, title in (("en", "registered"), ("zh-hans", "注册")):
        found = profiles(["louise"], code)
        assert list(found) == ["louise"]
        profile = found["louise"]
        assert profile.slug == "louise"
        assert (profile.words.language, profile.words.name) == (code, "Louise W. Lu")
        assert [item.registration.number for item in profile.registrations] == ["1", "2"]
        assert {item.title for item in profile.registrations} == {title}


def test_profile_of_an_author_without_registrations_has_none():
    make_author(slug="louise")
    assert profiles(["louise"], "en")["louise"].registrations == ()


def test_author_who_is_not_described_in_a_language_has_no_profile_there():
    author = make_author(slug="louise")
    author.translations.filter(language="en").delete()
    assert profiles(["louise"], "en") == {}
    assert list(profiles(["louise"], "zh-hans")) == ["louise"]


def test_inactive_author_keeps_the_profile_that_articles_print():
    make_author(slug="louise", is_active=False)
    assert list(profiles(["louise", "nobody"], "en")) == ["louise"]
    assert not Author.objects.active().exists()


@pytest.mark.parametrize("count", [1, 5])
def test_profiles_take_two_queries_however_many(count, django_assert_num_queries):
    slugs = [make_author().slug for _number in range(count)]
    for author in Author.objects.all():
        make_registration(author=author, number="1")
        make_registration(author=author, number="2")
    with django_assert_num_queries(2):
        found = profiles(slugs, "en")
        for profile in found.values():
            assert profile.slug
            assert [item.registration.is_confirmed for item in profile.registrations] == [
                False,
                False,
            ]
    assert len(found) == count


# The querysets


def test_active_authors_are_those_who_are_listed():
    author = make_author()
    make_author(is_active=False)
    assert list(Author.objects.active()) == [author]


def test_authors_in_a_language_come_by_their_name(django_assert_num_queries):
    for name in ("Jane", "Ann", "Zoe"):
        make_author(name=name)
    with django_assert_num_queries(1):
        found = AuthorTranslation.objects.in_language("en")
        assert [(item.name, bool(item.author.slug)) for item in found] == [
            ("Ann", True),
            ("Jane", True),
            ("Zoe", True),
        ]


def test_authors_come_with_their_registrations_in_two_more_queries(django_assert_num_queries):
    for _number in range(3):
        make_registration(author=make_author(), number="1")
    with django_assert_num_queries(3):
        titles = [
            words.title
            for item in AuthorTranslation.objects.in_language("en").with_registrations()
            for entry in item.author.registrations.all()
            for words in entry.translations.all()
        ]
    assert len(titles) == 6


# The biography


def test_biography_is_rendered_when_it_is_saved():
    words = make_author().translations.get(language="en")
    words.bio = "Writes on **sleep**.\n\n<script>alert(1)</script>"
    words.save()
    words.refresh_from_db()
    assert "<strong>sleep</strong>" in words.bio_html
    assert "<script" not in words.bio_html


def test_title_of_a_registration_is_its_text():
    make_registration(author=make_author(), number="60-1")
    assert {str(item) for item in RegistrationTranslation.objects.all()} == {"注册", "registered"}
    assert str(Registration.objects.get()) == "60-1"
