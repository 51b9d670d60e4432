"""Which fields each file of a bundle has, and what each may hold."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.bundles.problems import Problem
from articles.bundles.yaml_io import Mapping, Sequence
from articles.document import GRADES, NUTRIENTS
from articles.labels import ROLES, STUDY_TYPES
from healthsite import languages
from healthsite.constraints import KEY_PATTERN

Report = Callable[[int, str], None]


@dataclass(frozen=True)
class Field:
    """One field: its reader ``(value, line, report) -> value``, its default, whether it is owed."""

    read: Callable[[Any, int, Report], Any]
    default: Any = ""
    is_required: bool = False


def required(read) -> Field:
    return Field(read, None, True)


def text(max_length: int = 100_000):
    def read(value: Any, line: int, report: Report) -> str:
        if value is None:
            return ""
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            report(line, _("Expected a text; put it in quotation marks."))
            return ""
        value = str(value)
        if len(value) > max_length:
            report(
                line,
                _("This has %(length)s characters; at most %(limit)s fit.")
                % {"length": len(value), "limit": max_length},
            )
        return value

    return read


def filled(max_length: int = 100_000):
    def read(value: Any, line: int, report: Report) -> str:
        value = text(max_length)(value, line, report)
        if not value.strip():
            report(line, _("This must not be empty."))
        return value

    return read


def matching(pattern: str, hint: str, may_be_empty: bool = False):
    def read(value: Any, line: int, report: Report) -> str:
        value = text(200)(value, line, report)
        if not (may_be_empty and not value) and not re.fullmatch(pattern, value):
            report(line, _("“%(value)s” does not fit: %(hint)s") % {"value": value, "hint": hint})
        return value

    return read


def key(may_be_empty: bool = False):
    return matching(
        KEY_PATTERN.strip("^$"),
        _("use lower-case letters, digits and single hyphens."),
        may_be_empty,
    )


def one_of(known):
    def read(value: Any, line: int, report: Report) -> str:
        value = text(200)(value, line, report)
        if value not in known:
            report(
                line,
                _("“%(value)s” is not known here. Use one of: %(known)s.")
                % {"value": value, "known": ", ".join(known)},
            )
        return value

    return read


def boolean(value: Any, line: int, report: Report) -> bool:
    if not isinstance(value, bool):
        report(line, _("Expected true or false."))
        return False
    return value


def whole_number(low: int, high: int):
    def read(value: Any, line: int, report: Report) -> int | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            report(
                line,
                _("Expected a whole number from %(low)s to %(high)s.")
                % {"low": low, "high": high},
            )
            return None
        return value

    return read


def date(value: Any, line: int, report: Report) -> datetime.date | None:
    if value is None or value == "":
        return None
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        report(line, _("Expected a date such as 2026-11-22."))
        return None
    return value


def moment(value: Any, line: int, report: Report) -> datetime.datetime | None:
    if not isinstance(value, datetime.datetime):
        report(line, _("Expected a time such as 2026-11-22T09:00:00+00:00."))
        return None
    if timezone.is_naive(value):
        value = timezone.make_aware(value, datetime.UTC)
    return value.astimezone(datetime.UTC)


_validate_url = URLValidator(schemes=["http", "https"])


def web_address(value: Any, line: int, report: Report) -> str:
    value = text(400)(value, line, report)
    if value:
        try:
            _validate_url(value)
        except ValidationError:
            report(line, _("Expected a full address that starts with https://."))
    return value


def list_of(read_item):
    def read(value: Any, line: int, report: Report) -> list:
        if value is None:
            return []
        if not isinstance(value, Sequence):
            report(line, _("Expected a list."))
            return []
        return [
            read_item(item, item_line, report)
            for item, item_line in zip(value.items, value.lines, strict=True)
        ]

    return read


def record(fields: dict[str, Field]):
    def read(value: Any, line: int, report: Report) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            report(line, _("Expected fields: %(known)s.") % {"known": ", ".join(fields)})
            return {name: field.default for name, field in fields.items()}
        return read_fields(value, fields, report)

    return read


def read_fields(mapping: Mapping, fields: dict[str, Field], report: Report) -> dict[str, Any]:
    """Values of a mapping by its schema; every problem is reported with its line."""
    for name, line in mapping.lines.items():
        if name not in fields:
            report(
                line,
                _("The field “%(name)s” is not known here. Known fields: %(known)s.")
                % {"name": name, "known": ", ".join(fields)},
            )
    values: dict[str, Any] = {"_line": mapping.line}
    for name, spec in fields.items():
        if name in mapping.values:
            values[name] = spec.read(mapping.values[name], mapping.lines[name], report)
        else:
            values[name] = spec.default() if callable(spec.default) else spec.default
            if spec.is_required:
                report(mapping.line, _("The field “%(name)s” is missing.") % {"name": name})
    return values


def reporter(problems: list[Problem], path: str) -> Report:
    def report(line: int, message: str) -> None:
        problems.append(Problem(path, line, message))

    return report


CLAIM_KEY = r"[A-Za-z][A-Za-z0-9-]{0,19}"
FILE_NAME = r"figures/[a-z0-9][a-z0-9._-]{0,90}\.(?:svg|jpg|jpeg|png|webp|avif)"

TOPIC_TEXT = {"name": required(filled(80)), "description": Field(text(300))}
TOPIC = {
    "slug": required(key()),
    **{code: required(record(TOPIC_TEXT)) for code in languages.CODES},
}
TERM_TEXT = {
    "term": required(filled(120)),
    "abbreviation": Field(text(60)),
    "definition": required(filled(400)),
}
TERM = {
    "key": required(key()),
    **{code: required(record(TERM_TEXT)) for code in languages.CODES},
}
PRODUCT_TEXT = {"gloss": Field(text(200)), "components": Field(text()), "label_note": Field(text())}
PRODUCT = {
    "key": required(key()),
    "name": required(filled(200)),
    "name_language": required(one_of(languages.CODES)),
    "brand": required(filled(100)),
    "relationship": required(
        one_of(("none", "own_brand", "sponsored", "affiliate", "unconfirmed"))
    ),
    "website": Field(web_address),
    **{code: Field(record(PRODUCT_TEXT), dict) for code in languages.CODES},
}
REGISTRATION_TEXT = {"title": required(filled(200)), "body": Field(text(200))}
REGISTRATION = {
    "number": required(filled(60)),
    "register_url": Field(web_address),
    "checked_on": Field(date, None),
    "valid_until": Field(date, None),
    **{code: required(record(REGISTRATION_TEXT)) for code in languages.CODES},
}
AUTHOR = {
    "website": Field(web_address),
    "is_active": Field(boolean, True),
    "portrait": Field(
        matching(r"portrait\.(?:jpg|jpeg|png|webp)", _("for example portrait.jpg."), True)
    ),
    "registrations": Field(list_of(record(REGISTRATION)), list),
}
AUTHOR_TEXT = {"name": required(filled(200)), "credentials": Field(text(300))}

CONTRIBUTION = {"author": required(key()), "role": required(one_of(tuple(ROLES)))}
IMAGE = {
    "key": required(key()),
    "file": required(matching(FILE_NAME, _("for example figures/pathway-en.svg."))),
    "credit": Field(text(200)),
    "licence": Field(text(100)),
}
REFERENCE = {
    "key": required(key()),
    "study_type": required(one_of(tuple(STUDY_TYPES))),
    "participants": Field(whole_number(1, 10**9), None),
    "authors": Field(text(300)),
    "year": Field(whole_number(1500, 2200), None),
    "title": Field(text(400)),
    "label": Field(text(300)),
    "container": Field(text(200)),
    "locator": Field(text(120)),
    "doi": Field(
        matching(r"10\.\d{4,9}/\S+", _("a DOI looks like 10.1234/abcd, without https://."), True)
    ),
    "pmid": Field(matching(r"\d+", _("a PubMed number has digits only."), True)),
    "isbn": Field(text(20)),
    "url": Field(web_address),
    "accessed_on": Field(date, None),
    "is_complete": Field(boolean, True),
}
CLAIM = {
    "key": required(matching(CLAIM_KEY, _("for example C7 or C16a."))),
    "grade": required(one_of(GRADES)),
    "references": Field(list_of(key()), list),
}
ARTICLE = {
    "kind": Field(one_of(("article", "page")), "article"),
    "source_language": Field(one_of(languages.CODES), languages.DEFAULT.code),
    "topics": Field(list_of(key()), list),
    "nutrients": Field(list_of(one_of(NUTRIENTS)), list),
    "scene": Field(whole_number(1, 5), 1),
    "lead_figure": Field(key(True)),
    "shows_products": Field(boolean, True),
    "is_adaptation": Field(boolean, False),
    "old_slugs": Field(list_of(key()), list),
    "contributions": Field(list_of(record(CONTRIBUTION)), list),
    "images": Field(list_of(record(IMAGE)), list),
    "references": Field(list_of(record(REFERENCE)), list),
    "claims": Field(list_of(record(CLAIM)), list),
}
FIGURE = {
    "key": required(key()),
    "image": required(key()),
    "narrow_image": Field(key(True)),
    "alt": Field(text()),
    "caption": Field(text()),
    "text": Field(text()),
}
CALLOUT = {
    "key": required(key()),
    "icon": required(one_of(("anxiety", "cramps", "fatigue", "sleep"))),
    "label": required(filled(80)),
    "text": required(filled()),
}
MENTION = {"product": required(key()), "text": required(filled())}
STATEMENT = {
    "claim": required(matching(CLAIM_KEY, _("for example C7 or C16a."))),
    "text": required(filled()),
    "basis": Field(text()),
}
PUBLISH = {
    "at": required(moment),
    "change": required(
        one_of(("first", "typo", "clarification", "correction", "evidence", "full_review"))
    ),
    "note": Field(text(500)),
    "first_at": Field(moment, None),
}
WITHDRAWN = {"note": required(filled())}
TRANSLATION = {
    "title": required(filled(200)),
    "standfirst": Field(text()),
    "seal": Field(text(2)),
    "seo_title": Field(text(120)),
    "seo_description": Field(text(300)),
    "original_label": Field(text(80)),
    "edition_note": Field(text()),
    "figures": Field(list_of(record(FIGURE)), list),
    "callouts": Field(list_of(record(CALLOUT)), list),
    "product_mention": Field(record(MENTION), None),
    "statements": Field(list_of(record(STATEMENT)), list),
    "publish": Field(record(PUBLISH), None),
    "withdrawn": Field(record(WITHDRAWN), None),
    "blocks": Field(
        list_of(matching(r"[a-z][a-z0-9-]*:[0-9a-f]{8}", _("written by the export."))), list
    ),
}
