"""The languages of the site: their codes, their own names, and which one a request is in.

Two spellings of one code exist: ``zh-hans`` in addresses and data, ``zh-Hans`` in ``lang`` and
``hreflang`` (BCP 47 recommends title case for scripts). Nothing else should spell them by hand.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import translation


@dataclass(frozen=True)
class Language:
    """One language of the site.

    ``code`` is used in addresses and data, ``tag`` in HTML, ``name`` is the language's own name,
    and ``short_name`` what the language switch prints.
    """

    code: str
    tag: str
    name: str
    short_name: str

    @property
    def generic_tag(self) -> str:
        """The language without its script: ``zh`` for ``zh-Hans``."""
        return self.tag.partition("-")[0]

    @property
    def is_chinese(self) -> bool:
        return self.code.startswith("zh")


CHINESE = Language("zh-hans", "zh-Hans", "简体中文", "中文")
ENGLISH = Language("en", "en", "English", "English")

LANGUAGES = (CHINESE, ENGLISH)
CODES = tuple(language.code for language in LANGUAGES)
CHOICES = [(language.code, language.name) for language in LANGUAGES]
BY_CODE = {language.code: language for language in LANGUAGES}
DEFAULT = CHINESE


def other_languages(code: str) -> tuple[Language, ...]:
    """Every language of the site except the one given."""
    return tuple(language for language in LANGUAGES if language.code != code)


def language_of_path(path: str) -> Language | None:
    """The language a public address is in, or None for addresses without one."""
    first_segment = path.lstrip("/").split("/", 1)[0]
    return BY_CODE.get(first_segment)


class LanguageConverter:
    """Path converter for the first segment of every public address."""

    regex = "|".join(CODES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class LanguageMiddleware:
    """Activate the language of the address; in the admin, the language the browser prefers.

    Django's LocaleMiddleware would add ``Vary: Accept-Language`` to every answer, which splits
    every shared cache by visitor. A public address has exactly one language, so only addresses
    without one (the admin) may look at the browser.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        language = language_of_path(request.path_info)
        code = language.code if language else translation.get_language_from_request(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            return self.get_response(request)
