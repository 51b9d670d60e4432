"""What can stand in the way of an act, each with a sentence for the editor."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from articles.desk import Finding


class EditorialError(Exception):
    """Something an editor asked for that cannot be done; the message says how to mend it."""


class PublicationRefused(EditorialError):
    """The checks found problems that stop a publication. ``findings`` holds all of them."""

    def __init__(self, findings: Sequence[Finding]):
        self.findings = tuple(findings)
        super().__init__(
            "\n".join(f"{finding.place}: {finding.message}" for finding in self.findings)
        )


class EditConflict(EditorialError):
    """Somebody else saved since this editor opened the text. ``current`` is the version now.

    The same version twice: not the text has changed, but what it shows besides its own words.
    """

    def __init__(self, expected: int, current: int):
        self.expected, self.current = expected, current
        super().__init__(
            _("Somebody else has changed this text since you opened it. Nothing was overwritten.")
        )

    @property
    def is_around(self) -> bool:
        """Whether a reference, a grade, a name or a product changed, and no word of the text."""
        return self.expected == self.current
