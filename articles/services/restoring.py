"""Bring an earlier text back as a new draft. Nothing public changes."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from articles import audit
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
from articles.services.saving import save_revision

_COLUMNS = (
    *("title", "standfirst", "seal", "original_label", "edition_note"),
    *("seo_title", "seo_description"),
)


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
    it is; the checks name what no longer fits. Raises EditConflict or EditorialError.
    """
    translation = lock_translation(translation, expected_version)
    if revision.translation_id != translation.pk:
        raise EditorialError(_("This revision belongs to another text."))
    document = revision.as_document()
    for column in _COLUMNS:
        setattr(translation, column, getattr(document, column))
    translation.body = join_blocks(document.blocks)
    translation.block_ids = [f"{block.id}:{block.digest}" for block in document.blocks]
    translation.save()
    _restore_parts(translation, document)
    note = _("Text of revision %(number)s") % {"number": revision.number}
    restored = save_revision(translation, user=user, note=note)
    audit.record(audit.Act.RESTORED, translation, user=user, revision=revision.number)
    return restored


def _restore_parts(translation: ArticleTranslation, document: Document) -> None:
    for rows in (translation.figures, translation.callouts, translation.statements):
        rows.all().delete()
    translation.mentions.all().delete()
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
    if document.mention:
        product = Product.objects.filter(key=document.mention.product).first()
        if product:
            ProductMention.objects.create(
                translation=translation, product=product, text=document.mention.text
            )


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
