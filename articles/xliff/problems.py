"""What is wrong with a translator's file: which unit, which line, what to do."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class HandoffProblem:
    """``unit`` is a unit's id and ``line`` a line of the file; empty and 0: the file as a whole."""

    message: str
    unit: str = ""
    line: int = 0

    def __str__(self) -> str:
        values = {"unit": self.unit, "line": self.line, "message": self.message}
        if self.unit and self.line:
            return _("Line %(line)s, unit %(unit)s: %(message)s") % values
        if self.unit:
            return _("Unit %(unit)s: %(message)s") % values
        if self.line:
            return _("Line %(line)s: %(message)s") % values
        return self.message


class HandoffRefused(Exception):
    """The file is refused whole; nothing was written. ``problems`` holds all of them."""

    def __init__(self, problems: Iterable[HandoffProblem]):
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__("\n".join(map(str, self.problems)))
