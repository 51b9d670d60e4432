"""Which fields each file of a bundle has, and what each may hold.

Lengths are those of the columns (a test compares them), so that PostgreSQL has nothing to refuse.
"""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from articles.bundles.problems import Report
from articles.bundles.yaml_reading import Mapping, Sequence
from articles.document import GRADES, NUTRIENTS
from articles.images import EXTENSIONS
from articles.labels import ROLES, STUDY_TYPES
from articles.models import Article, Callout, Product, Publication
from healthsite import languages
from healthsite.constraints import KEY_PATTERN

Reader = Callable[[Any, int, Report], Any]
"""Takes a value as YAML gave it, its line, and where to report; returns what is meant."""


MAX_KEY = 80
"""Characters of a slug, which is the name of a folder too, and of most keys."""


@dataclass(frozen=True)
class Field:
    """How a field is read, what it is when it is left out, and whether it may be."""

    read: Reader
    default: Any = ""
    is_required: bool = False


class Record(dict):
    """The values of a mapping by their name, and where they stand.

    ``is_known`` is False where the file could not be read and the values are all defaults.
    """

    def __init__(self, line: int, lines: dict[str, int]):
        super().__init__()
        self.line = line
        self.lines = lines
        self.is_known = True

    def line_of(self, name: str) -> int:
        return self.lines.get(name, self.line)


class Records(list):
    """The values of a list, and the line of each."""

    def __init__(self, items=(), lines=()):
        super().__init__(items)
        self.lines = tuple(lines)

    def with_lines(self):
        return zip(self, self.lines, strict=True)


def required(read: Reader) -> Field:
    return Field(read, None, True)


# Readers of one value


def text(max_length: int = 100_000) -> Reader:
    def read(value: Any, line: int, report: Report) -> str:
        if value is None:
            return ""
        if not isinstance(value, str):
            report(line, _("Expected a text; put it in quotation marks."))
            return ""
        if len(value) > max_length:
            report(
                line,
                _("This has %(length)s characters; at most %(limit)s fit.")
                % {"length": len(value), "limit": max_length},
            )
        return value

    return read


def filled(max_length: int = 100_000) -> Reader:
    read_text = text(max_length)

    def read(value: Any, line: int, report: Report) -> str:
        value = read_text(value, line, report)
        if not value.strip():
            report(line, _("This must not be empty."))
        return value

    return read


def matching(pattern: str, hint: Callable[[], str], max_length: int) -> Reader:
    """A text of one form. ``hint`` is called when it is needed, in the language in force."""
    read_text, fits = text(max_length), re.compile(pattern)

    def read(value: Any, line: int, report: Report) -> str:
        value = read_text(value, line, report)
        if not fits.fullmatch(value):
            report(line, _("“%(value)s” does not fit: %(hint)s") % {"value": value, "hint": hint()})
        return value

    return read


def or_empty(read_value: Reader) -> Reader:
    def read(value: Any, line: int, report: Report) -> str:
        return read_value(value, line, report) if value else ""

    return read


def key(max_length: int = MAX_KEY) -> Reader:
    return matching(_KEY, _key_hint, max_length)


def _key_hint() -> str:
    return _("use lower-case letters, digits and single hyphens.")


def one_of(known) -> Reader:
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
    if value not in ("true", "false"):
        report(line, _("Expected true or false."))
    return value == "true"


def whole_number(low: int, high: int) -> Reader:
    def read(value: Any, line: int, report: Report) -> int | None:
        is_number = isinstance(value, str) and re.fullmatch("[0-9]{1,10}", value)
        if not is_number or not low <= int(value) <= high:
            report(
                line,
                _("Expected a whole number from %(low)s to %(high)s.") % {"low": low, "high": high},
            )
            return None
        return int(value)

    return read


def date(value: Any, line: int, report: Report) -> datetime.date | None:
    if value == "":
        return None
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        pass
    report(line, _("Expected a date such as 2026-11-22."))
    return None


def moment(value: Any, line: int, report: Report) -> datetime.datetime | None:
    """A time; without an offset it is UTC."""
    try:
        # At most a century or two away, so that it stays a time in every time zone.
        if re.match(r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}", value):
            time = datetime.datetime.fromisoformat(value)
            return time.replace(tzinfo=time.tzinfo or datetime.UTC).astimezone(datetime.UTC)
    except (TypeError, ValueError):
        pass
    report(line, _("Expected a time such as 2026-11-22T09:00:00+00:00."))
    return None


_validate_url = URLValidator(schemes=["http", "https"])


