"""Examples of the public log and of a difference for the living style guide."""

import datetime
from types import SimpleNamespace
from typing import Any

from django.utils.timezone import make_aware

from articles.document import Block, Document, StatementData
from articles.history import KIND_LABELS, Entry, difference_of
from articles.models import Publication
from articles.reviews import Review, sentence_of
from articles.staleness import StaleState
from healthsite import languages

HERE = "#guide-history"

FIRST, SECOND = (make_aware(datetime.datetime(2026, month, 15, 9, 30)) for month in (1, 3))

WORDS = {
    "zh-hans": {
        "title": "标题没有变",
        "kept": "这一段没有变，所以折叠起来。",
        "before": "这一段改了3个字。",
        "after": "这一段改动了4个字。",
        "gone": "这一段被删去了。",
        "new": "这一段是新的。",
        "moved": "这一段移到了别处。",
        "note": "给读者看的说明：改了哪里，为什么改。",
        "person": "示例作者",
    },
    "en": {
        "title": "The title is the same",
        "kept": "This passage is the same, so it is folded.",
        "before": "This passage has 3 words changed.",
        "after": "This passage has 4 words altered.",
        "gone": "This passage was removed.",
        "new": "This passage is new.",
        "moved": "This passage stands elsewhere now.",
        "note": "A note for readers: what was changed, and why.",
        "person": "Example Author",
    },
}


def _document(language: str, names: tuple[str, ...], grade: str) -> Document:
    words = WORDS[language]
    ids = {"before": "edited", "after": "edited"}
    return Document(
        language=language,
        slug="example",
        kind="article",
        title=words["title"],
        standfirst="",
        blocks=tuple(Block("paragraph", words[name], ids.get(name, name)) for name in names),
        statements=(StatementData("A1", grade, ()),),
    )


def history_parts(language: str) -> dict[str, Any]:
    """What the components of the public log print."""
    words = WORDS[language]
    old = _document(language, ("kept", "before", "gone", "moved"), "limited")
    new = _document(language, ("moved", "kept", "after", "new"), "moderate")
    versions = [_version(2, SECOND, "evidence", words["note"]), _version(1, FIRST, "first", "")]
    review = sentence_of(Review("a", SECOND, is_exact=True), words["person"])
    latest = Entry(versions[0], HERE, HERE, True, ("updated",), review)
    oldest = Entry(versions[1], HERE, "", False, (), "")
    source = languages.other_languages(language)[0]
    return {
        "entries": [latest, oldest],
        "log_url": HERE,
        "history_url": HERE,
        "history_count": len(versions),
        "changes_url": HERE,
        "article_url": HERE,
        "current": versions[0],
        "old_version": versions[1],
        "difference": difference_of(old, new),
        "kind_labels": KIND_LABELS,
        "lag": StaleState(("kept", "edited")),
        "source_url": HERE,
        "source_language": source,
    }


def _version(number: int, at: datetime.datetime, change: str, note: str) -> SimpleNamespace:
    label = Publication.Change(change).label
    return SimpleNamespace(number=number, live_from=at, public_note=note, get_change_display=label)
