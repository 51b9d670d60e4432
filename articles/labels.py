"""Labels that models, rendering and templates share. No Django model is imported here."""

from django.utils.translation import gettext_lazy as _

STUDY_TYPES = {
    "review": _("Review"),
    "systematic_review": _("Systematic review"),
    "randomised_trial": _("Randomised controlled trial"),
    "controlled_trial": _("Controlled trial"),
    "observational": _("Observational study"),
    "small_study": _("Small study"),
    "laboratory": _("Laboratory study"),
    "fact_sheet": _("Fact sheet"),
    "textbook": _("Textbook"),
    "guideline": _("Guideline"),
    "position_statement": _("Position statement"),
    "editorial": _("Editorial"),
    "questionnaire_study": _("Questionnaire study"),
    "survey": _("Survey"),
    "regulation": _("Regulation or official opinion"),
    "data_table": _("Table of food data"),
    "register": _("Professional register"),
    "other": _("Other source"),
}

GRADES = {
    "strong": _("Strong evidence"),
    "moderate": _("Moderate evidence"),
    "limited": _("Limited evidence"),
    "mechanistic": _("Mechanistic only"),
    "unverified": _("Not verified"),
}

GRADE_MEANINGS = {
    "strong": _("Several good studies or settled physiology, and they agree"),
    "moderate": _("Studies support it, but they are few or do not fully agree"),
    "limited": _("Small, early or conflicting studies"),
    "mechanistic": _("A plausible mechanism; not shown in people"),
    "unverified": _("The editors could not check it"),
}

ROLES = {
    "author": _("Author"),
    "reviewer": _("Reviewer"),
    "translator": _("Translator"),
    "editor": _("Editor"),
}

NUTRIENTS = {
    "magnesium": _("Magnesium"),
    "vitamin-d": _("Vitamin D"),
    "vitamin-k": _("Vitamin K"),
    "calcium": _("Calcium"),
    "iron": _("Iron"),
    "zinc": _("Zinc"),
    "iodine": _("Iodine"),
    "selenium": _("Selenium"),
    "vitamin-a": _("Vitamin A"),
    "vitamin-b12": _("Vitamin B12"),
    "folate": _("Folate"),
    "omega-3": _("Omega-3 fatty acids"),
}
"""Safety tags in words (articles.document.NUTRIENTS)."""
