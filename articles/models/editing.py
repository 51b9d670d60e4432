"""What editors leave behind while they work: drafts, presence, previews, reviews and the log."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.content import ArticleTranslation
from articles.models.publishing import Revision
from articles.querysets import (
    AuditQuerySet,
    PreviewLinkQuerySet,
    RecordIsKept,
    ReviewRequestQuerySet,
    ReviewSignatureQuerySet,
)
from healthsite import languages
from healthsite.constraints import choice_check, language_check, not_blank_check

SHA256 = r"^[0-9a-f]{64}\Z"


class Autosave(models.Model):
    """What one editor has typed and not saved. Offered back after a crash; never public."""

    translation = models.ForeignKey(
        ArticleTranslation, models.CASCADE, related_name="autosaves", verbose_name=_("translation")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("editor")
    )
    data = models.JSONField(_("form"), default=dict)
    version = models.PositiveIntegerField(_("version it was typed over"))
    saved_at = models.DateTimeField(_("saved at"), auto_now=True)

    class Meta:
        verbose_name = _("unsaved draft")
        verbose_name_plural = _("unsaved drafts")
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["translation", "user"], name="autosave_once_per_editor_and_text"
            )
        ]

    def __str__(self) -> str:
        return f"{self.translation} · {self.user}"


class Presence(models.Model):
    """Who has a text's screen open. A row that has not been seen for a while means nothing."""

    translation = models.ForeignKey(
        ArticleTranslation, models.CASCADE, related_name="presences", verbose_name=_("translation")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("editor")
    )
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        verbose_name = _("open screen")
        verbose_name_plural = _("open screens")
        ordering = ["-seen_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["translation", "user"], name="presence_once_per_editor_and_text"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.translation}"


def new_token() -> str:
    """A name that cannot be guessed: 192 bits, twice what RFC 6749 (10.10) asks of a token."""
    return secrets.token_urlsafe(24)


class PreviewLink(models.Model):
    """A way for somebody without an account to read a draft, until it ends or is revoked."""

    translation = models.ForeignKey(
        ArticleTranslation,
        models.CASCADE,
        related_name="preview_links",
        verbose_name=_("translation"),
    )
    token = models.CharField(
        _("token"), max_length=64, unique=True, default=new_token, editable=False
    )
    recipient = models.CharField(
        _("who it is for"), max_length=120, help_text=_("Seen by editors only.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    created_at = models.DateTimeField(_("made at"), default=timezone.now)
    expires_at = models.DateTimeField(_("ends at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ["-created_at", "-pk"]
        constraints = [
            not_blank_check("preview_link", "recipient"),
            not_blank_check("preview_link", "token"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="preview_link_ends_after_it_was_made",
                violation_error_message=_("A preview link ends after it was made."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} · {self.translation}"


class ReviewRequest(models.Model):
    """Somebody asked for a review of one revision."""

    class Outcome(models.TextChoices):
        SIGNED = "signed", _("Signed")
        DECLINED = "declined", _("Sent back")
        CANCELLED = "cancelled", _("Cancelled")

    translation = models.ForeignKey(
        ArticleTranslation,
        models.CASCADE,
        related_name="review_requests",
        verbose_name=_("translation"),
    )
    revision = models.ForeignKey(
        Revision, models.PROTECT, related_name="review_requests", verbose_name=_("revision")
    )
    reviewer = models.ForeignKey(
        "authors.Author",
        models.PROTECT,
        related_name="review_requests",
        verbose_name=_("reviewer"),
    )
    note = models.TextField(_("what to look at"), blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    requested_at = models.DateTimeField(_("asked at"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, blank=True)
    answer = models.TextField(_("answer"), blank=True)

    objects = ReviewRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for review")
        verbose_name_plural = _("requests for review")
        ordering = ["-requested_at", "-pk"]
        constraints = [
            choice_check("review_request", "outcome", ["", "signed", "declined", "cancelled"]),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="review_request_is_closed_with_an_outcome",
                violation_error_message=_("A closed request says how it ended."),
            ),
            models.UniqueConstraint(
                fields=["translation", "reviewer"],
                condition=Q(closed_at=None),
                name="review_request_once_while_open",
                violation_error_message=_("This reviewer has been asked already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} · {self.translation}"


class KeptModel(models.Model):
    """A row that is added and never touched again; triggers hold whoever does not come by here."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        """Store a new row. An existing one is never written again."""
        if self.pk is not None:
            raise RecordIsKept
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise RecordIsKept


class ReviewSignature(KeptModel):
    """A reviewer vouched for one exact text. It is never changed and never deleted."""

    translation = models.ForeignKey(
        ArticleTranslation,
        models.PROTECT,
        related_name="signatures",
        verbose_name=_("translation"),
    )
    revision = models.ForeignKey(
        Revision, models.PROTECT, related_name="signatures", verbose_name=_("revision")
    )
    author = models.ForeignKey(
        "authors.Author", models.PROTECT, related_name="signatures", verbose_name=_("reviewer")
    )
    content_hash = models.CharField(_("content hash"), max_length=64)
    unit_digests = models.JSONField(_("what was read"), default=dict)
    signed_at = models.DateTimeField(_("signed at"), default=timezone.now)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("account"),
    )

    objects = ReviewSignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("review signature")
        verbose_name_plural = _("review signatures")
        ordering = ["-signed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "author"],
                name="review_signature_once_per_revision",
                violation_error_message=_("This reviewer has signed this revision already."),
            ),
            models.CheckConstraint(
                condition=Q(content_hash__regex=SHA256),
                name="review_signature_content_hash_is_sha256",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author} · {self.revision}"


class ForbiddenPhrase(models.Model):
    """Words that no text may use of a product. Editors keep the list."""

    language = models.CharField(_("language"), max_length=10, choices=languages.CHOICES)
    phrase = models.CharField(
        _("phrase"),
        max_length=60,
        help_text=_("In English the forms with -s, -ed and -ing are found too."),
    )
    note = models.CharField(
        _("why"), max_length=300, blank=True, help_text=_("Shown to the editor who typed it.")
    )

    class Meta:
        verbose_name = _("forbidden phrase")
        verbose_name_plural = _("forbidden phrases")
        ordering = ["language", "phrase"]
        constraints = [
            models.UniqueConstraint(
                fields=["language", "phrase"],
                name="forbidden_phrase_once_per_language",
                violation_error_message=_("This phrase is on the list already."),
            ),
            language_check("forbidden_phrase"),
            not_blank_check("forbidden_phrase", "phrase"),
        ]

    def __str__(self) -> str:
        return self.phrase


class AuditEntry(KeptModel):
    """One act of one person. Entries are only ever added: the database refuses the rest."""

    class Act(models.TextChoices):
        CREATED = "created", _("Created")
        CHANGED = "changed", _("Changed")
        DELETED = "deleted", _("Deleted")
        SAVED = "saved", _("Saved a revision")
        CONFIRMED = "confirmed", _("Confirmed as still correct")
        PUBLISHED = "published", _("Published")
        SCHEDULED = "scheduled", _("Scheduled")
        OVERRODE = "overrode", _("Published over a stop")
        WITHDREW = "withdrew", _("Withdrew")
        UNDID_WITHDRAWAL = "undid_withdrawal", _("Undid a withdrawal")
        RESTORED = "restored", _("Restored an earlier text as a draft")
        RENAMED = "renamed", _("Changed the address")
        ASKED_REVIEW = "asked_review", _("Asked for a review")
        CLOSED_REVIEW = "closed_review", _("Closed a request for review")
        SIGNED = "signed", _("Signed a review")
        SHARED = "shared", _("Made a preview link")
        REVOKED = "revoked", _("Revoked a preview link")
        EXPORTED = "exported", _("Exported")
        IMPORTED = "imported", _("Imported")
        LOGGED_IN = "logged_in", _("Logged in")
        LOGIN_FAILED = "login_failed", _("Failed to log in")

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        verbose_name=_("account"),
        help_text=_("Kept when the account is deleted."),
    )
    user_name = models.CharField(_("who"), max_length=150, blank=True)
    act = models.CharField(_("what"), max_length=20, choices=Act)
    target_type = models.CharField(_("kind of thing"), max_length=60, blank=True)
    target_id = models.CharField(_("number of the thing"), max_length=60, blank=True)
    target = models.CharField(_("thing"), max_length=300, blank=True)
    article = models.CharField(_("article"), max_length=80, blank=True, db_index=True)
    details = models.JSONField(_("details"), default=dict, blank=True)
    address = models.GenericIPAddressField(_("from where"), null=True, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        ordering = ["-at", "-pk"]
        permissions = [("export_auditentry", "Can export the log")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    act__in=[
                        *("created", "changed", "deleted", "saved", "confirmed", "published"),
                        *("scheduled", "overrode", "withdrew", "undid_withdrawal", "restored"),
                        *("renamed", "asked_review", "closed_review", "signed", "shared"),
                        *("revoked", "exported", "imported", "logged_in", "login_failed"),
                    ]
                ),
                name="audit_entry_act_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.user_name} {self.act}"
