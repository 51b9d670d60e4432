"""Publish now or later, withdraw, and undo that: with the findings, the difference and the time."""

import datetime
import zoneinfo

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import services
from articles.admin import access
from articles.admin.desk.state import TextState
from articles.admin.desk.views import address, screen, text_view
from articles.building import build_document
from articles.checking import findings_for
from articles.comparing import differences
from articles.models import ArticleTranslation, Publication
from healthsite.unsaved import typed_in

ZONES = {
    "Pacific/Auckland": gettext_lazy("Auckland"),
    "Asia/Shanghai": gettext_lazy("Beijing"),
}
"""Where the editors are, as IANA time zones: every scheduled time is shown in each."""

MIN_YEAR, MAX_YEAR = datetime.MINYEAR, datetime.MAXYEAR
"""The first and the last year of Python's calendar: a zone's offset can lead out of them."""

CHANGE_HELP = {
    "first": gettext_lazy("Readers see this text for the first time."),
    "typo": gettext_lazy("Spelling, punctuation, a broken link. The date “updated” stays."),
    "clarification": gettext_lazy("The same said more clearly. Moves “updated”."),
    "correction": gettext_lazy(
        "Something was wrong. Moves “updated”; the note says in public what was corrected."
    ),
    "evidence": gettext_lazy("New or re-graded evidence. Moves “updated”."),
    "full_review": gettext_lazy(
        "Everything was read and checked again. The only kind that moves “last reviewed”."
    ),
}


