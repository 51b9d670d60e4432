"""What an editor can put into a body: the block syntax, and everything with a key."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from articles.document import Document
from articles.models import ArticleTranslation, GlossaryTermTranslation


@dataclass(frozen=True)
class Insertion:
    """``code`` is what is typed, ``label`` what it stands for."""

    code: str
    label: str


@dataclass(frozen=True)
class Picker:
    """One button of the toolbar with what can be picked. ``empty`` says how to get some."""

    name: str
    label: str
    items: tuple[Insertion, ...]
    empty: str = ""


def pickers(translation: ArticleTranslation, document: Document) -> list[Picker]:
    """The toolbar of one text, from what its article has at this moment."""
    terms = GlossaryTermTranslation.objects.in_language(translation.language)
    references = translation.article.references.all()
    return [
        Picker("text", _("Text"), _text_marks()),
        Picker(
            "figure",
            _("Figure"),
            tuple(
                Insertion(f"[[figure:{figure.key}]]", figure.caption[:60] or figure.key)
                for figure in document.figures
            ),
            _("Add a figure below the text first; then it can be placed."),
        ),
        Picker(
            "citation",
            _("Citation"),
            tuple(
                Insertion(
                    f"[@{row.key}]",
                    f"{row.authors[:30]} {row.year or ''} {row.title or row.label}"[:90].strip(),
                )
                for row in references
            ),
            _("Add references on the article's own screen; then they can be cited."),
        ),
        Picker(
            "term",
            _("Term"),
            tuple(Insertion(f"[[term:{row.term.key}|{row.name}]]", row.name) for row in terms),
            _("The glossary is empty in this language."),
        ),
        Picker(
            "claim",
            _("Claim"),
            tuple(
                Insertion(f"{{claim:{item.claim}}}", item.text[:80]) for item in document.statements
            ),
            _("State a claim below the text first."),
        ),
        Picker("block", _("Block"), _block_tags(document)),
    ]


def _text_marks() -> tuple[Insertion, ...]:
    return (
        Insertion("## ", _("Heading")),
        Insertion("### ", _("Smaller heading")),
        Insertion("****", _("Bold")),
        Insertion("**", _("Emphasis")),
        Insertion("[](https://)", _("Link")),
        Insertion("- ", _("List")),
        Insertion("1. ", _("Numbered list")),
        Insertion("| | |\n|---|---|\n| | |", _("Table")),
        Insertion("[^1]", _("Footnote")),
    )


def _block_tags(document: Document) -> tuple[Insertion, ...]:
    safety = ",".join(document.nutrients) or "magnesium"
    return (
        Insertion("[[callouts]]", _("Symptom cards")),
        Insertion("[[key-points]]", _("Key points with their grades")),
        Insertion(f"[[tip|{_('Title')}]]\n\n\n\n[[/tip]]", _("Tip")),
        Insertion(f"[[quote|{_('Title')}]]\n\n\n\n[[/quote]]", _("A reader's question")),
        Insertion(f"[[safety:{safety}|{_('Title')}]]\n\n\n\n[[/safety]]", _("Safety box")),
        Insertion(f"[[urgent|{_('Title')}]]\n\n\n\n[[/urgent]]", _("When to see a doctor")),
        Insertion("[[product]]", _("Product mention")),
        Insertion("[[glossary]]", _("Glossary of this text")),
        Insertion("[[references]]", _("List of references")),
        Insertion("---", _("Rule")),
    )
