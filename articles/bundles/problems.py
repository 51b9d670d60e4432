"""What is wrong with a bundle: which file, which line, what to do."""

from collections.abc import Callable
from dataclasses import dataclass

Report = Callable[[int, str], None]
"""Takes a line (0: the file as a whole) and a sentence for the editor."""


@dataclass(frozen=True)
class Problem:
    """``path`` is relative to the bundle; ``line`` is 0 when the file as a whole is meant."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}" if place else self.message


class BundleRefused(Exception):
    """The bundle is refused whole; nothing was imported. ``problems`` holds all of them."""

    def __init__(self, problems: list[Problem]):
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def reporter(problems: list[Problem], path: str) -> Report:
    """A function that adds problems of one file."""

    def report(line: int, message: str) -> None:
        problems.append(Problem(path, line, message))

    return report
