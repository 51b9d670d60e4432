"""Plain words, addresses and code as Markdown reads them back (CommonMark 0.31, GFM 0.29)."""

import re
import unicodedata

from articles.markdown.extension import WORD_JOINER

_SPECIAL = re.compile(r"[\\`*_\[\]<~]")
# An ampersand that would begin a character reference.
_REFERENCE = re.compile(r"&(?=#?\w+;)")
# What would make a line a heading, a list, a quotation, or the line below a heading or a table's.
_LINE_START = re.compile(r"^(?:([#+\->=|]|:(?=-))|(\d{1,9})([.)])(?=\s|\Z))")
_SPACES = re.compile(r"[ \t\n\r\f]+")
# A backslash at the end of a line that is no half of an escaped one.
_HARD_BREAK = re.compile(r"(?<!\\)((?:\\\\)*)\\\n")
_BACKTICKS = re.compile("`+")
_NEEDS_BRACKETS = re.compile(r"[\s()<>\\]")


def escape_text(text: str) -> str:
    """Words that mean nothing but themselves. Invisible hints for line ends go."""
    text = text.replace(WORD_JOINER, "")
    return _REFERENCE.sub(r"\\&", _SPECIAL.sub(r"\\\g<0>", text))


def escape_line_start(line: str) -> str:
    """A line of running text that begins no block of another kind."""
    found = _LINE_START.match(line)
    if not found:
        return line
    if found[1]:
        return f"\\{line}"
    return f"{found[2]}\\{found[3]}{line[found.end() :]}"


def plain_line(text: str) -> str:
    """Words from outside the HTML as a line of running text."""
    return escape_line_start(escape_text(one_space(text).strip()))


def one_space(text: str) -> str:
    """White space as HTML shows it. A no-break space is a character like any other."""
    return _SPACES.sub(" ", text)


def without_hard_breaks(text: str) -> str:
    """Markdown whose lines end without the mark of a hard break."""
    return _HARD_BREAK.sub(r"\1\n", text)


def link_target(url: str) -> str:
    """An address inside the brackets of a link; in angle brackets where it holds brackets."""
    if not _NEEDS_BRACKETS.search(url):
        return url
    for character, code in ((" ", "%20"), ("<", "%3C"), (">", "%3E"), ("\\", "%5C")):
        url = url.replace(character, code)
    return f"<{one_space(url).replace(' ', '%20')}>"


def code_span(text: str) -> str:
    """Code inside a line, between more backticks than it holds."""
    text = one_space(text)
    fence = "`" * (_longest_run(text) + 1)
    # One blank at each end is taken off again; without it an outer backtick would join the fence.
    pad = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def code_block(text: str) -> str:
    """Lines of code, between fences longer than any run of backticks in them."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}\n{text.rstrip()}\n{fence}"


def is_space(character: str) -> bool:
    """A character beside which emphasis may begin or end; the edge of a text counts as one."""
    return not character or character.isspace()


def is_punctuation(character: str) -> bool:
    """Punctuation as the rules of emphasis count it: Unicode's general categories P and S."""
    return unicodedata.category(character)[0] in "PS"


def _longest_run(text: str) -> int:
    return max(map(len, _BACKTICKS.findall(text)), default=0)
