"""How far a translation has fallen behind its source, from digests alone. Nothing is ever synced.

A unit (see ``articles.units``) of the source has a newest digest, and older ones that mean the
same: the text before a typing error was mended. A translation knows, of each unit, the digest of
the source it was made from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class StaleState:
    """Ids of units of the source, in its reading order.

    ``changed`` say something else than when they were translated; ``missing`` are new since.
    """

    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return len(self.changed) + len(self.missing)

    @property
    def is_current(self) -> bool:
        return not self.count


class Text(Protocol):
    """What is asked of a publication: the two digest columns of ``articles.models.Publication``."""

    unit_digests: Mapping[str, Sequence[str]]
    source_digests: Mapping[str, str]


def stale_units(source: Mapping[str, Sequence[str]], known: Mapping[str, str]) -> StaleState:
    """Compare the source as it is with what a translation was made from.

    ``source``: the accepted digests of each unit, the newest first. ``known``: the digest that the
    translation follows. Units that the source no longer has are nobody's business here.
    """
    return StaleState(
        changed=tuple(
            unit
            for unit, accepted in source.items()
            if unit in known and known[unit] not in accepted
        ),
        missing=tuple(unit for unit in source if unit not in known),
    )


def lag_of(own: Text, source: Text | None) -> StaleState:
    """What the readers of one publication should know of the source they can read beside it.

    Current where there is no such source, and where nothing was recorded of what the text was
    made from: what is not known is not said.
    """
    if source is None or not own.source_digests:
        return StaleState()
    return stale_units(source.unit_digests, own.source_digests)
