"""Every rule about what the public may see. Pages, lists and feeds start from ``published()``."""

import datetime

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.editing_queries import DeskTranslationQuerySet

DERIVED = frozenset({"body_html", "outline", "page", "render_version"})
"""Columns of a publication that follow from its document and may be computed again."""

DIGESTS = ("unit_digests", "source_digests")
"""Columns that lists do not print: a page that compares them asks for them."""


class PublicationIsFrozen(Exception):
    """Something tried to change or delete what the public read."""

    def __init__(self) -> None:
        super().__init__(
            _("A publication is frozen. Publish a new one, or withdraw the translation.")
        )


class RecordIsKept(Exception):
    """Something tried to change or delete a signature or an entry of the log."""

    def __init__(self) -> None:
        super().__init__(_("Signatures and the log are kept as they were made."))


class KeptQuerySet(models.QuerySet):
    """Rows that are added and never touched again."""

    def update(self, **fields):
        raise RecordIsKept

    def bulk_update(self, *args, **kwargs):
        raise RecordIsKept

    def delete(self):
        raise RecordIsKept


class ReviewSignatureQuerySet(KeptQuerySet):
    """Signatures of reviewers."""

    def of_text(self, translation):
        """Everything signed of one text, the newest first, with who signed and which revision."""
        return (
            self.filter(translation=translation)
            .select_related("author", "revision")
            .defer("revision__document")
            .order_by("-signed_at", "-pk")
        )

    def with_names(self, code: str):
        """Annotate ``name``: what the signer is called in one language, or None."""
        author = self.model._meta.get_field("author").related_model
        words = author._meta.get_field("translations").related_model
        return self.annotate(
            name=Subquery(
                words.objects.filter(author=OuterRef("author"), language=code).values("name")[:1]
            )
        )


class AuditQuerySet(KeptQuerySet):
    """The log."""

    def of_acts(self, *acts: str):
        """Entries of any of these kinds."""
        return self.filter(act__in=acts)


class PreviewLinkQuerySet(models.QuerySet):
    def open(self, at: datetime.datetime | None = None):
        """Links that still lead somewhere."""
        return self.filter(revoked_at=None, expires_at__gt=at or timezone.now())

    def closed(self, at: datetime.datetime | None = None):
        """Links that lead nowhere any more."""
        return self.filter(Q(revoked_at__isnull=False) | Q(expires_at__lte=at or timezone.now()))


class ReviewRequestQuerySet(models.QuerySet):
    def open(self):
        """Requests that nobody has answered."""
        return self.filter(closed_at=None)


class PublicationQuerySet(models.QuerySet):
    def live(self, at: datetime.datetime | None = None):
        """Publications whose time has come (not: the newest of each translation)."""
        return self.filter(live_from__lte=at or timezone.now())

    def readable(self, at: datetime.datetime | None = None):
        """What readers read: of each translation not withdrawn, the newest whose time has come.

        Newest is the highest number, not the latest time: a publication made after another was
        scheduled replaces it.

        Everything public starts here. The translation and its article come along; the rendered
        columns do not, unless a page asks for them with ``whole()``.
        """
        newest = (
            self.model._base_manager.filter(
                translation=OuterRef("translation"), live_from__lte=at or timezone.now()
            )
            .order_by("-number")
            .values("pk")[:1]
        )
        return (
            self.filter(translation__withdrawn_at=None, pk=Subquery(newest))
            .select_related("translation__article")
            .defer("body_html", "outline", "translation__body", *DIGESTS)
        )

    def public_log(self, at: datetime.datetime | None = None):
        """Every publication that readers could read at some time, the newest first.

        Left out are those to come, all of a text that is withdrawn, and any that a newer one
        replaced before its time came.
        """
        at = at or timezone.now()
        replaced = self.model._base_manager.filter(
            translation=OuterRef("translation"),
            number__gt=OuterRef("number"),
            live_from__lte=OuterRef("live_from"),
        )
        return (
            self.live(at)
            .filter(~Exists(replaced), translation__withdrawn_at=None)
            .select_related("revision")
            .defer("body_html", "outline", "revision__document", *DIGESTS)
            .order_by("-number")
        )

    def with_log_count(self, at: datetime.datetime | None = None):
        """Annotate ``log_count``: how many entries the public log of the same text has."""
        log = self.model.objects.public_log(at).filter(translation=OuterRef("translation"))
        counted = log.order_by().values("translation").annotate(count=Count("pk"))
        return self.annotate(log_count=Subquery(counted.values("count")))

    def whole(self):
        """With the rendered body, for the page that prints it."""
        return self.defer(None).defer("translation__body")

    def of_kind(self, kind: str):
        return self.filter(translation__article__kind=kind)

    def in_language(self, code: str):
        return self.filter(translation__language=code)

    def of_author(self, slug: str):
        return self.filter(translation__article__contributions__author__slug=slug).distinct()

    def of_topic(self, slug: str):
        return self.filter(translation__article__topics__slug=slug)

    def newest_first(self):
        """Newest article first; ties in a fixed order."""
        return self.order_by("-first_live_from", "translation__article__slug", "-pk")

    def last_changed_first(self):
        """By the last change that readers should know about; a typing error is none."""
        changed = Coalesce("updated_at", "first_live_from")
        return self.order_by(changed.desc(), "translation__article__slug", "-pk")

    def update(self, **fields):
        """Refuse every change but re-rendering of the derived columns."""
        if not DERIVED.issuperset(fields):
            raise PublicationIsFrozen
        return super().update(**fields)

    def bulk_update(self, *args, **kwargs):
        raise PublicationIsFrozen

    def bulk_create(
        self, objs, batch_size=None, ignore_conflicts=False, update_conflicts=False, **kwargs
    ):
        """Store new publications; writing over existing ones is refused."""
        if update_conflicts:
            raise PublicationIsFrozen
        return super().bulk_create(objs, batch_size, ignore_conflicts, **kwargs)

    def delete(self):
        raise PublicationIsFrozen


