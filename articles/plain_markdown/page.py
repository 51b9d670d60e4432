"""A whole text as Markdown: what stands around the body, in the order of the page."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from articles.bylines import Credit
from articles.plain_markdown.blocks import heading, join, quote
from articles.plain_markdown.components import body_markdown
from articles.plain_markdown.escaping import escape_text, link_target, plain_line
from articles.plain_markdown.front_matter import facts_of, front_matter
from articles.plain_markdown.text import Text, page_address
from healthsite import languages
from healthsite.metadata import absolute_url
from healthsite.templatetags.typography import long_date


def text_markdown(text: Text) -> str:
    """Front matter and text. Labels are in the language in force, which must be the text's."""
    page, address = text.page, text.canonical
    parts = [
        heading(1, plain_line(page["title"])),
        body_markdown(page["standfirst_html"], address),
        *_byline(text),
        _lag_notice(text),
        *_top_notes(text),
        body_markdown(text.body_html, address, text.figures),
        heading(2, plain_line(_("Medical disclaimer"))),
        plain_line(disclaimer()),
    ]
    return f"{front_matter(facts_of(text))}\n{join(parts)}\n"


def disclaimer() -> str:
    """What the footer of every page says (templates/includes/site_footer.html)."""
    return _(
        "Our articles are for health education. They do not replace diagnosis or advice from your"
        " own doctor, pharmacist or nutrition professional. In an emergency, call your local"
        " emergency number. Do not stop or change medicines, or put off care, because of something"
        " you read here."
    )


def _byline(text: Text) -> list[str]:
    """Who wrote it and what is known of review, in the page's words. Site pages have a date."""
    if text.byline is None:
        return [_dates(text)]
    label, review = "", text.byline.review_text
    if text.page["is_adaptation"]:
        label = _("Original article by")
        review = f"{_('Adapted by the editors.')}{_gap(text)}{review}"
    people = "\n".join(map(_person, text.byline.credits))
    return [plain_line(label), people, plain_line(review), _dates(text), _original_label(text)]


def _person(credit: Credit) -> str:
    """A name and its roles. Credentials stay on the profile, where it says who checked them."""
    words = credit.profile.words
    address = link_target(absolute_url(words.get_absolute_url()))
    return f"- [{plain_line(words.name)}]({address}){_(': ')}{plain_line(credit.roles_text)}"


def _dates(text: Text) -> str:
    """The dates that the page prints: of a site page the later one alone."""
    own = text.own
    dates = [
        (_("Published"), own.first_live_from),
        (_("Updated"), own.updated_at),
        (_("Last reviewed"), own.reviewed_at),
    ]
    if text.byline is None:
        dates = [dates[1] if own.updated_at else dates[0]]
    return "\\\n".join(f"{label}{_(': ')}{long_date(day)}" for label, day in dates if day)


def _original_label(text: Text) -> str:
    label = text.page["original_label"]
    return plain_line(f"{_('Label of the original')}{_(': ')}“{label}”") if label else ""


def _lag_notice(text: Text) -> str:
    """How far a translation is behind, and where the original is."""
    source = text.source
    if source is None or not text.lag:
        return ""
    notice = ngettext(
        "The original has %(counter)s passage that is not in this translation yet, or has changed"
        " since it was translated.",
        "The original has %(counter)s passages that are not in this translation yet, or have"
        " changed since they were translated.",
        text.lag,
    ) % {"counter": text.lag}
    link = f"[{plain_line(_('Read the original'))}]({link_target(page_address(source))})"
    name = "".join(
        (
            pgettext("before a language", " ("),
            languages.BY_CODE[source.translation.language].name,
            pgettext("after a language", ")"),
        )
    )
    return quote([f"{plain_line(notice)}{_gap(text)}{link}{name}"])


def _top_notes(text: Text) -> list[str]:
    """What a reader should know before the first line: the disclosure, and of which edition."""
    page = text.page
    notes = []
    if page["disclosure"]:
        label = escape_text(_("Contains a commercial mention"))
        notes.append(quote([f"**{label}** {plain_line(page['disclosure'])}"]))
    if text.byline is not None and page["edition_note_html"]:
        notes.append(quote([body_markdown(page["edition_note_html"], text.canonical)]))
    return notes


def _gap(text: Text) -> str:
    """What stands between two sentences."""
    return "" if text.language.is_chinese else " "
