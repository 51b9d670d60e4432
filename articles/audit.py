"""Who did what, when and from where. Every act of an editor leaves one entry.

Services record what changes texts and publications; everything else that the admin changes is
copied from Django's own log of the admin.
"""

import ipaddress
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth import get_user_model
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
    """Remember where a request comes from, for what is recorded while it is answered."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        token = _address.set(_as_address(client_address(request)))
        try:
            return self.get_response(request)
        finally:
            _address.reset(token)


def client_address(request: HttpRequest) -> str:
    """Where a request comes from: the peer, or what our own front servers say of theirs.

    Each front server appends the address of its peer to X-Forwarded-For, so the entry that many
    places from the end is the first that no visitor can write (settings.FRONT_SERVERS).
    """
    peer = request.META.get("REMOTE_ADDR", "")
    named = [item.strip() for item in request.headers.get("X-Forwarded-For", "").split(",")]
    count = settings.FRONT_SERVERS
    return named[-count] if 0 < count <= len(named) and named[-count] else peer


def _as_address(text: str) -> str | None:
    """An address as the database takes it; None for what is none, such as a socket's path."""
    try:
        return str(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return None


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
    translation = getattr(target, "translation", None)
    owner = getattr(target, "article", None) or getattr(translation, "article", None)
    return owner if isinstance(owner, Article) else None


def listen() -> None:
    """Copy what Django's admin records, and who logs in."""
    post_save.connect(_copy_admin_entry, sender=LogEntry, dispatch_uid="articles.audit")
    user_logged_in.connect(_logged_in, dispatch_uid="articles.audit")
    user_login_failed.connect(_login_failed, dispatch_uid="articles.audit")
    admin.site.add_action(_delete_selected, "delete_selected")


_ADMIN_ACTS = {ADDITION: Act.CREATED, CHANGE: Act.CHANGED, DELETION: Act.DELETED}


def _copy_admin_entry(instance: LogEntry, created: bool, **kwargs) -> None:
    model = instance.content_type.model if instance.content_type else ""
    if not created or (model in _OWN and instance.action_flag == CHANGE):
        return
    article = _article_of(_edited(instance))
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


def _edited(entry: LogEntry) -> models.Model | None:
    """What an entry of the admin is about, if it is still there."""
    model = entry.content_type.model_class() if entry.content_type else None
    return model._base_manager.filter(pk=entry.object_id).first() if model else None


@admin.action(
    permissions=delete_selected.allowed_permissions, description=delete_selected.short_description
)
def _delete_selected(modeladmin, request: HttpRequest, queryset):
    """Django's own action. Of several rows it writes its log in bulk, which sends no signal."""
    rows = list(queryset.all())
    answer = delete_selected(modeladmin, request, queryset)
    is_done = answer is None and request.POST.get("post")
    if is_done and len(rows) > 1:
        for row in rows:
            record(Act.DELETED, row, user=request.user)
    return answer


def _logged_in(user, **kwargs) -> None:
    record(Act.LOGGED_IN, user=user)


def _login_failed(credentials, **kwargs) -> None:
    """The name that was tried, if somebody has it: it may be a password in the wrong field."""
    User = get_user_model()
    name = str(credentials.get(User.USERNAME_FIELD) or credentials.get("username", ""))
    is_known = User._default_manager.filter(**{User.USERNAME_FIELD: name}).exists()
    record(Act.LOGIN_FAILED, user_name=name if is_known else "")
