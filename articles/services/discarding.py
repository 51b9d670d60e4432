"""Delete an article that readers never had. Whatever they had is withdrawn instead."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from articles import audit
from articles.models import (
    Article,
    Figure,
    Image,
    Publication,
    ReviewRequest,
    ReviewSignature,
)
from articles.services.errors import EditorialError
from articles.services.locking import lock_article


def why_kept(article: Article) -> str:
    """Why an article cannot be discarded, in words for editors; empty if it can.

    A publication stays even if its time has not come, and so does what a reviewer signed. Its
    pictures may stand in other articles.
    """
    texts = article.translations.values("pk")
    if Publication.objects.filter(translation__in=texts).exists():
        return _("It has been published or scheduled: withdraw its texts instead.")
    if ReviewSignature.objects.filter(translation__in=texts).exists():
        return _("A reviewer has signed one of its texts, and signatures are kept.")
    elsewhere = _figures_elsewhere(article).select_related("translation").first()
    if elsewhere:
        return _("One of its pictures stands in “%(title)s”.") % {
            "title": elsewhere.translation.title
        }
    return ""


@transaction.atomic
def discard_article(
    article: Article, *, user: AbstractBaseUser, expected_version: int | None = None
) -> None:
    """Delete an article that was never published, with all that hangs on it, for good.

    ``expected_version`` is the version the editor saw. Raises EditConflict, or EditorialError with
    the reason of ``why_kept``. The log keeps that it was there.
    """
    article = lock_article(article, expected_version)
    # The texts too: somebody may be publishing one of them.
    titles = [text.title for text in article.translations.select_for_update()]
    if reason := why_kept(article):
        raise EditorialError(reason)
    audit.record(audit.Act.DELETED, article, user=user, titles=titles)
    texts = article.translations.values("pk")
    # What protects a revision or a picture of this article goes before them.
    ReviewRequest.objects.filter(translation__in=texts).delete()
    Figure.objects.filter(translation__in=texts).delete()
    article.delete()


def _figures_elsewhere(article: Article):
    """Figures of other articles that show a picture of this one."""
    pictures = Image.objects.filter(article=article).values("pk")
    shown = Figure.objects.filter(image__in=pictures) | Figure.objects.filter(
        narrow_image__in=pictures
    )
    return shown.exclude(translation__article=article)