def web_address(max_length: int) -> Reader:
    read_text = text(max_length)

    def read(value: Any, line: int, report: Report) -> str:
        value = read_text(value, line, report)
        if value:
            try:
                if not value.startswith(("https://", "http://")):
                    raise ValidationError("")
                _validate_url(value)
            except ValidationError:
                report(line, _("Expected a full address that starts with https://."))
        return value

    return read


# Readers of lists and records


def list_of(read_item: Reader) -> Reader:
    def read(value: Any, line: int, report: Report) -> Records:
        if not isinstance(value, Sequence):
            report(line, _("Expected a list."))
            return Records()
        items = [
            read_item(item, item_line, report)
            for item, item_line in zip(value.items, value.lines, strict=True)
        ]
        return Records(items, value.lines)

    return read


def record(fields: dict[str, Field]) -> Reader:
    def read(value: Any, line: int, report: Report) -> Record:
        if isinstance(value, Mapping):
            return read_fields(value, fields, report)
        report(line, _("Expected fields: %(known)s.") % {"known": ", ".join(fields)})
        return unknown_fields(fields)

    return read


def read_fields(mapping: Mapping, fields: dict[str, Field], report: Report) -> Record:
    """Values of a mapping by its schema; every problem is reported with its line.

    A field without a value is the same as none.
    """
    for name, line in mapping.lines.items():
        if name not in fields:
            report(
                line,
                _("The field “%(name)s” is not known here. Known fields: %(known)s.")
                % {"name": name, "known": ", ".join(fields)},
            )
    values = Record(mapping.line, mapping.lines)
    for name, spec in fields.items():
        value, line = mapping.values.get(name), values.line_of(name)
        if value is not None:
            values[name] = spec.read(value, line, report)
        else:
            values[name] = spec.default() if callable(spec.default) else spec.default
            if spec.is_required:
                report(line, _("The field “%(name)s” is missing.") % {"name": name})
    return values


def unknown_fields(fields: dict[str, Field]) -> Record:
    """What stands for fields that could not be read; that has been reported."""
    values = read_fields(Mapping(1), fields, lambda line, message: None)
    values.is_known = False
    return values


def _by_language(fields: dict[str, Field], is_required: bool = True) -> dict[str, Field]:
    """The same fields for each language."""
    return {code: Field(record(fields), dict, is_required) for code in languages.CODES}


_KEY = KEY_PATTERN.strip("^$")
_EXTENSIONS = "|".join(EXTENSIONS)
PORTRAIT = rf"portrait\.(?:{'|'.join(name for name in EXTENSIONS if name != 'svg')})"
PICTURE = rf"figures/[a-z0-9][a-z0-9._-]{{0,90}}\.(?:{_EXTENSIONS})"


def _portrait_hint() -> str:
    return _("for example portrait.jpg.")


def _picture_hint() -> str:
    return _("for example figures/pathway-en.svg, in lower-case letters.")


def _claim_hint() -> str:
    return _("for example C7 or C16a.")


def _doi_hint() -> str:
    return _("a DOI looks like 10.1234/abcd, without https://.")


def _pmid_hint() -> str:
    return _("a PubMed number has digits only.")


def _stamp_hint() -> str:
    return _("the export writes this list; leave it as it is, or leave it out.")


BEHIND = r"(?:[a-z][a-z0-9-]*|@[a-z]+(?:-[a-z]+)*(?::[A-Za-z0-9-]+){0,2})=(?:[0-9a-f]{8})?"
"""A unit of the text and the digest of the source it follows, if one is known."""

CLAIM_KEY = required(matching(r"[A-Za-z][A-Za-z0-9-]{0,19}", _claim_hint, 20))

TOPIC_TEXT = {"name": required(filled(80)), "description": Field(text(300))}
TOPIC = {"slug": required(key()), **_by_language(TOPIC_TEXT)}
TERM_TEXT = {
    "term": required(filled(120)),
    "abbreviation": Field(text(60)),
    "definition": required(filled(400)),
}
TERM = {"key": required(key()), **_by_language(TERM_TEXT)}
PRODUCT_TEXT = {"gloss": Field(text(200)), "components": Field(text()), "label_note": Field(text())}
PRODUCT = {
    "key": required(key()),
    "name": required(filled(200)),
    "name_language": required(one_of(languages.CODES)),
    "brand": required(filled(100)),
    "relationship": required(one_of(Product.Relationship.values)),
    "website": Field(web_address(200)),
    **_by_language(PRODUCT_TEXT, is_required=False),
}

