"""Rows → the files of a bundle, in one fixed spelling, so that a round trip changes no byte."""

from pathlib import Path
from typing import Any

from articles import images
from articles.building import build_document, pack_stamps
from articles.bundles.yaml_io import Flow, dump, join_head
from articles.markdown.blocks import clean_source
from articles.models import (
    Article,
    ArticleTranslation,
    GlossaryTerm,
    Image,
    Product,
    Topic,
)
from authors.models import Author
from healthsite import languages


class FolderNotEmpty(Exception):
    """Exporting over other files could leave stale ones behind."""


def export_bundle(folder: Path) -> int:
    """Write everything to ``folder``, which must be missing or empty. Returns the file count."""
    folder = Path(folder)
    if folder.exists() and any(folder.iterdir()):
        raise FolderNotEmpty(folder)
    writer = _Writer(folder)
    _export_lists(writer)
    for author in Author.objects.prefetch_related("translations", "registrations__translations"):
        _export_author(writer, author)
    for article in Article.objects.order_by("slug").iterator(chunk_size=100):
        _export_article(writer, article)
    return writer.count


class _Writer:
    def __init__(self, folder: Path):
        self.folder = folder
        self.count = 0

    def text(self, relative: str, text: str) -> None:
        self.data(relative, text.encode())

    def data(self, relative: str, data: bytes) -> None:
        path = self.folder / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.count += 1


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty: the importer's defaults stand for it."""
    return {name: value for name, value in fields.items() if value not in ("", None, [], {})}


def _by_language(rows, columns: dict[str, str]) -> dict[str, dict[str, Any]]:
    """``{"zh-hans": {...}, "en": {...}}`` from translation rows; ``columns``: field → column."""
    found = {row.language: row for row in rows}
    return {
        code: _filled({name: getattr(found[code], column) for name, column in columns.items()})
        for code in languages.CODES
        if code in found
    }


def _export_lists(writer: _Writer) -> None:
    topics = [
        {
            "slug": topic.slug,
            **_by_language(
                topic.translations.all(), {"name": "name", "description": "description"}
            ),
        }
        for topic in Topic.objects.prefetch_related("translations")
    ]
    terms = [
        {
            "key": term.key,
            **_by_language(
                term.translations.all(),
                {"term": "name", "abbreviation": "abbreviation", "definition": "definition"},
            ),
        }
        for term in GlossaryTerm.objects.prefetch_related("translations")
    ]
    products = [
        _filled(
            {
                "key": product.key,
                "name": product.name,
                "name_language": product.name_language,
                "brand": product.brand,
                "relationship": product.relationship,
                "website": product.website,
                **_by_language(
                    product.translations.all(),
                    {"gloss": "gloss", "components": "components", "label_note": "label_note"},
                ),
            }
        )
        for product in Product.objects.prefetch_related("translations")
    ]
    for name, records in (("topics", topics), ("glossary", terms), ("products", products)):
        if records:
            writer.text(f"{name}.yaml", dump(records))


def _export_author(writer: _Writer, author: Author) -> None:
    path = f"authors/{author.slug}"
    fields = _filled({"website": author.website})
    if not author.is_active:
        fields["is_active"] = False
    if author.portrait:
        fields["portrait"] = author.portrait["source_name"]
        writer.data(f"{path}/{author.portrait['source_name']}", _original(author.portrait))
    fields |= _filled(
        {
            "registrations": [
                _filled(
                    {
                        "number": registration.number,
                        "register_url": registration.register_url,
                        "checked_on": registration.checked_on,
                        "valid_until": registration.valid_until,
                        **_by_language(
                            registration.translations.all(), {"title": "title", "body": "body"}
                        ),
                    }
                )
                for registration in author.registrations.all()
            ]
        }
    )
    writer.text(f"{path}/author.yaml", dump(fields) if fields else "")
    for words in author.translations.all():
        head = dump(_filled({"name": words.name, "credentials": words.credentials}))
        body = f"{words.bio}\n" if words.bio else ""
        writer.text(f"{path}/{words.language}.md", join_head(head, body))


