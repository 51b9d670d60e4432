"""Give an article another address. The old one leads to it for good."""

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from articles import audit, indexnow
from articles.models import Article, ArticleSlug
from articles.models.content import LINKED_PAGES
from articles.services.errors import EditorialError
from articles.services.locking import lock_article


@transaction.atomic
def rename(
    article: Article,
    slug: str,
    *,
    user: AbstractBaseUser | None = None,
    expected_version: int | None = None,
) -> Article:
    """Change the slug; readers of the old address are sent on (301).

    An address that another article has or had is refused. Going back to an own old address is
    allowed: it stops being an old one. Raises EditConflict or EditorialError.
    """
    article = lock_article(article, expected_version)
    old = article.slug
    if slug == old:
        return article
    if article.kind == Article.Kind.PAGE and old in LINKED_PAGES:
        raise EditorialError(
            _("Every page of the site links to “%(slug)s”, so it keeps its address.")
            % {"slug": old}
        )
    article.slug = slug
    try:
        article.clean_fields(exclude={"nutrients"})
    except ValidationError as error:
        raise EditorialError(" ".join(error.messages)) from error
    taken = _("The address “%(slug)s” belongs to another article, now or before.") % {"slug": slug}
    others = ArticleSlug.objects.filter(slug=slug).exclude(article=article)
    if others.exists() or Article.objects.filter(slug=slug).exists():
        raise EditorialError(taken)
    article.old_slugs.filter(slug=slug).delete()
    article.version += 1
    try:
        with transaction.atomic():
            article.validate_constraints()
            article.save(update_fields=["slug", "version"])
            ArticleSlug.objects.create(article=article, slug=old)
    except ValidationError as error:
        raise EditorialError(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise EditorialError(taken) from error
    indexnow.note_rename(article, old)
    if user:
        audit.record(audit.Act.RENAMED, article, user=user, old=old, new=slug)
    return article
