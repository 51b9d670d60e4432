"""The head of a page from the paths it is published at."""

import pytest

from healthsite.metadata import Alternate, absolute_url, page_meta

BOTH = {"zh-hans": "/zh-hans/articles/x/", "en": "/en/articles/x/"}


@pytest.fixture(autouse=True)
def origin(settings):
    settings.SITE_ORIGIN = "https://health.example.org"
    settings.SITE_NAMES = {"zh-hans": "有据", "en": "Wellgrounded"}


def test_title_is_followed_by_the_name_in_the_language_of_the_page_first():
    assert page_meta("en", "Sleep").title == "Sleep | Wellgrounded 有据"
    assert page_meta("zh-hans", "睡眠").title == "睡眠 | 有据 Wellgrounded"


def test_page_without_a_title_has_the_name_alone():
    assert page_meta("en", "").title == "Wellgrounded 有据"


def test_description_is_one_line():
    assert page_meta("en", "x", description=" a\n  b\t c ").description == "a b c"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_alternates_are_the_same_in_every_language(language):
    found = page_meta(language, "x", paths=BOTH)
    assert found.canonical == f"https://health.example.org{BOTH[language]}"
    assert found.alternates == (
        Alternate("zh-Hans", "https://health.example.org/zh-hans/articles/x/"),
        Alternate("zh", "https://health.example.org/zh-hans/articles/x/"),
        Alternate("en", "https://health.example.org/en/articles/x/"),
        Alternate("x-default", "https://health.example.org/zh-hans/articles/x/"),
    )


def test_default_of_the_home_pages_is_the_choice_at_the_root():
    found = page_meta("en", "", paths={"zh-hans": "/zh-hans/", "en": "/en/"})
    assert found.alternates[-1] == Alternate("x-default", "https://health.example.org/")


def test_page_in_one_language_has_no_alternates():
    found = page_meta("en", "x", paths={"en": "/en/x/"})
    assert found.canonical == "https://health.example.org/en/x/"
    assert found.alternates == ()


def test_page_kept_out_of_indexes_has_no_address_but_can_still_be_switched():
    found = page_meta("en", "x", paths=BOTH, is_indexed=False)
    assert (found.is_indexed, found.canonical, found.alternates) == (False, "", ())
    assert found.paths == BOTH


def test_page_missing_in_its_own_language_has_no_canonical_address():
    assert page_meta("en", "x", paths={"zh-hans": "/zh-hans/x/"}).canonical == ""


def test_later_page_of_a_list_has_an_address_and_no_alternates():
    paths = {"zh-hans": "/zh-hans/", "en": "/en/?page=2"}
    found = page_meta("en", "", paths=paths, is_translated=False)
    assert found.canonical == "https://health.example.org/en/?page=2"
    assert found.alternates == ()


def test_page_may_stand_beside_the_pages_it_offers():
    found = page_meta("zh-hans", "x", paths={"zh-hans": "/zh-hans/", "en": "/en/"}, path="/")
    assert found.canonical == "https://health.example.org/"
    assert len(found.alternates) == 4


def test_page_without_any_path_says_nothing_of_addresses():
    found = page_meta("en", "x")
    assert (found.canonical, found.alternates, dict(found.paths)) == ("", (), {})


def test_addresses_start_with_the_configured_origin():
    assert absolute_url("/en/") == "https://health.example.org/en/"
