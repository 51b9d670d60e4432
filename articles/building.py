"""Working rows of one translation → a ``Document``. The one place that knows both."""

from collections.abc import Iterable
from dataclasses import replace

from articles.desk.texts import all_texts
from articles.document import (
    Block,
    CalloutData,
    ContributionData,
    Document,
    FigureData,
    ImageData,
    ProductMentionData,
    ReferenceData,
    RenditionData,
    StatementData,
    TermData,
)
from articles.markdown.blocks import split_body
from articles.markdown.extension import TERM
from articles.models import (
    ArticleTranslation,
    GlossaryTermTranslation,
    Image,
    Product,
    ProductTranslation,
)
from articles.parity import Stamp, align_ids, carry_ids, fill_ids


def build_document(translation: ArticleTranslation) -> Document:
    """The document of a translation's working rows, with stable block ids."""
    article, language = translation.article, translation.language
    mention = _mention(translation)
    document = Document(
        language=language,
        slug=article.slug,
        kind=article.kind,
        title=translation.title,
        standfirst=translation.standfirst,
        seal=translation.seal,
        scene=article.scene,
        seo_title=translation.seo_title,
        seo_description=translation.seo_description,
        original_label=translation.original_label,
        edition_note=translation.edition_note,
        is_adaptation=article.is_adaptation,
        source_language=article.source_language,
        lead_figure=article.lead_figure_key,
        topics=tuple(article.topics.values_list("slug", flat=True)),
        nutrients=tuple(article.nutrients),
        contributions=tuple(
            ContributionData(item.author.slug, item.role)
            for item in article.contributions.select_related("author")
        ),
        blocks=build_blocks(translation),
        body=translation.body,
        figures=tuple(_figures(translation)),
        callouts=tuple(
            CalloutData(item.key, item.icon, item.label, item.text)
            for item in translation.callouts.all()
        ),
        mention=mention if article.shows_products else None,
        hidden_mention=None if article.shows_products else mention,
        statements=tuple(_statements(translation)),
        references=tuple(_references(translation)),
    )
    return with_terms(document)


def with_terms(document: Document) -> Document:
    """A document with the glossary's words for the terms its texts use."""
    return replace(document, terms=tuple(_terms(document)))


def build_blocks(translation: ArticleTranslation) -> tuple[Block, ...]:
    """The body's blocks, each with the id of the older block it continues.

    Ids come, in this order, from the explicit heading address, from the same text's last save,
    from the source language's block at the same place, and otherwise they are new.
    """
    last, source = _last_stamps(translation), _source_blocks(translation)
    blocks = align_ids(source, carry_ids(last, split_body(translation.body).blocks))
    return fill_ids(blocks, reserved={known.id for known in (*last, *source)})


def pack_stamps(blocks: Iterable[Block]) -> list[str]:
    """Ids with digests, as a translation and a bundle keep them: ``["b12a:1f9c30d2", …]``."""
    return [f"{block.id}:{block.digest}" for block in blocks]


def unpack_stamps(packed: Iterable[str]) -> list[Stamp]:
    return [Stamp(*entry.rsplit(":", 1)) for entry in packed if ":" in entry]


def _last_stamps(translation: ArticleTranslation) -> list[Stamp]:
    """What was last saved of this text's blocks; with their words where a revision has them."""
    stamps = unpack_stamps(translation.block_ids)
    revision = translation.revisions.order_by("-number").first() if translation.pk else None
    if revision is None:
        return stamps
    known = {
        block.id: Stamp(block.id, block.digest, block.kind, block.source or block.argument)
        for block in revision.as_document().blocks
    }
    if not stamps:
        return list(known.values())
    return [
        known[stamp.id] if stamp.id in known and known[stamp.id].digest == stamp.digest else stamp
        for stamp in stamps
    ]


def _source_blocks(translation: ArticleTranslation) -> tuple[Block, ...]:
    article = translation.article
    if translation.language == article.source_language:
        return ()
    source = article.translations.filter(language=article.source_language).first()
    return build_blocks(source) if source else ()


def _figures(translation: ArticleTranslation) -> Iterable[FigureData]:
    for figure in translation.figures.select_related("image", "narrow_image"):
        yield FigureData(
            key=figure.key,
            image=image_data(figure.image),
            narrow_image=image_data(figure.narrow_image) if figure.narrow_image else None,
            alt=figure.alt,
            caption=figure.caption,
            text=figure.text,
        )


def image_data(image: Image) -> ImageData:
    return ImageData(
        key=image.key,
        width=image.width,
        height=image.height,
        renditions=tuple(RenditionData(**rendition) for rendition in image.renditions),
        svg=image.svg,
        credit=image.credit,
        licence=image.licence,
    )


def _mention(translation: ArticleTranslation) -> ProductMentionData | None:
    mention = translation.mentions.select_related("product").first()
    if mention is None:
        return None
    return mention_data(mention.product, translation.language, mention.text)


def mention_data(product: Product, language: str, text: str) -> ProductMentionData:
    """A product as one language names it, with what the text says of it."""
    words = (
        ProductTranslation.objects.filter(product=product, language=language).first()
        or ProductTranslation()
    )
    return ProductMentionData(
        product=product.key,
        name=product.name,
        name_language=product.name_language,
        brand=product.brand,
        relationship=product.relationship,
        website=product.website,
        text=text,
        gloss=words.gloss,
        components=words.components,
        label_note=words.label_note,
    )


def _statements(translation: ArticleTranslation) -> Iterable[StatementData]:
    statements = translation.statements.select_related("claim").prefetch_related(
        "claim__references"
    )
    for statement in statements:
        claim = statement.claim
        yield StatementData(
            claim=claim.key,
            grade=claim.grade,
            references=tuple(reference.key for reference in claim.references.all()),
            text=statement.text,
            basis=statement.basis,
        )


def _references(translation: ArticleTranslation) -> Iterable[ReferenceData]:
    for row in translation.article.references.all():
        yield ReferenceData(
            key=row.key,
            study_type=row.study_type,
            authors=row.authors,
            year=row.year,
            title=row.title,
            label=row.label,
            container=row.container,
            locator=row.locator,
            doi=row.doi,
            pmid=row.pmid,
            isbn=row.isbn,
            url=row.url,
            accessed_on=row.accessed_on.isoformat() if row.accessed_on else "",
            participants=row.participants,
            is_complete=row.is_complete,
        )


def _terms(document: Document) -> Iterable[TermData]:
    """The glossary's words for the terms a text uses, in the order of the glossary."""
    keys = {
        match[1].strip() for text in all_texts(document) for match in TERM.finditer(text.source)
    }
    if not keys:
        return
    rows = GlossaryTermTranslation.objects.in_language(document.language)
    for row in rows.filter(term__key__in=keys):
        yield TermData(row.term.key, row.name, row.abbreviation, row.definition)
