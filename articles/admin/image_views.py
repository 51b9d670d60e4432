"""An image as the desk draws it: its picture, its crops, where it is used, what is owed."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.core.files.storage import default_storage
from django.utils.safestring import SafeString, mark_safe

from articles.admin.image_forms import own_credit
from articles.crops import CROPS, Crop, crop_box
from articles.image_uses import TextUse, uses_of
from articles.models import Image
from healthsite import svg

THUMBNAIL, PREVIEW = 480, 1200
"""Widths in pixels of the stored files that are shown small and large."""


@dataclass(frozen=True)
class CropView:
    """One crop. ``view_box`` is the part of the picture, as SVG spells it."""

    crop: Crop
    view_box: str
    drawing: SafeString


@dataclass(frozen=True)
class ImageView:
    """An image with its focal point in percent, which a form may hold before it is saved."""

    image: Image
    uses: list[TextUse]
    focus_x: int
    focus_y: int

    @property
    def is_drawing(self) -> bool:
        return bool(self.image.svg)

    @property
    def lacks_credit(self) -> bool:
        return not self.image.credit

    @property
    def lacks_licence(self) -> bool:
        return not self.image.licence and self.image.credit != own_credit()

    @property
    def thumbnail(self) -> str:
        """Address of a small file of a photograph."""
        return _address(self.image, THUMBNAIL)

    @property
    def preview(self) -> str:
        """Address of a large file of a photograph."""
        return _address(self.image, PREVIEW)

    @cached_property
    def drawing(self) -> SafeString:
        """The drawing inline, in the colours of the page; empty for a photograph."""
        return _drawing(self.image, "whole")

    @property
    def mark(self) -> tuple[float, float, float]:
        """The focal point and the radius of its mark, in pixels of the picture."""
        width, height = self.image.width, self.image.height
        radius = round(max(width, height) / 40, 2)
        return round(width * self.focus_x / 100, 2), round(height * self.focus_y / 100, 2), radius

    @property
    def crops(self) -> list[CropView]:
        return [self._crop(crop) for crop in CROPS]

    def _crop(self, crop: Crop) -> CropView:
        image = self.image
        left, top, right, bottom = crop_box(
            image.width, image.height, self.focus_x, self.focus_y, crop.ratio
        )
        view_box = f"{left} {top} {right - left} {bottom - top}"
        return CropView(crop, view_box, _drawing(image, crop.key))


def views_of(images: Iterable[Image]) -> list[ImageView]:
    """Images for a page of the library, in a fixed number of queries."""
    images = list(images)
    uses = uses_of(images)
    return [ImageView(image, uses[image.pk], image.focus_x, image.focus_y) for image in images]


def _address(image: Image, width: int) -> str:
    """The smallest WebP that is at least so wide, or else the widest."""
    files = [item for item in image.renditions if item["format"] == "webp"] or image.renditions
    if not files:
        return default_storage.url(image.file)
    wide = [item for item in files if item["width"] >= width]
    choice = (
        min(wide, key=lambda item: item["width"])
        if wide
        else max(files, key=lambda item: item["width"])
    )
    return default_storage.url(choice["path"])


def _drawing(image: Image, place: str) -> SafeString:
    """A drawing as a part of an SVG element that has the picture's own units."""
    if not image.svg:
        return SafeString()
    size = f'<svg width="{int(image.width)}" height="{int(image.height)}" '
    markup = svg.prefix_ids(image.svg, f"{place}-{image.pk}-").replace("<svg ", size, 1)
    return mark_safe(markup)  # noqa: S308 (sanitised when stored, and checked again here)
