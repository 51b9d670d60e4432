"""How long a text takes to read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.reading import HAN_PER_MINUTE, WORDS_PER_MINUTE, count_units, reading_minutes


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("", (0, 0)),
        ("镁与维生素", (5, 0)),
        ("，。？！“”", (0, 0)),
        ("two words", (0, 2)),
        ("don’t stop", (0, 2)),
        ("vitamin-D-dependent", (0, 1)),
        ("25(OH)D", (0, 1)),
        ("1,25(OH)₂D", (0, 1)),
        ("0.5 mg", (0, 2)),
        ("α-hydroxylase", (0, 1)),
        ("whānau hauora", (0, 2)),
        ("naïve Köln", (0, 2)),
        ("每天50µg维生素D3", (5, 2)),
        ("补充D3，再补充K2。", (5, 2)),
        ("〇々", (2, 0)),
        ("— – ‑ ...", (0, 0)),
    ],
)
def test_han_characters_and_words_are_counted(text, units):
    assert count_units(text) == units


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("", 1),
        ("镁", 1),
        ("镁" * HAN_PER_MINUTE, 1),
        ("镁" * HAN_PER_MINUTE * 2, 2),
        ("镁" * int(HAN_PER_MINUTE * 2.2), 2),
        ("镁" * int(HAN_PER_MINUTE * 2.5), 3),
        ("word " * WORDS_PER_MINUTE * 3, 3),
        ("镁" * HAN_PER_MINUTE + "word " * WORDS_PER_MINUTE, 2),
    ],
)
def test_minutes_are_whole_and_a_quarter_does_not_count(text, minutes):
    assert reading_minutes(text) == minutes


@given(st.text(), st.text())
def test_a_longer_text_never_takes_less_time(text, more):
    assert 1 <= reading_minutes(text) <= reading_minutes(f"{text} {more}")
