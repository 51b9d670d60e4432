"""Bring an earlier text back as a new draft. Nothing public changes."""

from collections.abc import Mapping

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from articles import audit
from articles.building import build_document
from articles.document import Document
from articles.markdown.blocks import join_blocks
from articles.models import (
    ArticleTranslation,
    Callout,
    Figure,
    Image,
    Product,
    ProductMention,
    Revision,
    Statement,
)
from articles.services.errors import EditorialError
from articles.services.locking import lock_translation
from articles.services.saving import save_revision, source_of
from articles.units import digests_of, units_of

_COLUMNS = (
    *("title", "standfirst", "seal", "original_label", "edition_note"),
    *("seo_title", "seo_description"),
)
PRODUCT_TAG = "[[product]]"


@transaction.atomic
def restore_text(
    translation: ArticleTranslation,
    revision: Revision,
    *,
    user: AbstractBaseUser | None = None,
    expected_version: int | None = None,
) -> Revision:
    """Make a revision's text the working text again, as a new revision.

    What belongs to the article and not to the text (references, grades, byline, topics) stays as
    it is; the checks name what no longer fits. Passages that come back follow the source they
    followed then, not the source as it is. Raises EditConflict or EditorialError.
    """
    translation = lock_translation(translation, expected_version)
    if revision.translation_id != translation.pk:
        raise EditorialError(_("This revision belongs to another text."))
    document = revision.as_document()
    present = digests_of(build_document(translation))
    for column in _COLUMNS:
        setattr(translation, column, getattr(document, column))
    translation.body = join_blocks(document.blocks)
    translation.block_ids = [f"{block.id}:{block.digest}" for block in document.blocks]
    translation.save()
    _restore_parts(translation, document)
    note = _("Text of revision %(number)s") % {"number": revision.number}
    restored = save_revision(
        translation, user=user, note=note, follows=_follows(translation, revision, present)
    )
    audit.record(audit.Act.RESTORED, translation, user=user, revision=revision.number)
    return restored


def _restore_parts(translation: ArticleTranslation, document: Document) -> None:
    for rows in (translation.figures, translation.callouts, translation.statements):
        rows.all().delete()
    pictures = _pictures(translation, document)
    Figure.objects.bulk_create(
        Figure(
            translation=translation,
            key=figure.key,
            image=pictures[figure.image.key],
            narrow_image=pictures[figure.narrow_image.key] if figure.narrow_image else None,
            alt=figure.alt,
            caption=figure.caption,
            text=figure.text,
            position=position,
        )
        for position, figure in enumerate(document.figures)
    )
    Callout.objects.bulk_create(
        Callout(
            translation=translation,
            key=callout.key,
            icon=callout.icon,
            label=callout.label,
            text=callout.text,
            position=position,
        )
        for position, callout in enumerate(document.callouts)
    )
    claims = {claim.key: claim for claim in translation.article.claims.all()}
    Statement.objects.bulk_create(
        Statement(
            translation=translation,
            claim=claims[statement.claim],
            text=statement.text,
            basis=statement.basis,
        )
        for statement in document.statements
        if statement.claim in claims
    )
    _restore_mention(translation, document)


def _restore_mention(translation: ArticleTranslation, document: Document) -> None:
    """A revision made while products are hidden does not hold the mention its body places."""
    if document.mention is None:
        if translation.article.shows_products and PRODUCT_TAG not in translation.body:
            translation.mentions.all().delete()
        return
    translation.mentions.all().delete()
    product = Product.objects.filter(key=document.mention.product).first()
    if product:
        ProductMention.objects.create(
            translation=translation, product=product, text=document.mention.text
        )


def _follows(
    translation: ArticleTranslation, revision: Revision, present: Mapping[str, str]
) -> dict[str, str]:
    """Of each passage that a revision brings back, the digest of the source it followed then.

    A publication of the revision knows. Otherwise it is the source as it was when the passage
    came to say what it says; an editor's word that it was still correct afterwards is not kept.
    """
    source = source_of(translation)
    units = units_of(revision.as_document())
    restored = {unit.id: unit.digest for unit in units if unit.has_words}
    wanted = {unit for unit, digest in restored.items() if present.get(unit) != digest}
    if source is None or not wanted:
        return {}
    published = revision.publications.order_by("-number").first()
    if published and published.source_digests:
        return {unit: published.source_digests.get(unit, "") for unit in wanted}
    follows = dict.fromkeys(wanted, "")
    history = translation.revisions.filter(number__lte=revision.number).order_by("-number")
    for earlier in history.iterator(chunk_size=20):
        digests = digests_of(earlier.as_document())
        wanted = {unit for unit in wanted if digests.get(unit) == restored[unit]}
        if not wanted:
            break
        then = source.revisions.filter(saved_at__lte=earlier.saved_at).order_by("-number").first()
        known = digests_of(then.as_document()) if then else {}
        follows |= {unit: known.get(unit, "") for unit in wanted}
    return follows


def _pictures(translation: ArticleTranslation, document: Document) -> dict[str, Image]:
    """The images a text shows, by key; the article's own before shared ones."""
    wanted = {
        image.key
        for figure in document.figures
        for image in (figure.image, figure.narrow_image)
        if image
    }
    rows = Image.objects.filter(
        Q(article=translation.article) | Q(article=None), key__in=wanted
    ).order_by("article_id")
    found = {image.key: image for image in rows if image.article_id is None}
    found |= {image.key: image for image in rows if image.article_id is not None}
    if missing := sorted(wanted - found.keys()):
        raise EditorialError(
            _("These images are gone, so the text cannot come back as it was: %(keys)s.")
            % {"keys": ", ".join(missing)}
        )
    return found
