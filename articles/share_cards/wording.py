"""What a card says: the words of a frozen publication, and never those of a product mention."""

import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from articles.bylines import join_names
from articles.models import Publication, TopicTranslation
from authors.models import AuthorTranslation
from healthsite import languages

SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
"""The typeface has no subscripts; CO2 says what CO₂ does. Superscripts would not: 10⁻³."""


@dataclass(frozen=True)
class Wording:
    """Everything that is drawn. ``grades`` are claims by grade of evidence, firmest first."""

    language: str
    site: str
    other_site: str
    title: str
    seal: str = ""
    topic: str = ""
    byline: str = ""
    grades: tuple[tuple[str, int], ...] = ()
    grades_label: str = ""
    scene: int = 1
    protected: tuple[str, ...] = ()

    @property
    def wide_alt(self) -> str:
        """What is written on the wide picture, for those who do not see it: title and people."""
        return " ".join(filter(None, [self.title, self.byline])) or self.site

    @property
    def square_alt(self) -> str:
        """The square one shows a seal, or the mark of the site."""
        return " ".join(filter(None, [self.seal, self.site]))

    @property
    def is_chinese(self) -> bool:
        return languages.BY_CODE[self.language].is_chinese

    def texts(self) -> list[str]:
        """Every text that is drawn, for what has to be looked for in all of them."""
        names = [self.site, self.other_site]
        return [*names, self.title, self.seal, self.topic, self.byline, self.grades_label]


def wording_of(publication: Publication) -> Wording:
    """The words of a publication's card, in its language; three queries at most."""
    page, text = publication.page, publication.translation
    document = publication.revision.as_document()
    with translation.override(text.language):
        return Wording(
            **_site(text.language),
            title=_drawable(page["title"]),
            seal=page["seal"],
            topic=_drawable(_topic(publication)),
            byline=_drawable(_byline(publication)),
            grades=tuple(page["grades"].items()),
            grades_label=_("Claims by grade of evidence"),
            scene=page["scene"],
            protected=tuple(term.term for term in document.terms),
        )


def site_wording(language: str) -> Wording:
    """The words of the site's own card."""
    with translation.override(language):
        return Wording(**_site(language), title=_("Readers ask. The evidence answers."))


def _site(language: str) -> dict[str, str]:
    other = languages.other_languages(language)[0].code
    names = settings.SITE_NAMES
    return {"language": language, "site": names[language], "other_site": names[other]}


def _drawable(text: str) -> str:
    """A text without subscripts and what only steers browsers: word joiners, soft hyphens."""
    seen = (character for character in text if unicodedata.category(character) != "Cf")
    return "".join(seen).translate(SUBSCRIPTS)


def _topic(publication: Publication) -> str:
    words = TopicTranslation.objects.in_language(publication.translation.language)
    topic = words.filter(topic__articles=publication.translation.article_id).first()
    return topic.name if topic else ""


def _byline(publication: Publication) -> str:
    """The authors, as the page's byline qualifies them."""
    page, language = publication.page, publication.translation.language
    slugs = [item["author"] for item in page["contributions"] if item["role"] == "author"]
    words = AuthorTranslation.objects.in_language(language).filter(author__slug__in=slugs)
    names = {item.author.slug: item.name for item in words}
    joined = join_names([names[slug] for slug in slugs if slug in names], language)
    if joined and page["is_adaptation"]:
        return f"{_('Original article by')}{_(': ')}{joined}"
    return joined
