"""Which part of a picture a crop shows: the largest of its shape that keeps one point in view.

Pure arithmetic on whole pixels. ``static/js/desk/images.js`` repeats it while an editor chooses the
point; a browser test holds the two together.
"""

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Crop:
    """A shape in which the site shows pictures: ``width`` by ``height`` of anything."""

    key: str
    name: str
    width: int
    height: int

    @property
    def ratio(self) -> Fraction:
        return Fraction(self.width, self.height)


CROPS = (
    # Open Graph's shape; shared links themselves show a card (articles.share_cards).
    Crop("share", _("Very wide, 1200 × 630"), 1200, 630),
    Crop("wide", _("Wide, 16:9"), 16, 9),
    Crop("square", _("Square, 1:1"), 1, 1),
)


def crop_box(
    width: int, height: int, focus_x: int, focus_y: int, ratio: Fraction
) -> tuple[int, int, int, int]:
    """The crop of a picture as (left, top, right, bottom), in whole pixels of that picture.

    ``focus_x`` and ``focus_y`` are percent from the left and the top, 0 to 100; ``ratio`` is width
    by height. The crop has the shape to half a pixel, touches two opposite sides, and has the focal
    point as near its middle as the picture's edges allow. Raises ValueError for what is no picture.
    """
    if width < 1 or height < 1 or ratio <= 0:
        msg = f"no crop of {width} × {height} with ratio {ratio}"
        raise ValueError(msg)
    if not (0 <= focus_x <= 100 and 0 <= focus_y <= 100):
        msg = f"not percent: {focus_x}, {focus_y}"
        raise ValueError(msg)
    crop_width = min(width, max(1, _rounded(height * ratio)))
    crop_height = min(height, max(1, _rounded(width / ratio)))
    left = _start(width, crop_width, focus_x)
    top = _start(height, crop_height, focus_y)
    return left, top, left + crop_width, top + crop_height


def _start(length: int, part: int, focus: int) -> int:
    """Where a part begins whose middle is the focal point, moved back inside where it must be."""
    middle = _rounded(Fraction(length * focus, 100) - Fraction(part, 2))
    return min(max(0, middle), length - part)


def _rounded(number: Fraction) -> int:
    """Halves go up, as in JavaScript; Python's own rounding goes to even numbers."""
    return (2 * number.numerator + number.denominator) // (2 * number.denominator)
