"""Is what stands around the text still true today."""

import datetime
from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.context import DeskContext
from articles.desk.findings import STOP, WARN, Finding
from articles.desk.rules import CONTEXT, Rule
from articles.document import Document

DAYS_OF_NOTICE = 60
"""Days before a registration ends from which editors are told; time enough to ask for a renewal."""


def registrations_are_current(document: Document, context: DeskContext) -> Iterator[Finding]:
    """Registrations of people in the byline that have lapsed or soon will.

    A warning, never a stop: the badge goes by itself on the day, and a correction must not wait for
    a register.
    """
    for entry in context.lapsing:
        days = (entry.valid_until - context.today).days
        if days > DAYS_OF_NOTICE:
            continue
        message = (
            _("The registration %(number)s of %(author)s ended on %(date)s: check the register.")
            if days < 0
            else _(
                "The registration %(number)s of %(author)s ends on %(date)s: ask for its renewal."
            )
        )
        yield Finding(
            "registration-lapses",
            WARN,
            message
            % {
                "number": entry.registration,
                "author": entry.author,
                "date": _date(entry.valid_until),
            },
            _("Byline"),
        )


def people_have_names(document: Document, context: DeskContext) -> Iterator[Finding]:
    """People of the byline who are not described in this language: readers would not see them."""
    for author in context.unnamed:
        yield Finding(
            "author-unnamed",
            STOP,
            _("%(author)s has no name in this language: describe this author in it.")
            % {"author": author},
            _("Byline"),
        )


def review_is_not_overdue(document: Document, context: DeskContext) -> Iterator[Finding]:
    """The day by which the text should have been reviewed again has passed."""
    due = context.review_due_on
    if due and due < context.today:
        yield Finding(
            "review-overdue",
            WARN,
            _("A full review was due on %(date)s: ask a reviewer.") % {"date": _date(due)},
            _("Next review"),
        )


def _date(day: datetime.date) -> str:
    return date_format(day, "DATE_FORMAT")


RULES = (
    Rule(
        "registration-lapses",
        registrations_are_current,
        gettext_lazy("Registrations have not lapsed"),
        gettext_lazy("A professional title beside a text vouches for it; a lapsed one does not."),
        gettext_lazy(
            "Look the entry up in the register, and correct its last day and when it was checked."
        ),
        WARN,
        (CONTEXT,),
    ),
    Rule(
        "author-unnamed",
        people_have_names,
        gettext_lazy("Everybody in the byline has a name in this language"),
        gettext_lazy("Who wrote and who reviewed a health text is never left out."),
        gettext_lazy("Give the author a name and a description in this language."),
        STOP,
        (CONTEXT,),
    ),
    Rule(
        "review-overdue",
        review_is_not_overdue,
        gettext_lazy("The review is not overdue"),
        gettext_lazy("Evidence moves. A health text that nobody has reread for long may be wrong."),
        gettext_lazy("Ask a reviewer, then publish with “full review” as the kind of change."),
        WARN,
        (CONTEXT,),
    ),
)