class ArticleTranslationQuerySet(DeskTranslationQuerySet):
    def published(self, at: datetime.datetime | None = None):
        """Translations that readers can read now: live, and not withdrawn."""
        publication = self.model._meta.get_field("publications").related_model
        return self.filter(
            withdrawn_at=None, pk__in=publication.objects.live(at).values("translation")
        )

    def withdrawn(self):
        """Translations that were public once and answer 410 now."""
        return self.filter(withdrawn_at__isnull=False, publications__isnull=False).distinct()

    def of_kind(self, kind: str):
        return self.filter(article__kind=kind)

    def in_language(self, code: str):
        return self.filter(language=code)


class TopicTranslationQuerySet(models.QuerySet):
    def in_language(self, code: str):
        return (
            self.filter(language=code)
            .select_related("topic")
            .order_by("topic__position", "topic__slug")
        )

    def with_content(self):
        """Annotate ``has_articles``: whether its language has a readable article of the topic."""
        translation = self.model._meta.apps.get_model("articles", "ArticleTranslation")
        found = translation.objects.published().filter(
            article__kind="article",
            article__topics=OuterRef("topic"),
            language=OuterRef("language"),
        )
        return self.select_related("topic").annotate(has_articles=Exists(found))

    def with_article_count(self, published):
        """Annotate ``article_count`` from published translations; leave out empty topics."""
        return self.annotate(
            article_count=Count(
                "topic__articles",
                filter=Q(topic__articles__in=published.values("article")),
                distinct=True,
            )
        ).filter(article_count__gt=0)


class GlossaryTermTranslationQuerySet(models.QuerySet):
    def in_language(self, code: str):
        return (
            self.filter(language=code)
            .select_related("term")
            .order_by(F("term__position").asc(), "term__key")
        )


class IndexNowNoticeQuerySet(models.QuerySet):
    """What search engines are still to be told."""

    def waiting(self):
        """Not tried yet, or taken by a run that has heard nothing so far."""
        return self.to_send().filter(last_error="")

    def failing(self):
        """All others: the last attempt did not arrive, or there were too many."""
        return self.exclude(last_error="", attempts__lt=self.model.MAX_ATTEMPTS)

    def to_send(self):
        """What is tried once its time has come."""
        return self.filter(attempts__lt=self.model.MAX_ATTEMPTS)

    def given_up(self):
        """Kept, and not tried any more."""
        return self.filter(attempts__gte=self.model.MAX_ATTEMPTS)


class ContentVersionQuerySet(models.QuerySet):
    def changed_at(self, at: datetime.datetime | None = None) -> datetime.datetime | None:
        """When what readers may see last changed, in one query; None before anything was stored.

        Besides what was written: a scheduled publication whose time came, and a registration that
        ended, each at its moment.
        """
        at = at or timezone.now()
        publication = self.model._meta.apps.get_model("articles", "Publication")
        registration = self.model._meta.apps.get_model("authors", "Registration")
        today = timezone.localdate(at)
        found = self.values_list(
            "changed_at",
            Subquery(publication.objects.live(at).order_by("-live_from").values("live_from")[:1]),
            Subquery(
                registration.objects.filter(valid_until__lt=today)
                .order_by("-valid_until")
                .values("valid_until")[:1]
            ),
        ).first()
        if found is None:
            return None
        changed, live, ended = found
        moments = [changed]
        if live:
            moments.append(live)
        if ended:
            # The entry counts on its last day and no more on the next.
            next_day = ended + datetime.timedelta(days=1)
            midnight = datetime.datetime.combine(next_day, datetime.time())
            moments.append(timezone.make_aware(midnight))
        return max(moments)
