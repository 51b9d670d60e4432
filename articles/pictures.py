"""Which stored file stands for an image where there is room for one address only.

Pages offer every format and size of a photograph and put drawings into the page itself; a feed, a
sitemap and a Markdown text name one file. Pure but for the address that the storage gives.
"""

from urllib.parse import urljoin

from django.conf import settings
from django.core.files.storage import default_storage

from articles.document import ImageData
from healthsite import imaging

FOLDER = "images"
"""Where ``articles.images`` stores the pictures of articles."""

PLAIN_FORMATS = frozenset({"jpeg", "png"})
"""What every program can show; AVIF and WebP are for browsers, which choose among them."""


def picture_path(image: ImageData) -> str:
    """The file of an image, below the media folder; empty where no file can be named.

    A drawing's name follows from its key and its markup (``healthsite.imaging.content_name``), so
    that a frozen document, which does not keep the name, still finds it. Of a photograph it is the
    widest JPEG or PNG.
    """
    if image.svg:
        return _drawing_path(image)
    plain = [item for item in image.renditions if item.format in PLAIN_FORMATS]
    return max(plain, key=lambda item: item.width).path if plain else ""


def picture_address(image: ImageData) -> str:
    """The absolute address of ``picture_path``, or empty. A storage elsewhere gives its own."""
    path = picture_path(image)
    return urljoin(settings.SITE_ORIGIN, default_storage.url(path)) if path else ""


def _drawing_path(image: ImageData) -> str:
    try:
        name = imaging.content_name(image.key, image.svg.encode(), "svg", None)
    except ValueError:  # a key that no stored file can have
        return ""
    return f"{FOLDER}/{name}"
