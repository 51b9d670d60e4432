"""What a translation's body places by key: figures, callouts, the product mention, statements."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.content import ArticleTranslation
from articles.models.evidence import Claim
from articles.models.library import Image, Product
from healthsite.constraints import choice_check, key_check, not_blank_check, validate_key


class Figure(models.Model):
    """A picture with its words in one language. Each language may use its own image."""

    translation = models.ForeignKey(
        ArticleTranslation,
        models.CASCADE,
        related_name="figures",
        verbose_name=_("translation"),
    )
    key = models.SlugField(_("key"), max_length=80, validators=[validate_key])
    image = models.ForeignKey(
        Image, models.PROTECT, related_name="figures", verbose_name=_("image")
    )
    narrow_image = models.ForeignKey(
        Image,
        models.PROTECT,
        related_name="narrow_figures",
        null=True,
        blank=True,
        verbose_name=_("image for phones"),
        help_text=_("A second layout for narrow screens."),
    )
    alt = models.TextField(
        _("text in place of the picture"),
        blank=True,
        help_text=_("What somebody who cannot see the picture needs to know."),
    )
    caption = models.TextField(_("caption"), blank=True, help_text=_("Markdown, one paragraph."))
    text = models.TextField(
        _("the figure in words"), blank=True, help_text=_("Markdown, behind “read as text”.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["translation", "key"],
                name="figure_key_once_per_translation",
                violation_error_message=_("This text already has a figure with that key."),
            ),
            key_check("figure", "key"),
        ]

    def __str__(self) -> str:
        return self.key


class Callout(models.Model):
    """A symptom card. It never names a product."""

    class Icon(models.TextChoices):
        ANXIETY = "anxiety", _("Anxiety")
        CRAMPS = "cramps", _("Cramps")
        FATIGUE = "fatigue", _("Fatigue")
        SLEEP = "sleep", _("Sleep")

    translation = models.ForeignKey(
        ArticleTranslation,
        models.CASCADE,
        related_name="callouts",
        verbose_name=_("translation"),
    )
    key = models.SlugField(_("key"), max_length=80, validators=[validate_key])
    icon = models.CharField(_("icon"), max_length=20, choices=Icon)
    label = models.CharField(_("label"), max_length=80)
    text = models.TextField(_("text"), help_text=_("Markdown, one paragraph."))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("callout")
        verbose_name_plural = _("callouts")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["translation", "key"],
                name="callout_key_once_per_translation",
                violation_error_message=_("This text already has a callout with that key."),
            ),
            key_check("callout", "key"),
            choice_check("callout", "icon", ["anxiety", "cramps", "fatigue", "sleep"]),
            not_blank_check("callout", "label"),
            not_blank_check("callout", "text"),
        ]

    def __str__(self) -> str:
        return self.label


class ProductMention(models.Model):
    """What one language says about a product. Disclosure and ``rel`` follow from the product."""

    translation = models.ForeignKey(
        ArticleTranslation,
        models.CASCADE,
        related_name="mentions",
        verbose_name=_("translation"),
    )
    product = models.ForeignKey(
        Product, models.PROTECT, related_name="mentions", verbose_name=_("product")
    )
    text = models.TextField(_("text"), help_text=_("Markdown. No claim about disease or symptoms."))

    class Meta:
        verbose_name = _("product mention")
        verbose_name_plural = _("product mention")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["translation"],
                name="product_mention_once_per_translation",
                violation_error_message=_("A text names one product at most."),
            ),
            not_blank_check("product_mention", "text"),
        ]

    def __str__(self) -> str:
        return str(self.product)


class Statement(models.Model):
    """A claim in the words of one language, and why it has its grade."""

    translation = models.ForeignKey(
        ArticleTranslation,
        models.CASCADE,
        related_name="statements",
        verbose_name=_("translation"),
    )
    claim = models.ForeignKey(
        Claim, models.CASCADE, related_name="statements", verbose_name=_("claim")
    )
    text = models.TextField(_("statement"), help_text=_("Shown among the key points."))
    basis = models.TextField(
        _("why this grade"), blank=True, help_text=_("One sentence, shown beside the badge.")
    )

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["claim__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["translation", "claim"],
                name="statement_once_per_claim",
                violation_error_message=_("This text already states that claim."),
            ),
            not_blank_check("statement", "text"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
