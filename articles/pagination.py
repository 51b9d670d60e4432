"""Lists in pages, without counting: one row more than a page tells whether there is another."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext as _

PER_PAGE = 12

# One spelling for each page: int() would also read "+2", "1_0", " 2" and digits of other scripts.
_NUMBER = re.compile("[1-9][0-9]{0,4}")


@dataclass(frozen=True)
class Page:
    items: list
    number: int
    has_next: bool

    @property
    def previous_query(self) -> str:
        """The query string of the page before; the first page has none."""
        return f"?page={self.number - 1}" if self.number > 2 else "?" if self.number == 2 else ""

    @property
    def next_query(self) -> str:
        return f"?page={self.number + 1}" if self.has_next else ""

    @property
    def is_whole(self) -> bool:
        return self.number == 1 and not self.has_next

    def title(self, title: str) -> str:
        """The list's title; from the second page on with its number, so that none repeats."""
        if self.number == 1:
            return title
        page = _("page %(number)s") % {"number": self.number}
        return f"{title} ({page})" if title else page

    def paths(self, paths: Mapping[str, str], language: str) -> dict[str, str]:
        """This page's address in its own language, the list's address in the others.

        Languages hold different numbers of articles, so another language's page of the same
        number may not exist. The first page is the list's own address.
        """
        query = f"?page={self.number}" if self.number > 1 else ""
        return {
            code: f"{path}{query}" if code == language else path for code, path in paths.items()
        }


def paginate(queryset, number: str | None, per_page: int = PER_PAGE) -> Page:
    """One page of a queryset in one query. A page that does not exist is 404."""
    if number and not _NUMBER.fullmatch(number):
        raise Http404
    current = int(number) if number else 1
    start = (current - 1) * per_page
    items = list(queryset[start : start + per_page + 1])
    if not items and current > 1:
        raise Http404
    return Page(items[:per_page], current, len(items) > per_page)
