"""Articles and their translations: what has no language, and what has."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from articles.document import NUTRIENTS
from articles.editing_queries import ArticleQuerySet
from articles.querysets import ArticleTranslationQuerySet, TopicTranslationQuerySet
from healthsite import languages
from healthsite.constraints import (
    NOT_BLANK,
    choice_check,
    key_check,
    language_check,
    not_blank_check,
    validate_key,
)


class Topic(models.Model):
    """A subject that articles are listed under."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True, validators=[validate_key])
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Smaller numbers are listed first.")
    )

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["position", "slug"]
        constraints = [key_check("topic")]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("articles:topic", args=[get_language(), self.slug])


class TopicTranslation(models.Model):
    """A topic in one language."""

    topic = models.ForeignKey(
        Topic, models.CASCADE, related_name="translations", verbose_name=_("topic")
    )
    language = models.CharField(_("language"), max_length=10, choices=languages.CHOICES)
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(
        _("description"),
        max_length=300,
        blank=True,
        help_text=_("One sentence, shown on the topic's page and to search engines."),
    )

    objects = TopicTranslationQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic in one language")
        verbose_name_plural = _("topic in each language")
        ordering = ["topic", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "language"],
                name="topic_translation_once_per_language",
                violation_error_message=_("This topic already has a name in this language."),
            ),
            language_check("topic_translation"),
            not_blank_check("topic_translation", "name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:topic", args=[self.language, self.topic.slug])


def validate_nutrients(value: list[str]) -> None:
    """Refuse anything but a list of known safety tags."""
    unknown = [tag for tag in value if tag not in NUTRIENTS] if isinstance(value, list) else value
    if unknown:
        raise ValidationError(
            _("Unknown safety tag: %(tags)s. Known tags: %(known)s."),
            params={"tags": unknown, "known": ", ".join(NUTRIENTS)},
        )


RESERVED_SLUGS = [
    *("admin", "articles", "authors", "feeds", "glossary", "history"),
    *("media", "paired", "preview", "search", "static", "style-guide", "topics"),
]
"""First segments below a language that are no site pages, or will not be."""

LINKED_PAGES = frozenset(
    ("about", "contact", "corrections", "editorial-policy", "evidence-grades", "privacy")
)
"""Site pages that templates, markup and llms.txt look for by their slug."""


