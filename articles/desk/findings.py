"""What a rule says: how grave it is, where, and how to mend it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.document import Block

STOP, WARN, NOTE = 0, 1, 2
"""A stop refuses the publication; a warning and a note do not."""


@dataclass(frozen=True)
class Finding:
    """``where`` names the field or block, ``line`` is the line of the body (0: not in it)."""

    rule: str
    severity: int
    message: str
    where: str = ""
    block_id: str = ""
    line: int = 0

    @property
    def is_stop(self) -> bool:
        return self.severity == STOP

    @property
    def place(self) -> str:
        """Where to look, in the editor's words."""
        if self.line:
            return _("Body, line %(line)s") % {"line": self.line}
        return self.where or _("Article")


def in_block(rule: str, severity: int, block: Block, message: str) -> Finding:
    """A finding about one block."""
    return Finding(rule, severity, message, block_id=block.id, line=block.line)
