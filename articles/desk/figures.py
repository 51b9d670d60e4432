"""Can everybody make sense of the pictures."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.desk.findings import STOP, WARN, Finding
from articles.desk.rules import Rule
from articles.desk.texts import all_blocks, name_of
from articles.desk.words import key_of, words_of
from articles.document import Document, FigureData

_FILE_NAME = re.compile(
    r"\S+\.(?:avif|bmp|gif|heic|jpe?g|png|svg|tiff?|webp)\Z|"
    r"(?:img|dscn?|image|screen ?shot|photo|untitled|微信图片|截图|图片)[-_ ]?[\d_-]+\Z",
    re.IGNORECASE,
)
_EMPTY_ALTS = frozenset(
    (*("image", "picture", "photo", "figure", "diagram", "illustration", "graphic", "chart"),)
    + (*("图", "图片", "照片", "插图", "配图", "示意图", "图表", "截图"),)
)
SAME_WORDS = 0.9
"""Share of common characters from which an alternative text repeats the caption: it then differs in
a word or a sign, while an own description shares the subject at most."""

MAX_WORK = 250_000
"""Characters of an alternative text times those of its caption up to which likeness is measured: it
costs more than their product, and nobody describes a picture in more words."""


def figures_have_alt(document: Document) -> Iterator[Finding]:
    """WCAG 1.1.1: a picture that says something has a text that says the same."""
    for figure in document.figures:
        if not figure.alt.strip():
            message = _(
                "The figure “%(key)s” has no text for readers who cannot see it: describe it."
            )
            yield _finding(document, figure, "figure-alt", STOP, message)


def figures_have_caption(document: Document) -> Iterator[Finding]:
    """A caption says what a picture is there for."""
    for figure in document.figures:
        if not figure.caption.strip():
            message = _("The figure “%(key)s” has no caption in this language: write one.")
            yield _finding(document, figure, "figure-caption", STOP, message)


def alts_describe_the_picture(document: Document) -> Iterator[Finding]:
    """An alternative text that is a file name, an empty word, or the caption again."""
    for figure in document.figures:
        alt = figure.alt.strip()
        if not alt:
            continue
        if _is_a_name(alt, figure):
            message = _("The alternative text of “%(key)s” is a name, not a description.")
            yield _finding(document, figure, "figure-alt-words", WARN, message)
        elif _repeats(alt, words_of(figure.caption, document)):
            message = _(
                "The alternative text of “%(key)s” repeats the caption, so that it is read out "
                "twice: describe what the picture shows."
            )
            yield _finding(document, figure, "figure-alt-words", WARN, message)


def _is_a_name(alt: str, figure: FigureData) -> bool:
    names = {key_of(figure.key), key_of(figure.image.key), *_EMPTY_ALTS}
    return bool(_FILE_NAME.match(alt)) or key_of(alt) in names


def _repeats(alt: str, caption: str) -> bool:
    ours, theirs = key_of(alt), key_of(caption)
    if not ours or not theirs:
        return False
    if len(ours) * len(theirs) > MAX_WORK:
        return ours == theirs
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    return matcher.quick_ratio() >= SAME_WORDS and matcher.ratio() >= SAME_WORDS


def _finding(
    document: Document, figure: FigureData, rule: str, severity: int, message: str
) -> Finding:
    """A finding about a figure, at the line that places it."""
    block = next(
        (
            block
            for block in all_blocks(document)
            if block.kind == "figure" and block.argument == figure.key
        ),
        None,
    )
    part = "caption" if rule == "figure-caption" else "alt"
    unit = f"@figure:{figure.key}:{part}"
    return Finding(
        rule,
        severity,
        message % {"key": figure.key},
        name_of(unit),
        block.id if block else "",
        block.line if block else 0,
        unit,
    )


RULES = (
    Rule(
        "figure-alt",
        figures_have_alt,
        gettext_lazy("Figures have an alternative text"),
        gettext_lazy(
            "Without it a reader who cannot see the picture is told nothing (WCAG 1.1.1)."
        ),
        gettext_lazy("Describe in a sentence or two what the picture says, in this language."),
        STOP,
    ),
    Rule(
        "figure-caption",
        figures_have_caption,
        gettext_lazy("Figures have a caption"),
        gettext_lazy("The caption tells everybody what the picture is there for."),
        gettext_lazy("Write one in this language; cite the source in it."),
        STOP,
    ),
    Rule(
        "figure-alt-words",
        alts_describe_the_picture,
        gettext_lazy("Alternative texts describe the picture"),
        gettext_lazy("A file name, or the caption a second time, tells a listener nothing new."),
        gettext_lazy(
            "Say what is to be seen, as on the telephone: parts, arrows, what stands out."
        ),
        WARN,
    ),
)
