"""A translation lags exactly where its source says something else than it was made from."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.staleness import StaleState, lag_of, stale_units

DIGESTS = st.sampled_from(["aa", "bb", "cc"])
UNITS = st.sampled_from(["@title", "b1", "b2", "b3", "@figure:x:alt"])
SOURCES = st.dictionaries(UNITS, st.lists(DIGESTS, min_size=1, max_size=3))
KNOWN = st.dictionaries(UNITS, DIGESTS)


@pytest.mark.parametrize(
    ("source", "known", "changed", "missing"),
    [
        ({}, {}, (), ()),
        ({"a": ["1"]}, {"a": "1"}, (), ()),
        ({"a": ["2"]}, {"a": "1"}, ("a",), ()),
        ({"a": ["1"]}, {}, (), ("a",)),
        # Only a typing error was mended since.
        ({"a": ["2", "1"]}, {"a": "1"}, (), ()),
        # It once read so, but the meaning has changed twice.
        ({"a": ["3", "2"]}, {"a": "1"}, ("a",), ()),
        # The source dropped the unit.
        ({"a": ["1"]}, {"a": "1", "b": "1"}, (), ()),
        ({"c": ["1"], "b": ["2"], "a": ["2"]}, {"a": "1", "b": "1"}, ("b", "a"), ("c",)),
    ],
)
def test_unit_is_stale_where_its_source_says_something_else(source, known, changed, missing):
    assert stale_units(source, known) == StaleState(changed, missing)


@given(SOURCES, KNOWN)
def test_every_unit_of_the_source_is_current_changed_or_missing(source, known):
    state = stale_units(source, known)
    current = {unit for unit in source if known.get(unit) in source[unit]}
    assert current | set(state.changed) | set(state.missing) == set(source)
    assert state.count == len(source) - len(current)
    assert state.is_current == (state.count == 0)


@given(SOURCES)
def test_translation_made_from_the_newest_source_is_current(source):
    assert stale_units(source, {unit: accepted[0] for unit, accepted in source.items()}).is_current


@given(SOURCES, KNOWN, UNITS)
def test_bringing_one_unit_up_to_date_clears_that_unit_and_no_other(source, known, unit):
    before = stale_units(source, known)
    after = stale_units(source, known | {unit: source.get(unit, ["aa"])[0]})
    assert set(before.changed + before.missing) - {unit} == set(after.changed + after.missing)


def text(units=None, source=None):
    return SimpleNamespace(unit_digests=units or {}, source_digests=source or {})


def test_nothing_is_said_of_a_lag_that_nobody_recorded():
    assert lag_of(text(source={"a": "1"}), None) == StaleState()
    assert lag_of(text(), text(units={"a": ["1"]})) == StaleState()
    assert lag_of(text(source={"a": "1"}), text()) == StaleState()


def test_lag_is_that_of_the_publication_and_not_of_its_own_words():
    own = text(units={"a": ["9"]}, source={"a": "1"})
    assert lag_of(own, text(units={"a": ["2"]})) == StaleState(("a",))
    assert lag_of(own, text(units={"a": ["1"]})) == StaleState()
