"""Where texts stand at the desk, in SQL: what the lists of editors filter, sort and print.

One rule, one method. The overview counts with the same methods that the lists filter with, so
that “all 12” leads to a list of twelve. They are mixed into the querysets of ``articles.querysets``
and say nothing about what the public may see.
"""

import calendar
import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from authors.models import AuthorTranslation
from healthsite import languages

DRAFT, SCHEDULED, PUBLISHED, CHANGED, WITHDRAWN = STATES = (
    *("draft", "scheduled", "published", "changed", "withdrawn"),
)
"""Where a text stands; every text is in exactly one of these states."""

BULKY = ("body", "edition_note", "block_ids", "source_hashes", "seo_description")
"""Columns of a text that no list prints."""


class DeskTranslationQuerySet(models.QuerySet):
    """Texts as editors sort them."""

    def for_list(self) -> Self:
        """With its article, without what no list prints."""
        return self.select_related("article").defer(*BULKY)

    def with_state(self, at: datetime.datetime | None = None) -> Self:
        """Annotate ``state``, one of STATES, and ``newest_live_from``.

        A text whose newest publication is still to come is scheduled, even where readers have an
        earlier one; it has changed when its newest revision says something else than its newest
        publication.
        """
        at = at or timezone.now()
        return self.with_newest().annotate(
            state=Case(
                When(withdrawn_at__isnull=False, then=Value(WITHDRAWN)),
                When(newest_live_from=None, then=Value(DRAFT)),
                When(newest_live_from__gt=at, then=Value(SCHEDULED)),
                When(~Q(newest_hash=F("published_hash")), then=Value(CHANGED)),
                default=Value(PUBLISHED),
                output_field=CharField(),
            )
        )

    def with_newest(self) -> Self:
        """Annotate what a state follows from: newest publication, and what it and the draft say."""
        newest = self._publications().order_by("-number")
        return self.annotate(
            newest_live_from=Subquery(newest.values("live_from")[:1]),
            published_hash=Subquery(newest.values("revision__content_hash")[:1]),
            newest_hash=Subquery(self._revisions().order_by("-number").values("content_hash")[:1]),
        )

    def in_state(self, state: str, at: datetime.datetime | None = None) -> Self:
        """Texts in one of STATES: what ``with_state`` says, asked so that indexes can answer."""
        at = at or timezone.now()
        if state == WITHDRAWN:
            return self.filter(withdrawn_at__isnull=False)
        texts = self.filter(withdrawn_at=None)
        if state == DRAFT:
            return texts.filter(~Exists(self._publications()))
        if state == SCHEDULED:
            return texts.filter(Exists(self._coming(at))).with_newest()
        live = texts.filter(Exists(self._publications()), ~Exists(self._coming(at)))
        return live.changed() if state == CHANGED else live.unchanged()

    def changed(self) -> Self:
        """Texts that say something else than their newest publication."""
        # The first condition leaves few texts for the second, which has to read whole rows.
        newer = self.filter(~Exists(self._publications_of_newest())).with_newest()
        return newer.filter(~Q(newest_hash=F("published_hash")))

    def unchanged(self) -> Self:
        """Texts that say what their newest publication says."""
        return self.with_newest().filter(newest_hash=F("published_hash"))

    def ready(self, at: datetime.datetime | None = None) -> Self:
        """Texts that could be published: saved since they were, checked, and without a stop."""
        at = at or timezone.now()
        never = ~Exists(self._publications())
        waiting = Exists(self._coming(at))
        texts = self.filter(stop_count=0, withdrawn_at=None).filter(
            never | ~Exists(self._publications_of_newest()) & ~waiting
        )
        return texts.with_state(at).filter(never | ~Q(newest_hash=F("published_hash")))

    def with_stops(self) -> Self:
        """Texts in which the newest checks found a stop."""
        return self.filter(stop_count__gt=0)

    def with_warnings(self) -> Self:
        """Texts in which the newest checks found a warning and no stop."""
        return self.filter(stop_count=0, warning_count__gt=0)

    def clear(self) -> Self:
        """Texts in which the newest checks found neither."""
        return self.filter(stop_count=0, warning_count=0)

    def unchecked(self) -> Self:
        """Texts that have not been through the checks since they were stored."""
        return self.filter(stop_count=None)

    def overridden(self) -> Self:
        """Texts whose newest publication was made over a stop."""
        newer = self._publications().model.objects.filter(
            translation=OuterRef("translation"), number__gt=OuterRef("number")
        )
        over = self._publications().exclude(override_reason="").filter(~Exists(newer))
        return self.filter(Exists(over), withdrawn_at=None)

    def translated(self) -> Self:
        """Texts that follow another one: not those in their article's source language."""
        return self.exclude(language=F("article__source_language"))

    def sources(self) -> Self:
        """Texts that others follow."""
        return self.filter(language=F("article__source_language"))

    def with_staleness(self) -> Self:
        """Annotate ``is_stale``: the source says something else than what the text follows."""
        return self.annotate(
            is_stale=ExpressionWrapper(Exists(self._moved_source()), output_field=BooleanField())
        )

    def stale(self) -> Self:
        """Translations whose source has moved since."""
        return self.filter(Exists(self._moved_source()))

    def current(self) -> Self:
        """Translations that follow their source as it is now."""
        source = self._sources_of()
        return self.filter(Exists(source), ~Exists(self._moved_source()))

    def overdue_for_review(self, today: datetime.date | None = None) -> Self:
        """Articles that readers have and nobody has read in full for too long.

        Counted from the last full review, or from the first publication where there was none.
        """
        cutoff = review_cutoff(today or timezone.localdate())
        return self.with_last_review().filter(
            article__kind="article", withdrawn_at=None, last_review_at__lt=cutoff
        )

    def with_last_review(self, at: datetime.datetime | None = None) -> Self:
        """Annotate ``last_review_at``: the last full review that is live, or the first text."""
        live = self._publications().filter(live_from__lte=at or timezone.now()).order_by("-number")
        return self.annotate(
            last_review_at=Subquery(
                live.annotate(last=Coalesce("reviewed_at", "first_live_from")).values("last")[:1]
            )
        )

    def with_last_save(self) -> Self:
        """Annotate ``saved_by_name``, the account that saved the newest revision."""
        newest = self._revisions().order_by("-number")
        return self.annotate(saved_by_name=Subquery(newest.values("saved_by__username")[:1]))

    def saved_by(self, user: AbstractBaseUser) -> Self:
        """Texts that this account saved last."""
        newest = self._revisions().order_by("-number")
        return self.annotate(saved_by_id=Subquery(newest.values("saved_by")[:1])).filter(
            saved_by_id=user.pk
        )

    def typed_by(self, user: AbstractBaseUser) -> Self:
        """Texts in which this account has typed something that it has not saved."""
        return self.filter(autosaves__user=user)

    def awaiting_review_by(self, user: AbstractBaseUser) -> Self:
        """Texts whose review somebody asked of the author whose account this is."""
        return self.filter(Exists(self._requests().open().filter(reviewer__user=user)))

    def in_review(self) -> Self:
        """Texts whose review was asked for and not answered."""
        return self.filter(Exists(self._requests().open()))

    def of_author(self, slug: str) -> Self:
        """Texts of articles in whose byline this person stands, in whatever role."""
        bylines = self.model._meta.get_field("article").related_model._meta.get_field(
            "contributions"
        )
        named = bylines.related_model.objects.filter(article=OuterRef("article"), author__slug=slug)
        return self.filter(Exists(named))

    def sent_back_to(self, user: AbstractBaseUser) -> Self:
        """Texts a reviewer sent back to who asked or wrote, and nobody has saved since."""
        answers = self._requests().filter(
            Q(requested_by=user) | Q(revision__saved_by=user), outcome="declined"
        )
        untouched = answers.filter(closed_at__gte=OuterRef("changed_at"))
        return self.filter(Exists(untouched), ~Exists(self._requests().open()))

    def with_reviewers(self, code: str) -> Self:
        """Annotate ``asked_name``, who is to review, and ``signed_name``, who signed last.

        ``signed_hash`` tells whether that signature is under what the text says now. Names are
        those of the language given.
        """
        asked = self._requests().open().order_by("-requested_at", "-pk")
        signed = self._related("signatures").order_by("-signed_at", "-pk")
        return self.annotate(
            asked_name=Subquery(asked.values(name=_name_of("reviewer", code))[:1]),
            signed_name=Subquery(signed.values(name=_name_of("author", code))[:1]),
            signed_hash=Subquery(signed.values("content_hash")[:1]),
        )

    def last_saved_first(self) -> Self:
        """Newest work first; ties in a fixed order."""
        return self.order_by(F("changed_at").desc(nulls_last=True), "-pk")

    def _sources_of(self) -> models.QuerySet:
        """The text that the text outside follows."""
        return self.model._base_manager.filter(
            article=OuterRef("article"), language=OuterRef("article__source_language")
        ).exclude(pk=OuterRef("pk"))

    def _moved_source(self) -> models.QuerySet:
        return self._sources_of().exclude(units_digest=OuterRef("source_digest"))

    def _coming(self, at: datetime.datetime) -> models.QuerySet:
        """The newest publication of the text outside, if its time has not come."""
        publications = self._publications()
        newer = publications.model.objects.filter(
            translation=OuterRef("translation"), number__gt=OuterRef("number")
        )
        return publications.filter(~Exists(newer), live_from__gt=at)

    def _publications_of_newest(self) -> models.QuerySet:
        """Publications of the newest revision of the text outside, whoever made them."""
        publication = self._publications().model
        revision = self._revisions().model
        newest = revision.objects.filter(translation=OuterRef(OuterRef("pk"))).order_by("-number")
        return publication.objects.filter(revision=Subquery(newest.values("pk")[:1]))

    def _publications(self) -> models.QuerySet:
        return self._related("publications")

    def _revisions(self) -> models.QuerySet:
        return self._related("revisions")

    def _requests(self) -> models.QuerySet:
        return self._related("review_requests")

    def _related(self, name: str) -> models.QuerySet:
        """What hangs off the text outside."""
        model = self.model._meta.get_field(name).related_model
        return model.objects.filter(translation=OuterRef("pk"))


