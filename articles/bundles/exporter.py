"""Rows → the files of a bundle, in one fixed spelling, so that a round trip changes no byte."""

import datetime
import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from articles import images
from articles.building import build_document, pack_stamps
from articles.bundles import schema
from articles.bundles.comparing import says_the_same
from articles.bundles.folder import LISTS, SECTIONS, is_place
from articles.bundles.importer import COLUMNS
from articles.bundles.reader import KINDS
from articles.bundles.yaml_writing import Flow, FlowRecord, dump, join_head
from articles.document import Document
from articles.markdown.blocks import clean_source
from articles.models import (
    Article,
    ArticleTranslation,
    GlossaryTerm,
    Image,
    Product,
    Publication,
    Reference,
    Topic,
)
from articles.services.saving import deviations
from authors.models import Author
from healthsite import languages

_SECTIONS = {KINDS[section]: section for section in SECTIONS}


class ExportRefused(Exception):
    """Something that stands in the way of a whole bundle; the message says how to mend it."""


@dataclass
class ExportReport:
    """What an export wrote. ``unpublished`` lists texts that have changed since publication."""

    files: int = 0
    unpublished: list[str] = field(default_factory=list)


def export_bundle(folder: Path) -> ExportReport:
    """Write everything to ``folder``, which must be missing or empty. Raises ExportRefused."""
    writer = _Writer(Path(folder))
    _export_lists(writer)
    for author in Author.objects.prefetch_related("translations", "registrations__translations"):
        _export_author(writer, author)
    for article in Article.objects.order_by("slug").iterator(chunk_size=100):
        _export_article(writer, article)
    return writer.report


