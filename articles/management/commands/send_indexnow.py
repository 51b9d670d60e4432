"""Tell search engines of what changed (see articles/indexnow.py and docs/operating.md).

Exit codes:
0 all that was due has been accepted, or there was nothing to do;
1 the search engine refused: settings, key file or endpoint are wrong, and somebody has to act;
2 the arguments are wrong;
3 it did not answer, failed or asked for a pause: the notices wait for a later run;
4 as 1 or 3, and some notices were tried for the last time.
"""

import argparse

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from articles import indexnow
from articles.indexnow_sending import DEFAULT_LIMIT, Outcome, Report, send_due
from articles.models import IndexNowNotice

REFUSED, POSTPONED, GAVE_UP = 1, 3, 4


class Command(BaseCommand):
    help = "Send what changed to the search engines that follow indexnow.org."

    def add_arguments(self, parser):
        parser.add_argument(
            "--limit",
            type=_positive,
            default=DEFAULT_LIMIT,
            help="addresses sent in one run at most (default: %(default)s)",
        )

    def handle(self, *args, limit: int, verbosity: int, **options):
        if not indexnow.is_on():
            self._say(verbosity, _why_off())
            return
        errors = indexnow.check_settings()
        if errors:
            raise CommandError(" ".join(f"{error.msg} {error.hint}" for error in errors))
        report = send_due(limit)
        if report.accepted:
            self._say(verbosity, f"{report.accepted} address(es) accepted.")
        if report.answer:
            raise CommandError(_complaint(report), returncode=_exit_code(report))
        if kept := IndexNowNotice.objects.given_up().count():
            self._say(verbosity, f"{kept} notice(s) were given up earlier and are kept.")

    def _say(self, verbosity: int, text: str) -> None:
        if verbosity:
            self.stdout.write(text)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give a number above zero")
    return number


def _why_off() -> str:
    if settings.IS_CLOSED:
        return "Nothing is sent: the site is closed (SITE_CLOSED)."
    return "Nothing is sent: INDEXNOW_KEY is not set."


def _exit_code(report: Report) -> int:
    if report.given_up:
        return GAVE_UP
    return REFUSED if report.answer.outcome is Outcome.REFUSED else POSTPONED


def _complaint(report: Report) -> str:
    verb = "refused" if report.answer.outcome is Outcome.REFUSED else "did not take"
    lines = [
        f"{settings.INDEXNOW_ENDPOINT} {verb} {report.failed} address(es): {report.answer.error}",
    ]
    if report.given_up:
        lines.append(
            f"{report.given_up} of them were tried {IndexNowNotice.MAX_ATTEMPTS} times and will "
            "not be tried again. They are kept: the desk can have them sent again, and a new "
            "change of the text renews its notice."
        )
    return "\n".join(lines)