REGISTRATION_TEXT = {"title": required(filled(200)), "body": Field(text(200))}
REGISTRATION = {
    "number": required(filled(60)),
    "register_url": Field(web_address(200)),
    "checked_on": Field(date, None),
    "valid_until": Field(date, None),
    **_by_language(REGISTRATION_TEXT),
}
AUTHOR = {
    "website": Field(web_address(200)),
    "is_active": Field(boolean, True),
    "portrait": Field(or_empty(matching(PORTRAIT, _portrait_hint, 20))),
    "registrations": Field(list_of(record(REGISTRATION)), Records),
}
AUTHOR_TEXT = {
    "name": required(filled(200)),
    "credentials": Field(text(300)),
    "affiliation": Field(text(200)),
}

CONTRIBUTION = {"author": required(key()), "role": required(one_of(tuple(ROLES)))}
IMAGE = {
    "key": required(key()),
    "file": required(matching(PICTURE, _picture_hint, 120)),
    "credit": Field(text(200)),
    "licence": Field(text(100)),
    "focus_x": Field(whole_number(0, 100), 50),
    "focus_y": Field(whole_number(0, 100), 50),
}
REFERENCE = {
    "key": required(key(60)),
    "study_type": required(one_of(tuple(STUDY_TYPES))),
    "participants": Field(whole_number(0, 10**9), None),
    "authors": Field(text(300)),
    "year": Field(whole_number(1500, 2200), None),
    "title": Field(text(400)),
    "label": Field(text(300)),
    "container": Field(text(200)),
    "locator": Field(text(120)),
    "doi": Field(or_empty(matching(r"10\.[0-9]{4,9}/\S+", _doi_hint, 120))),
    "pmid": Field(or_empty(matching("[0-9]+", _pmid_hint, 12))),
    "isbn": Field(text(20)),
    "url": Field(web_address(400)),
    "accessed_on": Field(date, None),
    "is_complete": Field(boolean, True),
}
CLAIM = {
    "key": CLAIM_KEY,
    "grade": required(one_of(GRADES)),
    "references": Field(list_of(key(60)), Records),
}
ARTICLE = {
    "kind": Field(one_of(Article.Kind.values), Article.Kind.ARTICLE.value),
    "source_language": Field(one_of(languages.CODES), languages.DEFAULT.code),
    "topics": Field(list_of(key()), Records),
    "nutrients": Field(list_of(one_of(NUTRIENTS)), Records),
    "scene": Field(whole_number(1, 5), 1),
    "lead_figure": Field(or_empty(key())),
    "shows_products": Field(boolean, True),
    "is_adaptation": Field(boolean, False),
    "old_slugs": Field(list_of(key()), Records),
    "contributions": Field(list_of(record(CONTRIBUTION)), Records),
    "images": Field(list_of(record(IMAGE)), Records),
    "references": Field(list_of(record(REFERENCE)), Records),
    "claims": Field(list_of(record(CLAIM)), Records),
}

FIGURE = {
    "key": required(key()),
    "image": required(key()),
    "narrow_image": Field(or_empty(key())),
    "alt": Field(text()),
    "caption": Field(text()),
    "text": Field(text()),
}
CALLOUT = {
    "key": required(key()),
    "icon": required(one_of(Callout.Icon.values)),
    "label": required(filled(80)),
    "text": required(filled()),
}
MENTION = {"product": required(key()), "text": required(filled())}
STATEMENT = {"claim": CLAIM_KEY, "text": required(filled()), "basis": Field(text())}
PUBLISH = {
    "at": required(moment),
    "change": required(one_of(Publication.Change.values)),
    "note": Field(text(500)),
    "first_at": Field(moment, None),
    "updated_at": Field(moment, None),
    "reviewed_at": Field(moment, None),
}
WITHDRAWN = {"note": required(filled()), "at": Field(moment, None)}
TRANSLATION = {
    "title": required(filled(200)),
    "standfirst": Field(text()),
    "seal": Field(text(2)),
    "seo_title": Field(text(120)),
    "seo_description": Field(text(300)),
    "original_label": Field(text(80)),
    "edition_note": Field(text()),
    "figures": Field(list_of(record(FIGURE)), Records),
    "callouts": Field(list_of(record(CALLOUT)), Records),
    "product_mention": Field(record(MENTION), None),
    "statements": Field(list_of(record(STATEMENT)), Records),
    "publish": Field(record(PUBLISH), None),
    "withdrawn": Field(record(WITHDRAWN), None),
    "blocks": Field(list_of(matching("[a-z][a-z0-9-]*:[0-9a-f]{8}", _stamp_hint, 200)), Records),
    "behind": Field(list_of(matching(BEHIND, _stamp_hint, 200)), Records),
}