class _Writer:
    """Writes files of a bundle, and nothing anywhere else whatever the database says."""

    def __init__(self, folder: Path):
        # Writing over other files could leave stale ones behind.
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ExportRefused(_("%(path)s is not empty. Give a new folder.") % {"path": folder})
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.report = ExportReport()

    def text(self, relative: str, text: str) -> None:
        self.data(relative, text.encode())

    def data(self, relative: str, data: bytes) -> None:
        path = self.folder / relative
        if not is_place(relative) or path.exists():
            raise ExportRefused(
                _("“%(path)s” cannot be the name of a file: change the slug or key it is made of.")
                % {"path": relative}
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.report.files += 1


# How values are written


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty, which the importer's defaults stand for; words without control
    characters, which a bundle cannot hold."""
    cleaned = {
        name: clean_source(value) if isinstance(value, str) else value
        for name, value in fields.items()
    }
    return {name: value for name, value in cleaned.items() if value not in ("", None, [], {})}


def _columns(row, *names: str) -> dict[str, Any]:
    return _filled({name: getattr(row, name) for name in names})


def _by_language(rows: Iterable[Any], *names: str, **renamed: str) -> dict[str, dict[str, Any]]:
    """``{"zh-hans": {...}, "en": {...}}`` from translation rows; ``renamed``: field=column."""
    columns = renamed | {name: name for name in names}
    found = {row.language: row for row in rows}
    return {
        code: _filled({name: getattr(found[code], column) for name, column in columns.items()})
        for code in languages.CODES
        if code in found
    }


# Lists and authors


def _export_lists(writer: _Writer) -> None:
    topics = [
        {"slug": topic.slug} | _by_language(topic.translations.all(), "name", "description")
        for topic in Topic.objects.prefetch_related("translations")
    ]
    terms = [
        {"key": term.key}
        | _by_language(term.translations.all(), "abbreviation", "definition", term="name")
        for term in GlossaryTerm.objects.prefetch_related("translations")
    ]
    products = [
        _columns(product, "key", "name", "name_language", "brand", "relationship", "website")
        | _filled(_by_language(product.translations.all(), "gloss", "components", "label_note"))
        for product in Product.objects.prefetch_related("translations")
    ]
    for name, records in zip(LISTS, (topics, terms, products), strict=True):
        if records:
            writer.text(name, dump(records))


def _export_author(writer: _Writer, author: Author) -> None:
    path = f"authors/{author.slug}"
    fields = _columns(author, "website", "is_active")
    if author.portrait:
        name, data = _portrait(author)
        writer.data(f"{path}/{name}", data)
        fields["portrait"] = name
    fields["registrations"] = [
        _columns(registration, "number", "register_url", "checked_on", "valid_until")
        | _by_language(registration.translations.all(), "title", "body")
        for registration in author.registrations.all()
    ]
    writer.text(f"{path}/author.yaml", dump(_filled(fields)))
    for words in author.translations.all():
        head = dump(_columns(words, "name", "credentials", "affiliation"))
        writer.text(f"{path}/{words.language}.md", join_head(head, clean_source(words.bio)))


def _portrait(author: Author) -> tuple[str, bytes]:
    portrait = author.portrait
    upload = images.read_upload(portrait.get("original", ""), portrait.get("file", ""))
    if upload is None:
        raise ExportRefused(
            _("The portrait of %(author)s is lost: upload it again.") % {"author": author.slug}
        )
    extension, data = upload
    return f"portrait.{extension}", data


# Articles


def _export_article(writer: _Writer, article: Article) -> None:
    path = f"{_SECTIONS[article.kind]}/{article.slug}"
    pictures = _export_pictures(writer, article, path)
    writer.text(f"{path}/article.yaml", dump(_article_fields(article, pictures.values())))
    for translation in article.translations.all():
        fields = _translation_fields(translation, pictures)
        if "publish" not in fields and translation.publications.exists():
            writer.report.unpublished.append(f"{article.slug} ({translation.language})")
        writer.text(
            f"{path}/{translation.language}.md",
            join_head(dump(fields), clean_source(translation.body)),
        )


@dataclass(frozen=True)
class _Picture:
    """An image under its names in the bundle."""

    image: Image
    key: str
    file: str


def _export_pictures(writer: _Writer, article: Article, path: str) -> dict[int, _Picture]:
    """Write the article's images and the shared ones that its texts show; those, by their row."""
    pictures: dict[int, _Picture] = {}
    keys: set[str] = set()
    written: dict[str, bytes] = {}
    for image in [*article.images.all(), *_shared_images(article)]:
        upload = images.read_upload(image.original, image.file)
        if upload is None:
            raise ExportRefused(
                _("The picture “%(key)s” of %(article)s is lost: upload it again.")
                % {"key": image.key, "article": article.slug}
            )
        extension, data = upload
        digest = hashlib.sha256(data).digest()
        key = next(name for name in _numbered(image.key) if name not in keys)
        stem = images.bundle_name(key, f".{extension}").removesuffix(f".{extension}")
        own_names = (f"{name}.{extension}" for name in _numbered(stem))
        file = next(
            name
            for name in itertools.chain([image.source_name], own_names)
            if _is_picture(name, extension) and written.get(name, digest) == digest
        )
        if file not in written:
            writer.data(f"{path}/{file}", data)
        keys.add(key)
        written[file] = digest
        pictures[image.pk] = _Picture(image, key, file)
    return pictures


def _shared_images(article: Article):
    shared, texts = Image.objects.filter(article=None), article.translations.all()
    return (
        shared.filter(figures__translation__in=texts)
        | shared.filter(narrow_figures__translation__in=texts)
    ).distinct()


def _numbered(name: str) -> Iterator[str]:
    """The name, then others like it."""
    return itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))


def _is_picture(name: str, extension: str) -> bool:
    """Whether a name is one for pictures of a bundle, and tells drawings from photographs."""
    is_right_kind = name.endswith(".svg") == (extension == "svg")
    return is_right_kind and bool(re.fullmatch(schema.PICTURE, name))