class Article(models.Model):
    """What an article is, whatever the language. What a reader reads hangs off a translation."""

    class Kind(models.TextChoices):
        ARTICLE = "article", _("Article")
        PAGE = "page", _("Site page")

    slug = models.SlugField(
        _("slug"),
        max_length=80,
        unique=True,
        validators=[validate_key],
        help_text=_("The last part of the address, the same in every language."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ARTICLE)
    source_language = models.CharField(
        _("source language"),
        max_length=10,
        choices=languages.CHOICES,
        default=languages.DEFAULT.code,
        help_text=_("The language the others are compared with."),
    )
    topics = models.ManyToManyField(
        Topic, related_name="articles", blank=True, verbose_name=_("topics")
    )
    nutrients = models.JSONField(
        _("safety tags"),
        default=list,
        blank=True,
        validators=[validate_nutrients],
        help_text=_("Nutrients the article is about. Each needs a safety block that names it."),
    )
    scene = models.PositiveSmallIntegerField(
        _("cover"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("Which part of the landscape the cover shows, 1 to 5."),
    )
    lead_figure_key = models.SlugField(
        _("lead figure"),
        max_length=80,
        blank=True,
        help_text=_("Key of the most telling figure. Shared links show a card of their own."),
    )
    shows_products = models.BooleanField(
        _("shows product mentions"),
        default=True,
        help_text=_(
            "Switch off and publish again: every product mention and its disclosure leave the page."
        ),
    )
    is_adaptation = models.BooleanField(
        _("adapted from another publication"),
        default=False,
        help_text=_("The byline then reads “Original article by …, adapted by the editors”."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["slug"]
        permissions = [("rename_article", "Can change the address of an article")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="page") | ~Q(slug__in=RESERVED_SLUGS),
                name="article_page_slug_is_not_reserved",
                violation_error_message=_("The site itself uses this address. Choose another."),
            ),
            key_check("article"),
            choice_check("article", "kind", ["article", "page"]),
            models.CheckConstraint(
                condition=Q(source_language__in=languages.CODES),
                name="article_source_language_is_known",
                violation_error_message=_("This language is not one of the site's languages."),
            ),
            models.CheckConstraint(
                condition=Q(scene__gte=1, scene__lte=5),
                name="article_scene_from_1_to_5",
                violation_error_message=_("The cover is a number from 1 to 5."),
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class ArticleSlug(models.Model):
    """An address an article once had. It points at the article, so that no chain can form."""

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="old_slugs", verbose_name=_("article")
    )
    slug = models.SlugField(_("old slug"), max_length=80, unique=True, validators=[validate_key])
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")
        ordering = ["slug"]
        constraints = [key_check("article_slug")]

    def __str__(self) -> str:
        return self.slug


class Contribution(models.Model):
    """One entry of the byline."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("Author")
        REVIEWER = "reviewer", _("Reviewer")
        TRANSLATOR = "translator", _("Translator")
        EDITOR = "editor", _("Editor")

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="contributions", verbose_name=_("article")
    )
    author = models.ForeignKey(
        "authors.Author",
        models.PROTECT,
        related_name="contributions",
        verbose_name=_("author"),
    )
    role = models.CharField(_("role"), max_length=12, choices=Role)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("byline")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "author", "role"],
                name="contribution_once_per_role",
                violation_error_message=_("This author already has this role here."),
            ),
            choice_check("contribution", "role", ["author", "reviewer", "translator", "editor"]),
        ]

    def __str__(self) -> str:
        return f"{self.author} ({self.get_role_display()})"


class ArticleTranslation(models.Model):
    """An article in one language, as editors see it. Readers see its live publication."""

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="translations", verbose_name=_("article")
    )
    language = models.CharField(_("language"), max_length=10, choices=languages.CHOICES)
    title = models.CharField(_("title"), max_length=200)
    standfirst = models.TextField(
        _("standfirst"),
        blank=True,
        help_text=_("One or two sentences below the title, in lists and feeds."),
    )
    seal = models.CharField(
        _("seal"),
        max_length=2,
        blank=True,
        help_text=_("One Han character, or one or two Latin letters, on the cover."),
    )
    original_label = models.CharField(
        _("label of the original"),
        max_length=80,
        blank=True,
        help_text=_("A label the original article carried, shown as the original's own."),
    )
    edition_note = models.TextField(
        _("edition note"),
        blank=True,
        help_text=_("Markdown. Printed near the top and at the end."),
    )
    body = models.TextField(_("body"), blank=True, help_text=_("Markdown with block tags."))
    block_ids = models.JSONField(_("block ids"), default=list, blank=True, editable=False)
    source_hashes = models.JSONField(
        _("source blocks it was made from"), default=dict, blank=True, editable=False
    )
    seo_title = models.CharField(_("title for search engines"), max_length=120, blank=True)
    seo_description = models.CharField(
        _("description for search engines"),
        max_length=300,
        blank=True,
        help_text=_("Left empty, the standfirst is used."),
    )
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    units_digest = models.CharField(
        _("digest of the text"), max_length=16, blank=True, editable=False
    )
    source_digest = models.CharField(
        _("digest of the source it follows"), max_length=16, blank=True, editable=False
    )
    stop_count = models.PositiveSmallIntegerField(_("stops"), null=True, editable=False)
    warning_count = models.PositiveSmallIntegerField(_("warnings"), null=True, editable=False)
    changed_at = models.DateTimeField(_("last saved"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)
    withdrawal_note = models.TextField(
        _("reason for withdrawal"),
        blank=True,
        help_text=_("Shown to the public on the page that says the article was withdrawn."),
    )

    objects = ArticleTranslationQuerySet.as_manager()

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        ordering = ["article", "language"]
        indexes = [
            # What the desk counts, so that it need not read every body to count.
            models.Index(
                fields=[
                    *("article", "language", "units_digest", "source_digest"),
                    *("stop_count", "warning_count", "withdrawn_at", "changed_at"),
                ],
                name="translation_at_the_desk",
            )
        ]
        permissions = [
            ("edit_source", "Can edit a text in its source language"),
            ("withdraw_articletranslation", "Can withdraw a text and undo it"),
            ("override_desk_check", "Can publish over a stop"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "language"],
                name="article_translation_once_per_language",
                violation_error_message=_("This article already has a text in this language."),
            ),
            language_check("article_translation"),
            not_blank_check("article_translation", "title"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawal_note__regex=NOT_BLANK),
                name="article_translation_withdrawal_has_a_reason",
                violation_error_message=_("Say why the article is withdrawn: readers see it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    def get_absolute_url(self) -> str:
        return address_of(self.article.kind, self.language, self.article.slug)

    def clean(self) -> None:
        """Say in a form what the constraint would: its other column is in no form."""
        if self.withdrawn_at and not self.withdrawal_note.strip():
            raise ValidationError(
                {"withdrawal_note": _("Say why the article is withdrawn: readers see it.")}
            )


def address_of(kind: str, language: str, slug: str) -> str:
    """The public path of an article or a site page."""
    name = "pages:detail" if kind == Article.Kind.PAGE else "articles:detail"
    return reverse(name, args=[language, slug])
