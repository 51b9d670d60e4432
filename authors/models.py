"""Authors, what each language says of them, and their entries in professional registers."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from authors.querysets import AuthorQuerySet, AuthorTranslationQuerySet, RegistrationQuerySet
from healthsite import languages
from healthsite.constraints import key_check, language_check, not_blank_check, validate_key


class Author(models.Model):
    """A person who writes, reviews, translates or edits. What is said of them has a language."""

    slug = models.SlugField(
        _("slug"),
        max_length=80,
        unique=True,
        validators=[validate_key],
        help_text=_("The last part of the author's address, the same in every language."),
    )
    website = models.URLField(
        _("official website"),
        blank=True,
        help_text=_("Shown as “Official website”. Leave empty when no address is known."),
    )
    portrait = models.JSONField(
        _("portrait"),
        default=dict,
        blank=True,
        editable=False,
        help_text=_("The stored sizes of the portrait; without one a monogram is shown."),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="author",
        verbose_name=_("account"),
        help_text=_("The account with which this person signs reviews. Never shown to readers."),
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Inactive authors are left out of the list; their articles keep their name."),
    )

    objects = AuthorQuerySet.as_manager()

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["slug"]
        constraints = [
            key_check("author"),
            models.CheckConstraint(
                condition=Q(website="")
                | Q(website__startswith="https://")
                | Q(website__startswith="http://"),
                name="author_website_is_a_web_address",
                violation_error_message=_("Give a full address that starts with https://."),
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("authors:detail", args=[get_language(), self.slug])


class AuthorTranslation(models.Model):
    """An author in one language."""

    author = models.ForeignKey(
        Author, models.CASCADE, related_name="translations", verbose_name=_("author")
    )
    language = models.CharField(_("language"), max_length=10, choices=languages.CHOICES)
    name = models.CharField(
        _("name"), max_length=200, help_text=_("Exactly as the author writes it.")
    )
    credentials = models.CharField(
        _("credentials"),
        max_length=300,
        blank=True,
        help_text=_("Printed beside the name, for example “PhD; Master of Public Health”."),
    )
    affiliation = models.CharField(
        _("affiliation"),
        max_length=200,
        blank=True,
        help_text=_("Where the author works, if it is known and may be said. Shown on the page."),
    )
    bio = models.TextField(
        _("biography"), blank=True, help_text=_("Markdown. Shown below articles and on the page.")
    )

    bio_html = models.TextField(_("biography as HTML"), blank=True, editable=False)

    objects = AuthorTranslationQuerySet.as_manager()

    class Meta:
        verbose_name = _("author in one language")
        verbose_name_plural = _("author in each language")
        ordering = ["author", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["author", "language"],
                name="author_translation_once_per_language",
                violation_error_message=_("This author already has a text in this language."),
            ),
            language_check("author_translation"),
            not_blank_check("author_translation", "name"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        """Render the biography once, here: it has no parts that are saved after it."""
        render_prose = import_string(settings.PROSE_RENDERER)
        self.bio_html = render_prose(self.bio, self.language)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("authors:detail", args=[self.language, self.author.slug])

    @property
    def monogram(self) -> str:
        """One or two letters that stand for a portrait: initials, or the family name in Han."""
        words = self.name.split()
        if not words:
            return ""
        if ord(words[0][0]) > 0x2E7F:
            return words[0][0]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


class Registration(models.Model):
    """An entry in a professional register. It can lapse, and then it must lose its badge."""

    author = models.ForeignKey(
        Author, models.CASCADE, related_name="registrations", verbose_name=_("author")
    )
    number = models.CharField(_("number"), max_length=60, help_text=_("Exactly as registered."))
    register_url = models.URLField(
        _("register address"), blank=True, help_text=_("Where a reader can look the entry up.")
    )
    checked_on = models.DateField(
        _("checked on"),
        null=True,
        blank=True,
        help_text=_("When an editor last saw the entry in the register. Empty: never checked."),
    )
    valid_until = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The day the entry ends, if it says.")
    )

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["author", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["author", "number"],
                name="registration_once_per_number",
                violation_error_message=_("This author already has that number."),
            ),
            not_blank_check("registration", "number"),
            models.CheckConstraint(
                condition=Q(valid_until=None)
                | Q(checked_on=None)
                | Q(valid_until__gte=F("checked_on")),
                name="registration_not_checked_after_its_end",
                violation_error_message=_(
                    "An entry cannot have been confirmed after the day it ended."
                ),
            ),
            models.CheckConstraint(
                condition=Q(register_url="")
                | Q(register_url__startswith="https://")
                | Q(register_url__startswith="http://"),
                name="registration_register_url_is_a_web_address",
                violation_error_message=_("Give a full address that starts with https://."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def is_lapsed(self, today: datetime.date | None = None) -> bool:
        """Whether the entry has ended. Decided when a page is made, so that it ends by itself."""
        return self.valid_until is not None and self.valid_until < (today or timezone.localdate())

    @property
    def is_confirmed(self) -> bool:
        """Whether the badge may be shown: an editor has seen the entry, and it has not lapsed."""
        return self.checked_on is not None and not self.is_lapsed()


class RegistrationTranslation(models.Model):
    """The title a registration gives, and the register's name, in one language."""

    registration = models.ForeignKey(
        Registration,
        models.CASCADE,
        related_name="translations",
        verbose_name=_("registration"),
    )
    language = models.CharField(_("language"), max_length=10, choices=languages.CHOICES)
    title = models.CharField(_("title"), max_length=200)
    body = models.CharField(
        _("register"),
        max_length=200,
        blank=True,
        help_text=_("The name of the register. Leave empty when it is not known."),
    )

    class Meta:
        verbose_name = _("registration in one language")
        verbose_name_plural = _("registration in each language")
        ordering = ["registration", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "language"],
                name="registration_translation_once_per_language",
                violation_error_message=_("This registration already has a text in this language."),
            ),
            language_check("registration_translation"),
            not_blank_check("registration_translation", "title"),
        ]

    def __str__(self) -> str:
        return self.title