def _article_fields(article: Article, pictures: Iterable[_Picture]) -> dict[str, Any]:
    names = ("kind", "source_language", "scene", "shows_products", "is_adaptation")
    fields = {name: getattr(article, name) for name in names} | {
        "topics": Flow(article.topics.values_list("slug", flat=True)),
        "nutrients": Flow(article.nutrients),
        "lead_figure": article.lead_figure_key,
        "old_slugs": Flow(article.old_slugs.values_list("slug", flat=True)),
        "contributions": [
            FlowRecord(author=item.author.slug, role=item.role)
            for item in article.contributions.select_related("author")
        ],
        "images": [
            {"key": picture.key, "file": picture.file}
            | _columns(picture.image, "credit", "licence")
            | _focus(picture.image)
            for picture in pictures
        ],
        "references": [_reference_fields(reference) for reference in article.references.all()],
        "claims": [
            FlowRecord(
                _columns(claim, "key", "grade")
                | _filled({"references": Flow(item.key for item in claim.references.all())})
            )
            for claim in article.claims.prefetch_related("references")
        ],
    }
    return _filled({name: fields[name] for name in schema.ARTICLE})


def _reference_fields(reference: Reference) -> dict[str, Any]:
    fields = _columns(reference, *schema.REFERENCE)
    if reference.is_complete:
        del fields["is_complete"]
    return fields


def _translation_fields(
    translation: ArticleTranslation, pictures: dict[int, _Picture]
) -> dict[str, Any]:
    document = build_document(translation)
    fields = _columns(translation, *COLUMNS) | {
        "figures": [
            {"key": figure.key, "image": pictures[figure.image_id].key}
            | _filled({"narrow_image": getattr(pictures.get(figure.narrow_image_id), "key", "")})
            | _columns(figure, "alt", "caption", "text")
            for figure in translation.figures.all()
        ],
        "callouts": [_columns(item, *schema.CALLOUT) for item in translation.callouts.all()],
        "statements": [
            {"claim": item.claim.key} | _columns(item, "text", "basis")
            for item in translation.statements.select_related("claim")
        ],
        "publish": _publish_fields(translation, document),
        "blocks": Flow(pack_stamps(document.blocks)),
        "behind": Flow(f"{unit}={digest}" for unit, digest in deviations(translation).items()),
    }
    for mention in translation.mentions.select_related("product"):
        fields["product_mention"] = {"product": mention.product.key} | _columns(mention, "text")
    if translation.withdrawn_at:
        fields["withdrawn"] = _filled(
            {"note": translation.withdrawal_note, "at": _utc(translation.withdrawn_at)}
        )
    return _filled({name: fields.get(name) for name in schema.TRANSLATION})


def _publish_fields(translation: ArticleTranslation, document: Document) -> dict[str, Any]:
    """The newest publication, if it is of this text. A text that has changed since is a draft:
    nothing may claim that it was published."""
    last = translation.publications.order_by("-number").select_related("revision").first()
    if last is None or not says_the_same(document, last.revision.as_document()):
        return {}
    at, first = last.live_from, last.first_live_from
    fields = {"at": _utc(at), "change": last.change, "note": last.public_note}
    if first != at:
        fields["first_at"] = _utc(first)
    # What an import finds out by itself is left out.
    is_update = last.change in Publication.MOVES_UPDATED and at > first
    if last.updated_at and last.updated_at != (at if is_update else None):
        fields["updated_at"] = _utc(last.updated_at)
    is_review = last.change == Publication.Change.FULL_REVIEW
    if last.reviewed_at and last.reviewed_at != (at if is_review else None):
        fields["reviewed_at"] = _utc(last.reviewed_at)
    return _filled(fields)


def _focus(image: Image) -> dict[str, int]:
    """The focal point, where an editor has chosen one: the middle goes without saying."""
    point = {"focus_x": image.focus_x, "focus_y": image.focus_y}
    return {} if point == {"focus_x": 50, "focus_y": 50} else point


def _utc(time: datetime.datetime) -> datetime.datetime:
    return time.astimezone(datetime.UTC)
