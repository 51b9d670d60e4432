"""Who did what, when and from where. Every act of an editor leaves one entry.

Services record what changes texts and publications; everything else that the admin changes is
copied from Django's own log of the admin.
"""

from contextvars import ContextVar
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db import models
from django.db.models.signals import post_save
from django.http import HttpRequest

from articles.models import Article, ArticleTranslation, AuditEntry

Act = AuditEntry.Act

_address: ContextVar[str | None] = ContextVar("address", default=None)
_OWN = ("articletranslation",)
"""Models whose changes the services record themselves, in more words."""


class AddressMiddleware:
    """Remember where a request comes from, for what is recorded while it is answered.

    ``REMOTE_ADDR`` and nothing a visitor can write: gunicorn fills it from the front server's
    header only where ``FORWARDED_ALLOW_IPS`` trusts that server.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        token = _address.set(request.META.get("REMOTE_ADDR") or None)
        try:
            return self.get_response(request)
        finally:
            _address.reset(token)


def record(
    act: str,
    target: models.Model | None = None,
    *,
    user: AbstractBaseUser | None = None,
    user_name: str = "",
    **details: Any,
) -> AuditEntry:
    """Add an entry. ``details`` are plain JSON values; the target's name is kept as it is now."""
    article = _article_of(target)
    return AuditEntry.objects.create(
        act=act,
        user=user if user and user.pk else None,
        user_name=(user.get_username() if user and user.pk else user_name)[:150],
        target_type=target._meta.model_name if target else "",
        target_id=str(target.pk) if target else "",
        target=str(target)[:300] if target else "",
        article=article.slug if article else "",
        details=details,
        address=_address.get(),
    )


def _article_of(target: models.Model | None) -> Article | None:
    if isinstance(target, ArticleTranslation):
        return target.article
    if isinstance(target, Article):
        return target
    owner = getattr(target, "article", None)
    return owner if isinstance(owner, Article) else None


def listen() -> None:
    """Copy what Django's admin records, and who logs in."""
    post_save.connect(_copy_admin_entry, sender=LogEntry, dispatch_uid="articles.audit")
    user_logged_in.connect(_logged_in, dispatch_uid="articles.audit")
    user_login_failed.connect(_login_failed, dispatch_uid="articles.audit")


_ADMIN_ACTS = {ADDITION: Act.CREATED, CHANGE: Act.CHANGED, DELETION: Act.DELETED}


def _copy_admin_entry(instance: LogEntry, created: bool, **kwargs) -> None:
    model = instance.content_type.model if instance.content_type else ""
    if not created or (model in _OWN and instance.action_flag == CHANGE):
        return
    target = instance.get_edited_object() if instance.action_flag != DELETION else None
    article = _article_of(target)
    AuditEntry.objects.create(
        act=_ADMIN_ACTS[instance.action_flag],
        user=instance.user,
        user_name=instance.user.get_username(),
        target_type=model,
        target_id=str(instance.object_id or "")[:60],
        target=instance.object_repr[:300],
        article=article.slug if article else "",
        details={"message": instance.get_change_message()} if instance.change_message else {},
        address=_address.get(),
    )


def _logged_in(user, **kwargs) -> None:
    record(Act.LOGGED_IN, user=user)


def _login_failed(credentials, **kwargs) -> None:
    """The name that was tried, cut short: a password typed into the wrong field is long."""
    record(Act.LOGIN_FAILED, user_name=str(credentials.get("username", ""))[:30])
