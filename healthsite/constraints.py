"""Constraints that several models share, so that one rule has one wording."""

from django.core.validators import RegexValidator
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from healthsite import languages

KEY_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
"""Slugs and keys: lower-case ASCII words joined by single hyphens, so that addresses are stable."""

# Where a value is stored, \Z: in Python and therefore in SQLite, $ also matches before a line end.
_WHOLE_KEY = KEY_PATTERN.replace("$", r"\Z")

NOT_BLANK = r"[^\s\u00a0\u3000]"
"""A character that can be seen. What \\s covers beyond ASCII depends on PostgreSQL's locale, so the
no-break space and the full-width space of Chinese keyboards are named."""

validate_key = RegexValidator(
    _WHOLE_KEY, _("Use lower-case letters a–z, digits and single hyphens, for example “vitamin-d”.")
)


def language_check(model: str) -> CheckConstraint:
    return CheckConstraint(
        condition=Q(language__in=languages.CODES),
        name=f"{model}_language_is_known",
        violation_error_message=_("This language is not one of the site's languages."),
    )


def key_check(model: str, field: str = "slug") -> CheckConstraint:
    return CheckConstraint(
        condition=Q(**{f"{field}__regex": _WHOLE_KEY}),
        name=f"{model}_{field}_is_a_key",
        violation_error_message=_(
            "Use lower-case letters a–z, digits and single hyphens, for example “vitamin-d”."
        ),
    )


def choice_check(model: str, field: str, values: list) -> CheckConstraint:
    return CheckConstraint(
        condition=Q(**{f"{field}__in": values}),
        name=f"{model}_{field}_is_known",
        violation_error_message=_("Choose one of the listed values."),
    )


def not_blank_check(model: str, field: str) -> CheckConstraint:
    """Refuse an empty text and one of white space alone."""
    return CheckConstraint(
        condition=Q(**{f"{field}__regex": NOT_BLANK}),
        name=f"{model}_{field}_is_not_blank",
        violation_error_message=_("This must not be empty."),
    )
