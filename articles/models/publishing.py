"""Revisions (every save) and publications (what the public reads)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.document import Document
from articles.models.content import ArticleTranslation
from articles.querysets import PublicationIsFrozen, PublicationQuerySet
from healthsite.constraints import NOT_BLANK, choice_check

__all__ = ["Publication", "PublicationIsFrozen", "Revision"]


class Revision(models.Model):
    """One saved state of a translation, whole, as a document. Restorable."""

    translation = models.ForeignKey(
        ArticleTranslation,
        models.CASCADE,
        related_name="revisions",
        verbose_name=_("translation"),
    )
    number = models.PositiveIntegerField(_("number"))
    document = models.JSONField(_("document"))
    content_hash = models.CharField(_("content hash"), max_length=64)
    saved_at = models.DateTimeField(_("saved at"), auto_now_add=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("saved by"),
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["translation", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["translation", "number"], name="revision_number_once_per_translation"
            ),
            models.CheckConstraint(
                condition=Q(content_hash__regex=r"^[0-9a-f]{64}\Z"),
                name="revision_content_hash_is_sha256",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="revision_numbers_start_at_1"),
        ]

    def __str__(self) -> str:
        return f"{self.translation} · {self.number}"

    def as_document(self) -> Document:
        return Document.from_dict(self.document)


class Publication(models.Model):
    """One translation frozen. Readers get its HTML; it can be neither changed nor deleted."""

    class Change(models.TextChoices):
        FIRST = "first", _("First publication")
        TYPO = "typo", _("Typing error")
        CLARIFICATION = "clarification", _("Clearer wording")
        CORRECTION = "correction", _("Correction")
        EVIDENCE = "evidence", _("New evidence")
        FULL_REVIEW = "full_review", _("Full review")

    MOVES_UPDATED = (Change.CLARIFICATION, Change.CORRECTION, Change.EVIDENCE, Change.FULL_REVIEW)
    """Kinds of change that move the public “updated” date: a typing error never does."""

    translation = models.ForeignKey(
        ArticleTranslation,
        models.PROTECT,
        related_name="publications",
        verbose_name=_("translation"),
    )
    revision = models.ForeignKey(
        Revision, models.PROTECT, related_name="publications", verbose_name=_("revision")
    )
    number = models.PositiveIntegerField(_("number"))
    body_html = models.TextField(_("body"), editable=False)
    outline = models.JSONField(_("outline"), default=list, editable=False)
    page = models.JSONField(
        _("page"),
        default=dict,
        editable=False,
        help_text=_("The other rendered parts of the page: title, standfirst, disclosure, …"),
    )
    render_version = models.CharField(_("render version"), max_length=40, editable=False)
    live_from = models.DateTimeField(
        _("live from"), help_text=_("A time in the future: the page goes live by itself.")
    )
    first_live_from = models.DateTimeField(
        _("first published"), help_text=_("When the first publication of this text went live.")
    )
    updated_at = models.DateTimeField(
        _("updated"), null=True, help_text=_("The last change that readers should know about.")
    )
    reviewed_at = models.DateTimeField(
        _("last reviewed"),
        null=True,
        blank=True,
        help_text=_("When the last full review went live. Nothing else moves it."),
    )
    unit_digests = models.JSONField(
        _("what it says"),
        default=dict,
        editable=False,
        help_text=_("Digests of each unit, and older ones it differs from by typing errors only."),
    )
    source_digests = models.JSONField(_("source it was made from"), default=dict, editable=False)
    override_reason = models.TextField(
        _("reason for publishing over a stop"), blank=True, editable=False
    )
    published_at = models.DateTimeField(_("frozen at"), auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    change = models.CharField(_("kind of change"), max_length=16, choices=Change)
    public_note = models.CharField(
        _("public note"),
        max_length=500,
        blank=True,
        help_text=_("What changed, in words for readers."),
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["translation", "-number"]
        indexes = [
            models.Index(fields=["translation", "-number", "live_from"], name="publication_live"),
            # When did the last scheduled one go live?
            models.Index(fields=["live_from"], name="publication_live_from"),
            # The desk asks these of every text. A row holds a whole page, so that reading the
            # columns behind it would mean reading the page.
            models.Index(
                fields=["translation", "-number", "live_from", "reviewed_at", "first_live_from"],
                name="publication_review",
            ),
            models.Index(
                fields=["translation", "number"],
                condition=~Q(override_reason=""),
                name="publication_over_a_stop",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["translation", "number"], name="publication_number_once_per_translation"
            ),
            choice_check(
                "publication",
                "change",
                ["first", "typo", "clarification", "correction", "evidence", "full_review"],
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="publication_numbers_start_at_1"
            ),
            models.CheckConstraint(
                condition=~Q(change="first") | Q(number=1),
                name="publication_is_first_only_once",
                violation_error_message=_(
                    "Only the first publication is a first publication; say what changed."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(change="correction") | Q(public_note__regex=NOT_BLANK),
                name="publication_correction_has_a_note",
                violation_error_message=_("A correction says in public what was corrected."),
            ),
            models.CheckConstraint(
                condition=Q(first_live_from__lte=models.F("live_from")),
                name="publication_not_before_the_first",
                violation_error_message=_("A publication cannot go live before the first one did."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.translation} · {self.number}"

    def save(self, *args, **kwargs) -> None:
        """Store a new publication. An existing one is never written again."""
        if self.pk is not None:
            raise PublicationIsFrozen
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise PublicationIsFrozen
