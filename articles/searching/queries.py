"""What a reader types into the search field, as terms to look for."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from articles.markdown.extension import HAN
from articles.searching.folding import START, fold

MAX_LENGTH = 100
"""Characters; the field takes no more, and what an address carries beyond is not read."""

MAX_TERMS = 8
SHORT_WORD = 4
"""Words up to this length are found at the beginnings of words only; longer ones inside, too."""

_QUOTED = r"\"([^\"]*)\"|“([^”]*)”|「([^」]*)」|『([^』]*)』|＂([^＂]*)＂"
_TERM = re.compile(rf"{_QUOTED}|([^\s\"“”「」『』＂，。、；：！？·…—《》【】]+)")
_EDGE = ",.;:!?'*"
# One letter or digit says nothing alone; it belongs to the word before it: vitamin D, omega 3.
_LONE = re.compile(r"[A-Za-z0-9Ａ-Ｚａ-ｚ０-９]")
_LONG_WORD = re.compile(rf"{START}[^\W\d_{HAN}]{{{SHORT_WORD + 1},}}")


@dataclass(frozen=True)
class Term:
    """``words`` as typed, and ``folded`` as compared."""

    words: str
    folded: str


@dataclass(frozen=True)
class Query:
    """``text`` is what was typed, made safe to repeat. All terms must be found."""

    text: str
    terms: tuple[Term, ...]

    @property
    def folded(self) -> tuple[str, ...]:
        return tuple(term.folded for term in self.terms)

    def __bool__(self) -> bool:
        return bool(self.terms)


def parse_query(typed: str) -> Query:
    """Terms of what was typed: split at white space and Chinese punctuation, quotes kept whole.

    At most ``MAX_LENGTH`` characters and ``MAX_TERMS`` terms are read. Whatever is typed, this
    raises nothing; without a letter, digit or Han character there are no terms.
    """
    text = " ".join("".join(filter(_is_printed, typed[: 4 * MAX_LENGTH])).split())
    text = text[:MAX_LENGTH].strip()
    terms: dict[str, Term] = {}
    for words in _words(text):
        folded = _pattern(words)
        if any(character.isalnum() for character in folded):
            terms.setdefault(folded, Term(words, folded))
    return Query(text, tuple(terms.values())[:MAX_TERMS])


def query_string(text: str, topic: str = "", page: int = 1) -> str:
    """The query string of a search; the first page and no topic are left out."""
    values = {"q": text, "topic": topic, "page": str(page) if page > 1 else ""}
    return "?" + urlencode({name: value for name, value in values.items() if value})


def _is_printed(character: str) -> bool:
    return character.isprintable() or character.isspace()


def _words(text: str) -> list[str]:
    """The terms as typed, a lone letter or digit with the word before it."""
    found: list[str] = []
    is_phrase = True
    for *quoted, word in _TERM.findall(text):
        if not word:
            found.append(" ".join("".join(quoted).split()))
            is_phrase = True
        elif _LONE.fullmatch(word) and not is_phrase:
            found[-1] += f" {word}"
        else:
            found.append(_bare(word))
            is_phrase = False
    return found


def _bare(word: str) -> str:
    """A word without punctuation at its ends; 25(OH)D keeps its brackets."""
    word = word.strip(_EDGE)
    is_bracketed = word[:1] in "(（" and word[-1:] in ")）"
    return word[1:-1].strip(_EDGE) if is_bracketed and len(word) > 2 else word


def _pattern(words: str) -> str:
    folded = fold(words)
    return folded[1:] if _LONG_WORD.match(folded) else folded
