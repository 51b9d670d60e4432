"""Tags of the editor's desk: what its frame prints on every screen, errors included."""

import re
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from healthsite import languages
from healthsite.desk_site import current_language, other_site_name

register = template.Library()

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2}")


@register.simple_tag
def desk_frame() -> dict[str, Any]:
    """``{% desk_frame as desk %}``: the language in force, all languages, the other name."""
    other, name = other_site_name()
    return {
        "language": current_language(),
        "languages": languages.LANGUAGES,
        "other_language": other,
        "other_name": name,
    }


@register.filter
def foreign_run(text: Any) -> SafeString | str:
    """An editor's own words inside the desk's: marked where they are in the other language.

    Chinese is told by its characters; English is text with words and without any of them.
    """
    words = str(text)
    here = current_language()
    there = languages.other_languages(here.code)[0]
    is_chinese = bool(_HAN.search(words))
    if is_chinese == here.is_chinese or not (is_chinese or _LATIN_WORD.search(words)):
        return words
    return format_html('<span lang="{}">{}</span>', there.tag, words)
