"""Every constraint of the authors' models is broken on purpose."""

import datetime

import pytest
from django.db.models import ProtectedError

from authors.models import Author, AuthorTranslation, Registration, RegistrationTranslation
from healthsite import languages
from tests import constraints as rows
from tests.accounts import make_user
from tests.factories import make_article, make_author, make_registration

pytestmark = pytest.mark.django_db

LANGUAGES = ("zh-hans", "en")
DAY = datetime.date(2026, 5, 1)

VALID = {
    Author: lambda n: {"slug": f"person-{n}", "user": make_user(username=f"person-{n}")},
    AuthorTranslation: lambda n: {
        "author": Author.objects.create(slug=f"described-{n}"),
        "language": LANGUAGES[n],
        "name": "吕教授",
    },
    Registration: lambda n: {"author": make_author(), "number": f"60-{n}"},
    RegistrationTranslation: lambda n: {
        "registration": Registration.objects.create(author=make_author(), number="7"),
        "language": LANGUAGES[n],
        "title": "注册营养师",
    },
}
"""A row of each model that every constraint accepts; two numbers give rows that share nothing."""

BROKEN = [
    ("author_slug_is_a_key", {"slug": ""}),
    ("author_slug_is_a_key", {"slug": "Louise-Lu"}),
    ("author_slug_is_a_key", {"slug": "louise_lu"}),
    ("author_slug_is_a_key", {"slug": "louise--lu"}),
    ("author_slug_is_a_key", {"slug": "-lu"}),
    ("author_slug_is_a_key", {"slug": "lu-"}),
    ("author_slug_is_a_key", {"slug": "吕"}),
    ("author_slug_is_a_key", {"slug": "lu\n"}),
    ("author_website_is_a_web_address", {"website": "www.example.org"}),
    ("author_website_is_a_web_address", {"website": "javascript:alert(1)"}),
    ("author_translation_once_per_language", {}),
    ("author_translation_language_is_known", {"language": "fr"}),
    ("author_translation_language_is_known", {"language": "zh-Hans"}),
    ("author_translation_name_is_not_blank", {"name": ""}),
    ("author_translation_name_is_not_blank", {"name": " \n\u3000\u00a0"}),
    ("registration_once_per_number", {}),
    ("registration_number_is_not_blank", {"number": ""}),
    ("registration_number_is_not_blank", {"number": "\u3000"}),
    (
        "registration_not_checked_after_its_end",
        {"checked_on": DAY, "valid_until": DAY - datetime.timedelta(days=1)},
    ),
    ("registration_register_url_is_a_web_address", {"register_url": "ftp://example.org"}),
    ("registration_translation_once_per_language", {}),
    ("registration_translation_language_is_known", {"language": "zh"}),
    ("registration_translation_title_is_not_blank", {"title": ""}),
    ("registration_translation_title_is_not_blank", {"title": "\t"}),
]

ACCEPTED = [
    (Author, {"slug": "a"}),
    (Author, {"user": None}),
    (Author, {"slug": "louise-w-lu-2"}),
    (Author, {"website": "https://example.org"}),
    (Author, {"website": "http://example.org"}),
    (Registration, {"checked_on": DAY, "valid_until": DAY}),
    (Registration, {"checked_on": DAY}),
    (Registration, {"valid_until": DAY}),
    (Registration, {"register_url": "https://example.org/60"}),
    (Registration, {"register_url": "http://example.org/60"}),
]

TABLE = rows.Table("authors", VALID)


def test_every_constraint_is_in_the_table():
    assert {name for name, _broken in BROKEN} == set(rows.constraints_of("authors"))


def test_every_model_has_a_valid_row():
    assert set(VALID) == set(rows.models_of("authors"))


@pytest.mark.parametrize(("name", "broken"), BROKEN)
def test_row_that_breaks_a_constraint_is_refused_by_name(name, broken):
    TABLE.assert_insert_is_refused(name, broken)


@pytest.mark.parametrize(("name", "broken"), BROKEN)
def test_change_that_breaks_a_constraint_is_refused_by_name(name, broken):
    TABLE.assert_change_is_refused(name, broken)


@pytest.mark.parametrize(("model", "values"), ACCEPTED)
def test_row_just_inside_its_constraints_is_accepted(model, values):
    assert rows.insert(model, VALID[model](0) | values).pk


@pytest.mark.parametrize("name", rows.unique_constraints_of("authors"))
def test_row_that_differs_in_one_unique_column_is_accepted(name):
    TABLE.assert_is_no_wider_than_its_columns(name)


@pytest.mark.parametrize("field", rows.unique_fields("authors"), ids=str)
def test_unique_column_takes_no_value_twice(field):
    TABLE.assert_takes_no_value_twice(field)


@pytest.mark.parametrize("field", rows.fields_with_choices("authors"), ids=str)
def test_column_with_choices_takes_each_of_them_and_nothing_else(field):
    TABLE.assert_takes_its_choices_alone(field, {})


def test_languages_of_the_table_are_the_languages_of_the_site():
    assert set(LANGUAGES) == set(languages.CODES)


def test_author_of_an_article_cannot_be_deleted():
    author = make_author()
    make_article(authors=[author])
    with pytest.raises(ProtectedError):
        author.delete()
    assert Author.objects.filter(pk=author.pk).exists()


def test_author_outlives_the_account():
    user = make_user()
    author = make_author(user=user)
    user.delete()
    author.refresh_from_db()
    assert author.user is None


def test_authors_without_an_account_do_not_stand_in_each_others_way():
    assert {make_author().user, make_author().user} == {None}


def test_registrations_go_with_their_author():
    author = make_author()
    make_registration(author=author)
    author.delete()
    assert not Registration.objects.exists()
    assert not RegistrationTranslation.objects.exists()
