"""The share panel: a QR code of the canonical address, and plain links that carry it away.

No widget and no counter: nothing is asked of another site until a reader follows a link.
"""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlencode

import segno
from django.utils.translation import gettext as _

QUIET_ZONE = 4
"""Modules of white around the code (ISO/IEC 18004, 6.3.8)."""


@dataclass(frozen=True)
class ShareLink:
    """One way to pass a page on: ``name`` as readers know the service."""

    name: str
    url: str


@dataclass(frozen=True)
class SharePanel:
    """``qr`` is an image as a data address, ``address`` what the code and the links say."""

    address: str
    qr: str
    links: tuple[ShareLink, ...]


def share_panel(address: str, title: str, language: str) -> SharePanel:
    """The panel for a page. ``address`` is absolute, ``title`` plain text in ``language``."""
    return SharePanel(address, qr_data_uri(address), tuple(_links(address, title, language)))


@lru_cache(maxsize=1024)
def qr_data_uri(text: str) -> str:
    """A QR code as an SVG inside a data address, black on white with its quiet zone.

    An image and not bare SVG: inside WeChat readers press and hold a picture to follow its code.
    Error correction M (15 %) survives a creased print.
    """
    code = segno.make(text, error="m", micro=False)
    return code.svg_data_uri(border=QUIET_ZONE, light="#fff", omitsize=True)


def _links(address: str, title: str, language: str) -> list[ShareLink]:
    if language == "en":
        query = urlencode({"text": f"{title} {address}"})
        social = ShareLink("WhatsApp", f"https://wa.me/?{query}")
    else:
        query = urlencode({"url": address, "title": title})
        social = ShareLink(_("Weibo"), f"https://service.weibo.com/share/share.php?{query}")
    # quote and not urlencode: mail programs show a plus sign as it is (RFC 6068).
    mail = f"mailto:?subject={quote(title)}&body={quote(address)}"
    return [social, ShareLink(_("Email"), mail)]
