"""Rows as CSV that a spreadsheet opens without running anything that somebody typed."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

BOM = "\ufeff"
"""Without it Excel reads UTF-8 as the code page of the machine, and Chinese is lost."""

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""First characters after which a spreadsheet may run a cell (OWASP, CSV Injection), and their
full-width forms, which Excel takes for the same under East Asian settings."""


class _Echo:
    """A file that hands back what is written, so that rows can be streamed."""

    def write(self, value: str) -> str:
        return value


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Lines of a CSV file (RFC 4180) with every cell quoted and formulas made into text."""
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield BOM
    for row in rows:
        yield writer.writerow([defused(cell) for cell in row])


def defused(cell: Any) -> str:
    """A cell as text: an apostrophe in front tells a spreadsheet that it is no formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text
