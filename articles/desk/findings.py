"""What a rule says: how grave it is, where, and how to mend it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.document import Block

STOP, WARN, NOTE = 0, 1, 2
"""A stop refuses the publication; a warning and a note do not."""


@dataclass(frozen=True)
class Finding:
    """What one rule found at one place.

    ``rule`` is the code of the rule, ``where`` names the field or block in the editor's words,
    ``line`` is the line of the body (0: not in it). ``unit`` is the id of the unit it is about
    (see ``articles.units``); for a block it is the block's id, and empty for the whole article.
    """

    rule: str
    severity: int
    message: str
    where: str = ""
    block_id: str = ""
    line: int = 0
    unit: str = ""

    def __post_init__(self) -> None:
        if self.block_id and not self.unit:
            object.__setattr__(self, "unit", self.block_id)

    @property
    def is_stop(self) -> bool:
        return self.severity == STOP

    @property
    def place(self) -> str:
        """Where to look, in the editor's words."""
        if self.line:
            return _("Body, line %(line)s") % {"line": self.line}
        return self.where or _("Article")

    @property
    def anchor(self) -> str:
        """The address of the unit on the desk's screen: ``unit-b12a``, or empty."""
        if not self.unit:
            return ""
        return "unit-" + self.unit.lstrip("@").replace(":", "-")

    @property
    def title(self) -> str:
        """The name of the rule."""
        return str(self._rule.title)

    @property
    def why(self) -> str:
        """Why there is such a rule."""
        return str(self._rule.why)

    @property
    def how(self) -> str:
        """How what it finds is mended."""
        return str(self._rule.how)

    @property
    def _rule(self):
        # The register of the rules imports their modules, which import this one.
        from articles.desk import RULES_BY_CODE

        return RULES_BY_CODE[self.rule]


def in_block(rule: str, severity: int, block: Block, message: str) -> Finding:
    """A finding about one block."""
    return Finding(rule, severity, message, block_id=block.id, line=block.line)