class PublishForm(forms.Form):
    """What kind of change this is, in public words, and from when readers see it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    # Without it the form showed nothing that can be vouched for: a conflict, and no mistake in it.
    content_hash = forms.CharField(required=False, widget=forms.HiddenInput)
    change = forms.ChoiceField(label=gettext_lazy("Kind of change"), widget=forms.RadioSelect)
    public_note = forms.CharField(
        label=gettext_lazy("Public note"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "One sentence in the language of the text. The public log shows it."
        ),
    )
    live_from = forms.DateTimeField(
        label=gettext_lazy("Go live later"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
        help_text=gettext_lazy("Time in Auckland. Left empty, the text goes live at once."),
    )
    override_reason = forms.CharField(
        label=gettext_lazy("Reason for publishing in spite of the stops"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Kept in the log with your name and every stop that was passed."),
    )

    def __init__(self, *args, is_first: bool, may_override: bool, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [
            (value, label)
            for value, label in Publication.Change.choices
            if (value == "first") == is_first
        ]
        self.fields["change"].choices = choices
        if is_first:
            self.fields["change"].initial = "first"
        if not may_override:
            del self.fields["override_reason"]

    def clean_live_from(self) -> datetime.datetime | None:
        """A time that has come already is no time to wait for."""
        value = self.cleaned_data["live_from"]
        if value is None:
            return None
        # A browser sends a time without its zone; the label says which one it is.
        bare = timezone.make_naive(value) if timezone.is_aware(value) else value
        value = bare.replace(tzinfo=zoneinfo.ZoneInfo("Pacific/Auckland"))
        if not MIN_YEAR < value.year < MAX_YEAR or _is_skipped(value):
            raise forms.ValidationError(_("There is no such time in Auckland. Give another."))
        if value <= timezone.now():
            raise forms.ValidationError(
                _("This time has passed. Leave it empty to publish now, or give a later one.")
            )
        return value

    def clean(self) -> dict:
        """A correction says in public what was wrong."""
        cleaned = super().clean()
        note = cleaned.get("public_note", "").strip()
        if cleaned.get("change") == Publication.Change.CORRECTION and not note:
            self.add_error("public_note", _("Say in public what was corrected."))
        return cleaned

    @property
    def helped_choices(self):
        """Each kind of change with what it means."""
        for widget in self["change"]:
            yield widget, CHANGE_HELP.get(widget.data["value"], "")


def _is_skipped(moment: datetime.datetime) -> bool:
    """Whether the clocks go past this time when summer time begins."""
    back = moment.astimezone(datetime.UTC).astimezone(moment.tzinfo)
    return back.replace(tzinfo=None) != moment.replace(tzinfo=None)


@text_view("publish", "publish/", may=access.can_publish, methods=("GET", "HEAD", "POST"))
def publish(request: HttpRequest, translation: ArticleTranslation) -> HttpResponse:
    """Show what readers would get; publish it, or ask once more when it is for later."""
    state = TextState(translation)
    may_override = access.can_override(request.user)
    options = {"is_first": state.is_first, "may_override": may_override}
    if request.method != "POST":
        seen = build_document(translation).content_hash
        initial = {"version": translation.version, "content_hash": seen}
        form = PublishForm(initial=initial, **options)
        return _publish_screen(request, translation, form)
    form = PublishForm(request.POST, **options)
    if not form.is_valid():
        return _publish_screen(request, translation, form, status=422)
    values = form.cleaned_data
    if values["live_from"] and "confirm" not in request.POST:
        return _publish_screen(request, translation, form, is_confirming=True)
    try:
        publication = services.publish(
            translation,
            change=values["change"],
            public_note=values["public_note"].strip(),
            live_from=values["live_from"],
            user=request.user,
            expected_version=values["version"],
            expected_hash=values["content_hash"],
            override_reason=values.get("override_reason", ""),
        )
    except services.EditConflict as conflict:
        return changed_meanwhile(request, translation, conflict)
    except services.PublicationRefused as refusal:
        form.add_error(
            None,
            _("%(count)s finding(s) stop this publication. Nothing was published.")
            % {"count": len(refusal.findings)},
        )
        return _publish_screen(request, translation, form, status=422)
    except services.EditorialError as error:
        form.add_error(None, str(error))
        return _publish_screen(request, translation, form, status=422)
    _say_published(request, publication)
    return HttpResponseRedirect(address("change", translation))


def _say_published(request: HttpRequest, publication: Publication) -> None:
    if publication.live_from > timezone.now():
        message = _("Scheduled: readers get it on %(times)s.") % {
            "times": in_zones(publication.live_from)
        }
    else:
        message = _("Published. Readers see it now.")
    messages.success(request, message)


def in_zones(moment: datetime.datetime) -> str:
    """One moment as the clocks of the editors show it: “24 November 2026, 09:00 Auckland · …”."""
    return " · ".join(
        f"{date_format(local, 'DATE_FORMAT')} {local:%H:%M} {name}"
        for zone, name in ZONES.items()
        if (local := moment.astimezone(zoneinfo.ZoneInfo(zone)))
    )


def _publish_screen(
    request: HttpRequest,
    translation: ArticleTranslation,
    form: PublishForm,
    *,
    is_confirming: bool = False,
    status: int = 200,
) -> HttpResponse:
    document = build_document(translation)
    findings = findings_for(translation, document)
    state = TextState(translation)
    last = state.publications[0] if state.publications else None
    changes = []
    if last:
        changes = differences(last.revision.as_document(), document)
    live_from = form.cleaned_data.get("live_from") if form.is_bound and form.is_valid() else None
    return screen(
        request,
        "publish",
        translation,
        {
            "form": form,
            "findings": findings,
            "stops": [finding for finding in findings if finding.is_stop],
            "last": last,
            "changes": changes,
            "is_confirming": is_confirming,
            "times": in_zones(live_from) if live_from else "",
        },
        title=_("Publish"),
        status=status,
    )


class WithdrawForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(
        label=gettext_lazy("Reason, in public"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Readers see it on the page that says the article was withdrawn. Write it in the "
            "language of the text."
        ),
    )


@text_view("withdraw", "withdraw/", may=access.can_withdraw, methods=("GET", "HEAD", "POST"))
def withdraw(request: HttpRequest, translation: ArticleTranslation) -> HttpResponse:
    """Ask for the public reason, then take the text back."""
    if request.method == "POST":
        form = WithdrawForm(request.POST)
        if form.is_valid():
            try:
                services.withdraw(
                    translation,
                    note=form.cleaned_data["note"],
                    user=request.user,
                    expected_version=form.cleaned_data["version"],
                )
            except services.EditConflict as conflict:
                return changed_meanwhile(request, translation, conflict)
            except services.EditorialError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Withdrawn. Readers get the reason instead."))
                return HttpResponseRedirect(address("change", translation))
    else:
        form = WithdrawForm(initial={"version": translation.version})
    return screen(
        request,
        "withdraw",
        translation,
        {"form": form},
        title=_("Withdraw"),
        status=422 if form.is_bound else 200,
    )


@text_view("undo_withdrawal", "undo-withdrawal/", may=access.can_withdraw, methods=("POST",))
def undo_withdrawal(request: HttpRequest, translation: ArticleTranslation) -> HttpResponse:
    """Give readers the newest publication again."""
    try:
        services.undo_withdrawal(
            translation, user=request.user, expected_version=posted_version(request)
        )
    except services.EditConflict as conflict:
        return changed_meanwhile(request, translation, conflict)
    except services.EditorialError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Readers get the newest publication again."))
    return HttpResponseRedirect(address("change", translation))


def posted_version(request: HttpRequest) -> int:
    """The version that the screen showed; a form without one showed none and is refused."""
    value = request.POST.get("version", "")
    if not (value.isascii() and value.isdigit()) or len(value) > 18:
        raise PermissionDenied
    return int(value)


def _last_changes(translation: ArticleTranslation) -> list:
    """What differs between the text as it is and the newest revision that says something else.

    A product or a name may have changed since the last revision, which none records by itself.
    """
    now = build_document(translation)
    for revision in translation.revisions.order_by("-number")[:2]:
        if revision.content_hash != now.content_hash:
            return differences(revision.as_document(), now)
    return []


def changed_meanwhile(
    request: HttpRequest, translation: ArticleTranslation, conflict: services.EditConflict
) -> HttpResponse:
    """409: an act on a text that is no longer the one on the screen. What was typed is shown."""
    now = ArticleTranslation.objects.select_related("article").get(pk=translation.pk)
    last = now.revisions.select_related("saved_by").order_by("-number").first()
    return screen(
        request,
        "changed_meanwhile",
        now,
        {
            "conflict": conflict,
            "last": last,
            "typed": typed_in(request),
            "changes": _last_changes(now),
        },
        title=_("Somebody else saved first"),
        status=409,
    )
