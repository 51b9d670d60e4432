"""Pictures for shared links: one of 1200 × 630 pixels and a square one, for each publication.

Drawn from the frozen publication alone, after it was stored; the file's name carries its content,
so the same words give the same file. ``wording`` says what a card says, ``layout`` where its lines
end, ``drawing`` makes the pictures, ``storing`` keeps them.
"""

from articles.share_cards.drawing import SQUARE, WIDE
from articles.share_cards.storing import DESIGN, make_card, make_missing_cards, site_card

__all__ = ["DESIGN", "SQUARE", "WIDE", "make_card", "make_missing_cards", "site_card"]
