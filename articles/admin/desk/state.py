"""Where one text stands: what readers read, what waits, what was signed."""

import datetime
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from articles.models import (
    ArticleTranslation,
    Publication,
    ReviewRequest,
    ReviewSignature,
    Revision,
)

PRESENT_FOR = datetime.timedelta(seconds=60)
"""A screen that has not reported for so long is taken for closed; it reports every 20 seconds."""


@dataclass(frozen=True)
class TextState:
    """The state of one text, read in a few queries when they are needed."""

    translation: ArticleTranslation

    @cached_property
    def revision(self) -> Revision | None:
        """The newest saved text."""
        return self.translation.revisions.select_related("saved_by").order_by("-number").first()

    @cached_property
    def publications(self) -> list[Publication]:
        """All publications, newest first, without their pages."""
        return list(
            self.translation.publications.select_related("published_by", "revision")
            .defer("body_html", "outline", "page", "revision__document")
            .order_by("-number")
        )

    @cached_property
    def live(self) -> Publication | None:
        """What readers get now."""
        if self.translation.withdrawn_at:
            return None
        now = timezone.now()
        return next((item for item in self.publications if item.live_from <= now), None)

    @cached_property
    def scheduled(self) -> Publication | None:
        """The newest publication, if its time has not come."""
        newest = self.publications[0] if self.publications else None
        return newest if newest and newest.live_from > timezone.now() else None

    @property
    def is_first(self) -> bool:
        return not self.publications

    @property
    def is_changed(self) -> bool:
        """Whether the saved text differs from what was last published."""
        if not self.publications or self.revision is None:
            return True
        return self.publications[0].revision.content_hash != self.revision.content_hash

    @cached_property
    def signatures(self) -> list[ReviewSignature]:
        return list(self.translation.signatures.select_related("author", "revision"))

    @cached_property
    def open_requests(self) -> list[ReviewRequest]:
        return list(
            self.translation.review_requests.open().select_related(
                "reviewer", "revision", "requested_by"
            )
        )

    @property
    def kind(self) -> str:
        """draft, scheduled, published, changed or withdrawn: names of CSS classes too."""
        if self.translation.withdrawn_at:
            return "withdrawn"
        if self.scheduled:
            return "scheduled"
        if self.live:
            return "changed" if self.is_changed else "published"
        return "draft"

    @property
    def label(self) -> str:
        """The state in words."""
        return {
            "draft": _("Draft, never published"),
            "scheduled": pgettext("state", "Scheduled"),
            "published": pgettext("state", "Published"),
            "changed": _("Published; the draft has changed since"),
            "withdrawn": pgettext("state", "Withdrawn"),
        }[self.kind]


def present_editors(translation: ArticleTranslation, user) -> list[str]:
    """Names of others whose screen of this text is open."""
    rows = (
        translation.presences.filter(seen_at__gte=timezone.now() - PRESENT_FOR)
        .exclude(user=user)
        .select_related("user")
    )
    return [row.user.get_short_name() or row.user.get_username() for row in rows]
