"""What is wrong with a bundle: which file, which line, what to do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """``path`` is relative to the bundle, ``line`` 1-based or 0 when the file as a whole is meant."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.message}"


class BundleRefused(Exception):
    """The bundle is refused whole; nothing was imported. ``problems`` holds all of them."""

    def __init__(self, problems: list[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))