def _name_of(author: str, code: str) -> Coalesce:
    """What a person is called in one language; ``author`` is the column that points at them."""
    words = AuthorTranslation.objects.filter(author=OuterRef(author), language=code)
    return Coalesce(
        Subquery(words.values("name")[:1]), F(f"{author}__slug"), output_field=CharField()
    )


class ArticleQuerySet(models.QuerySet):
    """Articles as editors sort them."""

    def missing_a_language(self) -> Self:
        """Articles and pages that lack a text in one of the site's languages."""
        return self.annotate(text_count=Count("translations")).filter(
            text_count__lt=len(languages.LANGUAGES)
        )

    def in_every_language(self) -> Self:
        """Articles and pages with a text in each of the site's languages."""
        return self.annotate(text_count=Count("translations")).filter(
            text_count=len(languages.LANGUAGES)
        )

    def of_author(self, slug: str) -> Self:
        """Articles in whose byline this person stands, in whatever role."""
        bylines = self.model._meta.get_field("contributions").related_model
        named = bylines.objects.filter(article=OuterRef("pk"), author__slug=slug)
        return self.filter(Exists(named))


def review_due_on(last: datetime.datetime) -> datetime.date:
    """The day until which a text that was reviewed then is to be reviewed again."""
    return _months_later(timezone.localdate(last), settings.REVIEW_AFTER_MONTHS)


def review_cutoff(today: datetime.date) -> datetime.datetime:
    """The moment before which a review is too long ago: just where ``review_due_on`` has passed."""
    day = _months_later(today, -settings.REVIEW_AFTER_MONTHS)
    while _months_later(day, settings.REVIEW_AFTER_MONTHS) < today:
        day += datetime.timedelta(days=1)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))


def _months_later(day: datetime.date, months: int) -> datetime.date:
    """The same day of another month, or its last where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(day.day, last))