def _original(picture: dict[str, Any]) -> bytes:
    with images.originals().open(picture["original"]) as file:
        return file.read()


def _export_article(writer: _Writer, article: Article) -> None:
    section = "pages" if article.kind == Article.Kind.PAGE else "articles"
    path = f"{section}/{article.slug}"
    writer.text(f"{path}/article.yaml", dump(_article_fields(article)))
    for image in article.images.all():
        writer.data(f"{path}/{image.source_name}", _original({"original": image.original}))
    for translation in article.translations.all():
        body = clean_source(translation.body)
        writer.text(
            f"{path}/{translation.language}.md",
            join_head(dump(_translation_fields(translation)), body),
        )


def _article_fields(article: Article) -> dict[str, Any]:
    fields = {
        "kind": article.kind,
        "source_language": article.source_language,
        "topics": Flow(article.topics.values_list("slug", flat=True)),
        "nutrients": Flow(article.nutrients),
        "scene": article.scene,
        "lead_figure": article.lead_figure_key,
        "shows_products": article.shows_products,
        "is_adaptation": article.is_adaptation,
        "old_slugs": Flow(article.old_slugs.values_list("slug", flat=True)),
        "contributions": [
            {"author": item.author.slug, "role": item.role}
            for item in article.contributions.select_related("author")
        ],
        "images": [_image_fields(image) for image in article.images.all()],
        "references": [_reference_fields(reference) for reference in article.references.all()],
        "claims": [
            _filled(
                {
                    "key": claim.key,
                    "grade": claim.grade,
                    "references": Flow(reference.key for reference in claim.references.all()),
                }
            )
            for claim in article.claims.prefetch_related("references")
        ],
    }
    return _filled(fields)


def _image_fields(image: Image) -> dict[str, Any]:
    return _filled(
        {
            "key": image.key,
            "file": image.source_name,
            "credit": image.credit,
            "licence": image.licence,
        }
    )


def _reference_fields(reference) -> dict[str, Any]:
    columns = (
        "key study_type participants authors year title label container locator doi pmid isbn "
        "url accessed_on"
    ).split()
    fields = _filled({name: getattr(reference, name) for name in columns})
    if not reference.is_complete:
        fields["is_complete"] = False
    return fields


def _translation_fields(translation: ArticleTranslation) -> dict[str, Any]:
    mention = translation.mentions.select_related("product").first()
    fields = {
        "title": translation.title,
        "standfirst": translation.standfirst,
        "seal": translation.seal,
        "seo_title": translation.seo_title,
        "seo_description": translation.seo_description,
        "original_label": translation.original_label,
        "edition_note": translation.edition_note,
        "figures": [
            _filled(
                {
                    "key": figure.key,
                    "image": figure.image.key,
                    "narrow_image": figure.narrow_image.key if figure.narrow_image else "",
                    "alt": figure.alt,
                    "caption": figure.caption,
                    "text": figure.text,
                }
            )
            for figure in translation.figures.select_related("image", "narrow_image")
        ],
        "callouts": [
            {"key": item.key, "icon": item.icon, "label": item.label, "text": item.text}
            for item in translation.callouts.all()
        ],
        "product_mention": {"product": mention.product.key, "text": mention.text}
        if mention
        else None,
        "statements": [
            _filled({"claim": item.claim.key, "text": item.text, "basis": item.basis})
            for item in translation.statements.select_related("claim")
        ],
        "publish": _publish_fields(translation),
        "withdrawn": {"note": translation.withdrawal_note} if translation.withdrawn_at else None,
        "blocks": Flow(pack_stamps(build_document(translation).blocks)),
    }
    return _filled(fields)


def _publish_fields(translation: ArticleTranslation) -> dict[str, Any] | None:
    """The newest publication, if the working text is what it froze; else the text is a draft."""
    last = translation.publications.order_by("-number").select_related("revision").first()
    if last is None:
        return None
    fields = {"at": last.live_from, "change": last.change, "note": last.public_note}
    if last.first_live_from != last.live_from:
        fields["first_at"] = last.first_live_from
    return _filled(fields)
