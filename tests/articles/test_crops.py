"""A crop lies inside, has its shape, keeps the focal point, and is as large as it can be."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.crops import CROPS, crop_box

sides = st.integers(1, 6000)
percents = st.integers(0, 100)
ratios = st.sampled_from([crop.ratio for crop in CROPS]) | st.fractions(
    min_value=Fraction(1, 20), max_value=20, max_denominator=50
)


@given(sides, sides, percents, percents, ratios)
def test_a_crop_is_the_largest_of_its_shape_that_shows_the_focal_point(
    width: int, height: int, x: int, y: int, ratio: Fraction
):
    left, top, right, bottom = crop_box(width, height, x, y, ratio)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    assert right - left == width or bottom - top == height
    # The side that does not fill the picture follows from the other, to half a pixel.
    if right - left < width:
        assert abs((right - left) - height * ratio) <= Fraction(1, 2) or right - left == 1
    if bottom - top < height:
        assert abs((bottom - top) - width / ratio) <= Fraction(1, 2) or bottom - top == 1
    # A point lies between pixels, so half a pixel of rounding may part it from the crop's edge.
    assert left - Fraction(1, 2) <= Fraction(width * x, 100) <= right + Fraction(1, 2)
    assert top - Fraction(1, 2) <= Fraction(height * y, 100) <= bottom + Fraction(1, 2)


@given(sides, sides, ratios)
def test_a_focal_point_in_the_middle_crops_both_sides_alike(
    width: int, height: int, ratio: Fraction
):
    left, top, right, bottom = crop_box(width, height, 50, 50, ratio)
    assert abs(left - (width - right)) <= 1
    assert abs(top - (height - bottom)) <= 1


@pytest.mark.parametrize(("focus", "box"), [
    ((0, 50), (0, 0, 100, 100)),
    ((16, 50), (0, 0, 100, 100)),
    ((40, 50), (70, 0, 170, 100)),
    ((100, 0), (200, 0, 300, 100)),
])  # fmt: skip
def test_the_crop_follows_the_point_until_the_edge(focus, box):
    assert crop_box(300, 100, *focus, Fraction(1)) == box


@pytest.mark.parametrize("wrong", [
    (0, 1, 50, 50, Fraction(1)),
    (1, 0, 50, 50, Fraction(1)),
    (1, 1, 101, 50, Fraction(1)),
    (1, 1, 50, -1, Fraction(1)),
    (1, 1, 50, 50, Fraction(0)),
])  # fmt: skip
def test_what_is_no_picture_has_no_crop(wrong):
    with pytest.raises(ValueError, match="no crop|not percent"):
        crop_box(*wrong)


def test_every_shape_has_a_name_of_its_own():
    assert len({crop.key for crop in CROPS}) == len({str(crop.name) for crop in CROPS}) == 3
