"""What machines get of a publication: pictures for shared links, search texts, pings to engines."""

import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.publishing import Publication
from articles.querysets import ContentVersionQuerySet, IndexNowNoticeQuerySet
from healthsite.constraints import choice_check, not_blank_check


class ShareCard(models.Model):
    """The two pictures that stand for a publication where its link is shared.

    Made from the frozen publication after it was stored, so it can always be made again.
    """

    publication = models.OneToOneField(
        Publication,
        models.CASCADE,
        related_name="share_card",
        verbose_name=_("publication"),
    )
    wide = models.CharField(_("wide picture"), max_length=200)
    square = models.CharField(_("square picture"), max_length=200)
    wide_alt = models.TextField(_("what the wide picture says"), blank=True)
    square_alt = models.TextField(_("what the square picture says"), blank=True)
    design = models.CharField(_("version of the design"), max_length=40)

    class Meta:
        verbose_name = _("picture for shared links")
        verbose_name_plural = _("pictures for shared links")
        ordering = ["publication"]
        constraints = [
            not_blank_check("share_card", "wide"),
            not_blank_check("share_card", "square"),
        ]

    def __str__(self) -> str:
        return self.wide


class SearchText(models.Model):
    """The words of a publication as the search compares them: folded, without markup."""

    publication = models.OneToOneField(
        Publication,
        models.CASCADE,
        related_name="search_text",
        verbose_name=_("publication"),
    )
    title = models.TextField(_("title"))
    summary = models.TextField(_("summary"), blank=True)
    body = models.TextField(_("body"), blank=True)

    class Meta:
        verbose_name = _("search text")
        verbose_name_plural = _("search texts")
        ordering = ["publication"]

    def __str__(self) -> str:
        return self.title


class IndexNowNotice(models.Model):
    """An address that search engines are still to be told about (indexnow.org).

    It waits here until ``send_indexnow`` has been told that it arrived. An address has one notice
    for each moment at which it changes: one change may wait to be told while the next waits for its
    time.
    """

    class Reason(models.TextChoices):
        PUBLISHED = "published", _("published")
        UPDATED = "updated", _("updated")
        WITHDRAWN = "withdrawn", _("withdrawn")
        MOVED = "moved", _("moved")

    MAX_ATTEMPTS = 10
    """After so many, only somebody at the desk or a new change lets it be tried again."""

    NEXT_ATTEMPT = Coalesce("retry_at", "due_at")
    """``next_attempt_at`` in a query."""

    path = models.CharField(_("address"), max_length=300)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    # When the address changes. Attempts never move it: it tells the notices of one address apart.
    due_at = models.DateTimeField(_("not before"), default=timezone.now)
    # Empty until a run has taken it: then it is tried as soon as it is due.
    retry_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("noted at"), auto_now_add=True)

    objects = IndexNowNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice to search engines")
        verbose_name_plural = _("notices to search engines")
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(path__startswith="/"),
                name="index_now_notice_path_is_a_path",
                violation_error_message=_("An address starts with a slash."),
            ),
            choice_check(
                "index_now_notice", "reason", ["published", "updated", "withdrawn", "moved"]
            ),
            models.UniqueConstraint(
                fields=["path", "due_at"], name="index_now_notice_once_per_moment"
            ),
        ]

    def __str__(self) -> str:
        return self.path

    @property
    def is_given_up(self) -> bool:
        """Whether it is kept and not tried any more, as ``given_up`` says of rows."""
        return self.attempts >= self.MAX_ATTEMPTS

    @property
    def next_attempt_at(self) -> datetime.datetime:
        """The earliest time of the next attempt, of a notice that is not given up."""
        return self.retry_at or self.due_at


class ContentVersion(models.Model):
    """One row that moves whenever anything changes that readers may see.

    Triggers of the database move it (``articles.triggers``), so that the admin, a shell and plain
    SQL all count. ``changed_at`` is what pages say in Last-Modified.
    """

    number = models.PositiveBigIntegerField(_("number"), default=0)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)

    objects = ContentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of the content")
        verbose_name_plural = _("version of the content")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="content_version_is_one_row"),
        ]

    def __str__(self) -> str:
        return str(self.number)
