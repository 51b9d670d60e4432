"""Data about a text in front of it, as YAML between two lines of dashes."""

import re
from collections.abc import Mapping
from typing import Any

import yaml
from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from articles.bylines import Credit
from articles.history_addresses import history_address
from articles.models import Publication
from articles.plain_markdown.text import Text, markdown_address, page_address
from healthsite import languages
from healthsite.metadata import absolute_url, site_name

FENCE = "---\n"
_ODD = re.compile("[\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff]")

NO_LICENCE = "none stated"
"""What is said where the publisher has given readers no licence."""


def front_matter(values: Mapping[str, Any]) -> str:
    """YAML of plain data, its keys in the order given, one line for each value.

    Whatever reads YAML gets the same back: words that look like something else (a date, a number,
    ``no``) are in quotation marks.
    """
    data = yaml.dump(
        dict(values), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=float("inf")
    )
    return f"{FENCE}{data}{FENCE}"


class _Dumper(yaml.SafeDumper):
    """PyYAML's safe one, but for texts of several lines and with odd ends of lines.

    In quotation marks everything is written as an escape; in its other styles some ends of lines
    come back as blanks.
    """

    def represent_text(self, text: str) -> yaml.Node:
        style = '"' if _ODD.search(text) else None
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _Dumper.represent_text)


def facts_of(text: Text) -> dict[str, Any]:
    """What the front matter says: only what the page says too, in its words where it has any.

    Dates are days in the site's time zone, roles and grades the keys of ``articles.labels``.
    """
    own, page = text.own, text.page
    article = own.translation.article
    history = history_address(article.kind, text.language.code, article.slug)
    return {
        "title": page["title"],
        "titles": [_title(other) for other in text.others],
        "language": text.language.tag,
        **_people(text),
        "published": localdate(own.first_live_from),
        **({"updated": localdate(own.updated_at)} if own.updated_at else {}),
        "version": own.number,
        "topics": [topic.name for topic in text.topics],
        "evidence": dict(page["grades"]),
        **({"disclosure": page["disclosure"]} if page["disclosure"] else {}),
        "licence": settings.TEXT_LICENCE or NO_LICENCE,
        "canonical": text.canonical,
        "history": absolute_url(history),
        "publisher": site_name(text.language.code),
    }


def _title(other: Publication) -> dict[str, str]:
    return {
        "language": languages.BY_CODE[other.translation.language].tag,
        "title": other.page["title"],
        "markdown": markdown_address(other),
        "canonical": page_address(other),
    }


def _people(text: Text) -> dict[str, Any]:
    """The byline. Of an adaptation it belongs to the original, and the page says so."""
    if text.byline is None:
        return {}
    adaptation = {
        "byline": _("Original article by"),
        "adaptation": _("Adapted by the editors."),
    }
    return {
        **(adaptation if text.page["is_adaptation"] else {}),
        "authors": [_person(credit) for credit in text.byline.credits],
        "reviewed": text.byline.review_text,
    }


def _person(credit: Credit) -> dict[str, Any]:
    words = credit.profile.words
    return {
        "name": words.name,
        "roles": list(credit.roles),
        "profile": absolute_url(words.get_absolute_url()),
    }
