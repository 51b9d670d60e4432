"""Delete an article that readers never had. Whatever they had is withdrawn instead."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from articles import audit
from articles.models import (
    Article,
    Autosave,
    Figure,
    Publication,
    ReviewRequest,
    ReviewSignature,
)
from articles.services.errors import EditConflict, EditorialError
from articles.services.locking import lock_article


def why_kept(article: Article) -> str:
    """Why an article cannot be discarded, in words for editors; empty if it can.

    A publication stays even if its time has not come, and so does what a reviewer signed. Its
    pictures may stand in other articles.
    """
    if Publication.objects.filter(translation__article=article).exists():
        return _("It has been published or scheduled: withdraw its texts instead.")
    if ReviewSignature.objects.filter(translation__article=article).exists():
        return _("A reviewer has signed one of its texts, and signatures are kept.")
    own_picture = Q(image__article=article) | Q(narrow_image__article=article)
    figures = Figure.objects.filter(own_picture).exclude(translation__article=article)
    if elsewhere := figures.select_related("translation").first():
        return _("One of its pictures stands in “%(title)s”.") % {
            "title": elsewhere.translation.title
        }
    return ""


def version_of_all(article: Article) -> int:
    """The versions of an article and its texts, added up: whoever saves any of them raises it."""
    of_texts = article.translations.aggregate(total=Sum("version"))["total"] or 0
    return article.version + of_texts


def typing_in(article: Article) -> str:
    """Who has typed into which text of an article what is not saved: keys of ``Autosave`` rows."""
    rows = Autosave.objects.filter(translation__article=article).order_by("pk")
    return ",".join(str(pk) for pk in rows.values_list("pk", flat=True))


@transaction.atomic
def discard_article(
    article: Article,
    *,
    user: AbstractBaseUser,
    expected_version: int | None = None,
    expected_typing: str | None = None,
) -> None:
    """Delete an article that was never published, with all that hangs on it, for good.

    ``expected_version`` is the ``version_of_all`` that the editor saw, and ``expected_typing`` the
    ``typing_in`` it. Raises EditConflict if either is otherwise now, or EditorialError with the
    reason of ``why_kept``. The log keeps that it was there.
    """
    article = lock_article(article)
    # The texts too: somebody may be saving or publishing one of them.
    titles = [text.title for text in article.translations.select_for_update()]
    version = version_of_all(article)
    if expected_version not in {None, version} or expected_typing not in {None, typing_in(article)}:
        raise EditConflict(expected_version or version, version)
    if reason := why_kept(article):
        raise EditorialError(reason)
    audit.record(audit.Act.DELETED, article, user=user, titles=titles)
    # What protects a revision or a picture of this article goes before them.
    ReviewRequest.objects.filter(translation__article=article).delete()
    Figure.objects.filter(translation__article=article).delete()
    article.delete()
