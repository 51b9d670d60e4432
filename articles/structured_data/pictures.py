"""Pictures as ImageObject: share cards, figures, portraits."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.files.storage import default_storage

from articles.document import FigureData, ImageData
from articles.pictures import PLAIN_FORMATS, picture_address, picture_path
from healthsite.metadata import ShareImage
from healthsite.structured_data import Node, node

_CREATIVE_COMMONS = re.compile(r"CC (BY(?:-NC)?(?:-SA|-ND)?) ([1-4]\.\d)")
_PUBLIC_DOMAIN = "CC0 1.0"


def share_image(page_url: str, number: int, image: ShareImage) -> Node:
    """One of the pictures that stand for the page where its link is shared."""
    return node(
        "ImageObject",
        f"{page_url}#share-{number}",
        url=image.url,
        contentUrl=image.url,
        width=image.width,
        height=image.height,
        caption=image.alt,
    )


def figure_image(page_url: str, figure: FigureData, caption: str) -> Node:
    """A figure of the text. Nothing where no file stands for it.

    Its sizes are those of the named file, in pixels; for a drawing, of its view box.
    """
    address = picture_address(figure.image)
    if not address:
        return {}
    width, height = _size_of(figure.image)
    return node(
        "ImageObject",
        f"{page_url}#fig-{figure.key}",
        contentUrl=address,
        width=width,
        height=height,
        caption=caption,
        creditText=figure.image.credit,
        # The page prints a licence beside a credit only.
        license=licence_url(figure.image.licence) if figure.image.credit else "",
    )


def _size_of(image: ImageData) -> tuple[int, int]:
    path = picture_path(image)
    for rendition in image.renditions:
        if rendition.path == path:
            return rendition.width, rendition.height
    return image.width, image.height


def portrait_image(portrait: Mapping[str, Any], caption: str) -> Node:
    """An author's portrait, in the widest form that every program can show."""
    plain = [item for item in portrait.get("renditions", ()) if item["format"] in PLAIN_FORMATS]
    if not plain:
        return {}
    widest = max(plain, key=lambda item: item["width"])
    return node(
        "ImageObject",
        contentUrl=urljoin(settings.SITE_ORIGIN, default_storage.url(widest["path"])),
        width=widest["width"],
        height=widest["height"],
        caption=caption,
    )


def licence_url(licence: str) -> str:
    """The address of a licence: as given, or of a Creative Commons licence by its name.

    Anything else has no address, and schema.org's ``license`` wants one
    (https://creativecommons.org/share-your-work/cclicenses/).
    """
    licence = licence.strip()
    if licence.startswith(("https://", "http://")):
        return licence
    if licence == _PUBLIC_DOMAIN:
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    if found := _CREATIVE_COMMONS.fullmatch(licence):
        return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"
    return ""
