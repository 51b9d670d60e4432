"""Who may do what at the desk. Every view, button and action asks here.

The rules rest on permissions alone, which the roles (groups) hold; nobody is named.
"""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet

from articles.models import Article, ArticleTranslation
from authors.models import Author

User = AbstractBaseUser | AnonymousUser


def can_see(user: User, translation: ArticleTranslation | None = None) -> bool:
    """Read drafts, previews, differences, revisions and the checks."""
    return _has(user, "articles.view_articletranslation")


def can_edit(user: User, translation: ArticleTranslation) -> bool:
    """Change a text. The source language needs a permission more: translators follow it."""
    is_source = translation.language == translation.article.source_language
    return _has(user, "articles.change_articletranslation") and (
        not is_source or _has(user, "articles.edit_source")
    )


def editable(texts: QuerySet, user: User) -> QuerySet:
    """``can_edit`` for many texts at once: those of a queryset that the user may change."""
    if not can_change_texts(user):
        return texts.none()
    return texts.translated() if can_only_translate(user) else texts


def can_change_texts(user: User) -> bool:
    """Change texts at all: which ones, ``can_edit`` says."""
    return _has(user, "articles.change_articletranslation")


def can_only_translate(user: User) -> bool:
    """Change texts that follow a source, and no source."""
    return can_change_texts(user) and not _has(user, "articles.edit_source")


def can_start(user: User) -> bool:
    """Begin a new article."""
    return _has(user, "articles.add_article") and _has(user, "articles.add_articletranslation")


def can_change_article(user: User, article: Article | None = None) -> bool:
    """Change what has no language: byline, topics, references, grades."""
    return _has(user, "articles.change_article")


def can_rename(user: User) -> bool:
    return _has(user, "articles.rename_article")


def can_discard(user: User) -> bool:
    """Delete articles that were never published."""
    return _has(user, "articles.delete_article")


def can_publish(user: User) -> bool:
    """Publish now or later."""
    return _has(user, "articles.add_publication")


def can_withdraw(user: User) -> bool:
    """Take a text back, and undo that."""
    return _has(user, "articles.withdraw_articletranslation")


def can_override(user: User) -> bool:
    """Publish over a stop, with a reason."""
    return can_publish(user) and _has(user, "articles.override_desk_check")


def can_request_review(user: User) -> bool:
    return _has(user, "articles.add_reviewrequest")


def can_sign(user: User) -> bool:
    """Sign a review: as an active author whose account this is."""
    return _has(user, "articles.add_reviewsignature") and signing_author(user) is not None


def can_share(user: User) -> bool:
    """Make and revoke preview links."""
    return _has(user, "articles.add_previewlink")


def can_read_log(user: User) -> bool:
    return _has(user, "articles.view_auditentry")


def can_export_log(user: User) -> bool:
    return can_read_log(user) and _has(user, "articles.export_auditentry")


def can_see_notices(user: User) -> bool:
    """See what search engines are still to be told."""
    return _has(user, "articles.view_indexnownotice")


def can_send_notices_again(user: User) -> bool:
    return _has(user, "articles.change_indexnownotice")


def can_add_image(user: User) -> bool:
    return _has(user, "articles.add_image")


def signing_author(user: User) -> Author | None:
    """The active author whose account this is."""
    if not user.is_authenticated:
        return None
    return Author.objects.active().filter(user=user).first()


def _has(user: User, permission: str) -> bool:
    return bool(user.is_active and user.is_staff and user.has_perm(permission))
