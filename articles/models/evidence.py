"""References, and the claims that rest on them."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.labels import GRADES, STUDY_TYPES
from articles.models.content import Article
from healthsite.constraints import NOT_BLANK, choice_check, key_check, validate_key

CLAIM_KEY_PATTERN = r"^[A-Za-z][A-Za-z0-9-]{0,19}\Z"


class Reference(models.Model):
    """A source, with its verified details only. What is not verified is left empty."""

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="references", verbose_name=_("article")
    )
    key = models.CharField(_("key"), max_length=60, validators=[validate_key])
    study_type = models.CharField(
        _("kind of source"),
        max_length=20,
        choices=list(STUDY_TYPES.items()),
        help_text=_("Printed below the reference, so that readers see what it can show."),
    )
    participants = models.PositiveIntegerField(_("participants"), null=True, blank=True)
    authors = models.CharField(_("authors"), max_length=300, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=400, blank=True)
    label = models.CharField(
        _("description"),
        max_length=300,
        blank=True,
        help_text=_("A neutral description, used when the title could not be verified."),
    )
    container = models.CharField(_("journal, book or site"), max_length=200, blank=True)
    locator = models.CharField(
        _("volume, issue, pages"), max_length=120, blank=True, help_text=_("As printed.")
    )
    doi = models.CharField(_("DOI"), max_length=120, blank=True, help_text=_("Starts with 10."))
    pmid = models.CharField(_("PubMed number"), max_length=12, blank=True)
    isbn = models.CharField(_("ISBN"), max_length=20, blank=True)
    url = models.URLField(_("address"), max_length=400, blank=True)
    accessed_on = models.DateField(_("accessed on"), null=True, blank=True)
    is_complete = models.BooleanField(
        _("complete"),
        default=True,
        help_text=_("Untick when details could not be verified; readers are told."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "key"],
                name="reference_key_once_per_article",
                violation_error_message=_("This article already has a reference with that key."),
            ),
            key_check("reference", "key"),
            choice_check(
                "reference",
                "study_type",
                list(STUDY_TYPES),
            ),
            models.CheckConstraint(
                condition=~Q(doi="", pmid="", isbn="", url="")
                | (~Q(container="") & (~Q(locator="") | ~Q(title="") | ~Q(label=""))),
                name="reference_can_be_found",
                violation_error_message=_(
                    "Give a DOI, PubMed number, ISBN or address, or the journal with its pages."
                ),
            ),
            models.CheckConstraint(
                condition=Q(doi="") | Q(doi__regex=r"^10\.[0-9]{4,9}/\S+\Z"),
                name="reference_doi_is_a_doi",
                violation_error_message=_("A DOI looks like 10.1234/abcd, without https://."),
            ),
            models.CheckConstraint(
                condition=Q(pmid="") | Q(pmid__regex=r"^[0-9]+\Z"),
                name="reference_pmid_is_a_number",
                violation_error_message=_("A PubMed number has digits only."),
            ),
            models.CheckConstraint(
                condition=Q(url="") | Q(url__startswith="https://") | Q(url__startswith="http://"),
                name="reference_url_is_a_web_address",
                violation_error_message=_("Give a full address that starts with https://."),
            ),
            models.CheckConstraint(
                condition=Q(title__regex=NOT_BLANK)
                | Q(label__regex=NOT_BLANK)
                | Q(authors__regex=NOT_BLANK)
                | Q(container__regex=NOT_BLANK),
                name="reference_says_what_it_is",
                violation_error_message=_("Give a title, or a description in its place."),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Claim(models.Model):
    """A statement that carries a grade. Its words hang off each translation (Statement)."""

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="claims", verbose_name=_("article")
    )
    key = models.CharField(
        _("key"),
        max_length=20,
        validators=[RegexValidator(CLAIM_KEY_PATTERN, _("For example C7 or C16a."))],
    )
    grade = models.CharField(_("evidence grade"), max_length=12, choices=list(GRADES.items()))
    references = models.ManyToManyField(
        Reference, related_name="claims", blank=True, verbose_name=_("references")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "key"],
                name="claim_key_once_per_article",
                violation_error_message=_("This article already has a claim with that key."),
            ),
            models.CheckConstraint(
                condition=Q(key__regex=CLAIM_KEY_PATTERN),
                name="claim_key_is_a_key",
                violation_error_message=_("A claim's key looks like C7 or C16a."),
            ),
            choice_check("claim", "grade", list(GRADES)),
        ]

    def __str__(self) -> str:
        return self.key
