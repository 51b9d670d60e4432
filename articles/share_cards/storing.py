"""Keep the pictures: in the media folder by their content, and in one row for a publication."""

import logging
from dataclasses import replace
from functools import cache

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Q

from articles.models import Publication, ShareCard
from articles.share_cards.drawing import MissingGlyph, draw_square, draw_wide
from articles.share_cards.wording import Wording, site_wording, wording_of
from healthsite.imaging import content_name

DESIGN = "3"
"""Moves whenever the same words would be drawn or told differently; see ``make_share_cards``."""

FOLDER = "share"

logger = logging.getLogger(__name__)


def make_card(publication: Publication) -> ShareCard:
    """Draw and keep the card of a publication. Drawing the same again changes nothing."""
    drawn, wide, square = _draw(wording_of(publication))
    slug = publication.translation.article.slug
    card = {
        "wide": _store(slug, wide),
        "square": _store(f"{slug}-square", square),
        "wide_alt": drawn.wide_alt,
        "square_alt": drawn.square_alt,
        "design": DESIGN,
    }
    known = ShareCard.objects.filter(publication=publication)
    if not known.filter(**card).exists():
        known.update_or_create(publication=publication, defaults=card)
    return known.get()


def make_missing_cards(*, is_all: bool = False) -> int:
    """Draw the cards that publications lack, scheduled ones too, or have of an older design.

    ``is_all`` draws every card again. Returns how many were drawn.
    """
    publications = Publication.objects.select_related("translation__article", "revision")
    if not is_all:
        publications = publications.filter(Q(share_card=None) | ~Q(share_card__design=DESIGN))
    count = 0
    for publication in publications.order_by("pk").iterator(chunk_size=50):
        make_card(publication)
        count += 1
    return count


def site_card(language: str) -> tuple[str, str] | None:
    """Paths of the site's own wide and square picture; None where none can be kept."""
    try:
        return _site_card(site_wording(language))
    except OSError:
        # A disk that is full or read-only is no reason to answer no page.
        logger.warning("The pictures of the site itself could not be kept.", exc_info=True)
        return None


@cache
def _site_card(words: Wording) -> tuple[str, str]:
    """Once in a process, for as long as the site is called the same."""
    _drawn, wide, square = _draw(words)
    return _store(f"site-{words.language}", wide), _store(f"site-{words.language}-square", square)


def _draw(words: Wording) -> tuple[Wording, bytes, bytes]:
    """What could be drawn, and both pictures.

    Words that no typeface can draw are left out, never drawn as boxes.
    """
    # Rather no byline than no title, for one name with a rare letter.
    unsigned = replace(words, byline="")
    plain = replace(unsigned, title=words.site, topic="")
    last = replace(plain, title="", seal="", site="", other_site="")
    for form in (words, unsigned, plain, last):
        try:
            return form, draw_wide(form), draw_square(form)
        except MissingGlyph:
            continue
    raise AssertionError("a card without words was not drawn")


def _store(key: str, data: bytes) -> str:
    """Names carry the content's hash, so a file that exists is the same file, if it is whole."""
    path = f"{FOLDER}/{content_name(key, data, 'png', None)}"
    if default_storage.exists(path):
        if default_storage.size(path) == len(data):
            return path
        default_storage.delete(path)
    written = default_storage.save(path, ContentFile(data))
    if written != path:
        # Another process stored the same picture meanwhile.
        default_storage.delete(written)
    return path
