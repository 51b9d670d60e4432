"""What articles draw on: images, products and the glossary."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.content import Article
from articles.querysets import GlossaryTermTranslationQuerySet
from healthsite import languages
from healthsite.constraints import (
    choice_check,
    key_check,
    language_check,
    not_blank_check,
    validate_key,
)


class Image(models.Model):
    """A picture without its words: the words hang off each translation (Figure)."""

    article = models.ForeignKey(
        Article,
        models.CASCADE,
        related_name="images",
        null=True,
        blank=True,
        verbose_name=_("article"),
        help_text=_("Empty: usable in every article."),
    )
    key = models.SlugField(_("key"), max_length=80, validators=[validate_key])
    file = models.CharField(
        _("stored file"), max_length=200, editable=False, help_text=_("The name carries its hash.")
    )
    original = models.CharField(
        _("original"),
        max_length=200,
        blank=True,
        editable=False,
        help_text=_("The upload as it came, kept private for export."),
    )
    source_name = models.CharField(_("file name"), max_length=120, blank=True, editable=False)
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    renditions = models.JSONField(_("stored sizes"), default=list, editable=False)
    svg = models.TextField(_("drawing"), blank=True, editable=False)
    credit = models.CharField(_("credit"), max_length=200, blank=True)
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    focus_x = models.PositiveSmallIntegerField(
        _("focal point from the left"),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("In percent of the width. Crops keep this point in view."),
    )
    focus_y = models.PositiveSmallIntegerField(
        _("focal point from the top"),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("In percent of the height."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "key"],
                name="image_key_once_per_article",
                violation_error_message=_("This article already has an image with that key."),
            ),
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(article=None),
                name="image_shared_key_once",
                violation_error_message=_("There is already a shared image with that key."),
            ),
            key_check("image", "key"),
            models.CheckConstraint(
                condition=Q(width__gt=0, height__gt=0),
                name="image_has_a_size",
                violation_error_message=_("An image has a width and a height."),
            ),
            not_blank_check("image", "file"),
            models.CheckConstraint(
                condition=Q(focus_x__lte=100, focus_y__lte=100),
                name="image_focus_is_inside",
                violation_error_message=_("The focal point lies inside the picture: 0 to 100."),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Product(models.Model):
    """A product as its label names it, and what ties the publisher has to it."""

    class Relationship(models.TextChoices):
        NONE = "none", _("No commercial relationship")
        OWN_BRAND = "own_brand", _("Own brand")
        SPONSORED = "sponsored", _("Sponsored")
        AFFILIATE = "affiliate", _("Affiliate")
        UNCONFIRMED = "unconfirmed", _("Not confirmed: an interest is assumed")

    key = models.SlugField(_("key"), max_length=80, unique=True, validators=[validate_key])
    name = models.CharField(_("name"), max_length=200, help_text=_("Exactly as on the label."))
    name_language = models.CharField(
        _("language of the name"), max_length=10, choices=languages.CHOICES
    )
    brand = models.CharField(_("brand"), max_length=100)
    website = models.URLField(
        _("website"), blank=True, help_text=_('Links carry rel="sponsored nofollow" by themselves.')
    )
    relationship = models.CharField(
        _("commercial relationship"),
        max_length=12,
        choices=Relationship,
        default=Relationship.UNCONFIRMED,
        help_text=_("The disclosure on every page that names the product follows from this."),
    )

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["key"]
        constraints = [
            key_check("product", "key"),
            not_blank_check("product", "name"),
            not_blank_check("product", "brand"),
            choice_check(
                "product",
                "relationship",
                ["none", "own_brand", "sponsored", "affiliate", "unconfirmed"],
            ),
            models.CheckConstraint(
                condition=Q(name_language__in=languages.CODES),
                name="product_name_language_is_known",
                violation_error_message=_("This language is not one of the site's languages."),
            ),
            models.CheckConstraint(
                condition=Q(website="")
                | Q(website__startswith="https://")
                | Q(website__startswith="http://"),
                name="product_website_is_a_web_address",
                violation_error_message=_("Give a full address that starts with https://."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProductTranslation(models.Model):
    """A product as one language explains it."""

    product = models.ForeignKey(
        Product, models.CASCADE, related_name="translations", verbose_name=_("product")
    )
    language = models.CharField(_("language"), max_length=10, choices=languages.CHOICES)
    gloss = models.CharField(
        _("what the name means"),
        max_length=200,
        blank=True,
        help_text=_("For names in another language; printed as the editors' words."),
    )
    components = models.TextField(_("components"), blank=True)
    label_note = models.TextField(_("label line"), blank=True)

    class Meta:
        verbose_name = _("product in one language")
        verbose_name_plural = _("product in each language")
        ordering = ["product", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "language"],
                name="product_translation_once_per_language",
                violation_error_message=_("This product already has a text in this language."),
            ),
            language_check("product_translation"),
        ]

    def __str__(self) -> str:
        return f"{self.product} ({self.language})"


class GlossaryTerm(models.Model):
    """A term that articles explain."""

    key = models.SlugField(_("key"), max_length=80, unique=True, validators=[validate_key])
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary")
        ordering = ["position", "key"]
        constraints = [key_check("glossary_term", "key")]

    def __str__(self) -> str:
        return self.key


class GlossaryTermTranslation(models.Model):
    """A term, its abbreviation and its meaning in one language."""

    term = models.ForeignKey(
        GlossaryTerm, models.CASCADE, related_name="translations", verbose_name=_("term")
    )
    language = models.CharField(_("language"), max_length=10, choices=languages.CHOICES)
    name = models.CharField(_("term"), max_length=120)
    abbreviation = models.CharField(_("abbreviation"), max_length=60, blank=True)
    definition = models.CharField(_("definition"), max_length=400)

    objects = GlossaryTermTranslationQuerySet.as_manager()

    class Meta:
        verbose_name = _("term in one language")
        verbose_name_plural = _("term in each language")
        ordering = ["term", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "language"],
                name="glossary_term_once_per_language",
                violation_error_message=_("This term already has a meaning in this language."),
            ),
            language_check("glossary_term"),
            not_blank_check("glossary_term", "name"),
            not_blank_check("glossary_term", "definition"),
        ]

    def __str__(self) -> str:
        return self.name
