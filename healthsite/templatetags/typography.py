"""Tags and filters that every template may use without loading them (see settings)."""

import dataclasses

from django import template
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import get_language

from articles.document import ImageData
from articles.labels import GRADE_MEANINGS, GRADES
from articles.markdown import typesetting
from healthsite import languages, svg

register = template.Library()


@register.filter
def language_tag(code: str) -> str:
    """``zh-hans`` → ``zh-Hans``, for ``lang`` and ``hreflang``."""
    return languages.BY_CODE[code].tag


@register.filter
def language_name(code: str) -> str:
    return languages.BY_CODE[code].name


@register.filter
def phrases(text: str) -> SafeString:
    """A heading whose lines break between words, in the language in force."""
    is_chinese = languages.BY_CODE.get(get_language() or "", languages.DEFAULT).is_chinese
    return mark_safe(typesetting.title_html(str(text), is_chinese))  # noqa: S308 (escapes)


@register.filter
def tail(text: str) -> SafeString:
    """A sentence whose last two Han characters stay with their full stop."""
    html = typesetting.keep_tails(f"<p>{escape(str(text))}</p>")[3:-4]
    return mark_safe(html)  # noqa: S308 (escaped above)


@register.filter
def marked(text: str) -> SafeString:
    """A plain text in which Chinese words are marked, for pages in another language."""
    is_chinese = languages.BY_CODE.get(get_language() or "", languages.DEFAULT).is_chinese
    html = escape(str(text))
    return mark_safe(html if is_chinese else typesetting.mark_han(html))  # noqa: S308 (escaped)


@register.filter
def grade_label(grade: str) -> str:
    return GRADES[grade]


@register.filter
def grade_meaning(grade: str) -> str:
    return GRADE_MEANINGS[grade]


@register.filter
def monogram_tone(slug: str) -> str:
    """One of two washes for a monogram, the same for an author everywhere."""
    return "" if sum(slug.encode()) % 2 else " is-azurite"


@register.simple_tag
def page_url(slug: str) -> str:
    """The address of a site page in the language in force."""
    return reverse("pages:detail", args=[get_language(), slug])


@register.filter
def long_date(value) -> str:
    """2026年11月22日 or 22 November 2026, in the site's time zone."""
    if not value:
        return ""
    if hasattr(value, "hour"):
        value = localtime(value)
    is_chinese = languages.BY_CODE.get(get_language() or "", languages.DEFAULT).is_chinese
    return date_format(value, "Y年n月j日" if is_chinese else "j F Y")


@register.filter
def sentence(text: str) -> str:
    """A text that ends with exactly one mark: “et al.” gets no second full stop."""
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


@register.filter
def short_address(url: str) -> str:
    """An address as a person would read it out: without scheme, www and final slash."""
    return url.split("://", 1)[-1].removeprefix("www.").rstrip("/")


@register.filter
def drawing(image: ImageData, alt: str) -> SafeString:
    """A stored drawing inlined as one image with one description (WCAG 1.1.1, ARIA ``img``)."""
    return _inline_drawing(image, alt, "wide")


@register.filter
def narrow_drawing(image: ImageData, alt: str) -> SafeString:
    """The layout of a drawing for narrow screens; the wide one stands behind it."""
    return _inline_drawing(image, alt, "tall")


def _inline_drawing(image: ImageData, alt: str, layout: str) -> SafeString:
    opening = format_html('<svg class="{}" role="img" aria-label="{}" ', layout, alt)
    markup = svg.prefix_ids(image.svg, f"{image.key}-")
    return mark_safe(markup.replace("<svg ", opening, 1))  # noqa: S308 (sanitised when stored)


@register.filter
def sources(image) -> list[tuple[str, str]]:
    """``<source>`` types and srcsets of a raster image, best format first."""
    by_format: dict[str, list[str]] = {}
    for rendition in _renditions(image):
        address = f"{default_storage.url(rendition['path'])} {rendition['width']}w"
        by_format.setdefault(rendition["format"], []).append(address)
    return [
        (f"image/{name}", ", ".join(by_format[name]))
        for name in ("avif", "webp")
        if name in by_format
    ]


@register.filter
def fallback(image) -> str:
    """The address for browsers that know neither AVIF nor WebP: a JPEG or PNG of middling size."""
    plain = [item for item in _renditions(image) if item["format"] in {"jpeg", "png"}]
    fitting = [item for item in plain if item["width"] <= 1200] or plain
    return default_storage.url(max(fitting, key=lambda item: item["width"])["path"])


def _renditions(image) -> list[dict]:
    """From a document's ImageData or from an author's stored portrait."""
    if isinstance(image, dict):
        return image["renditions"]
    return [dataclasses.asdict(item) for item in image.renditions]
