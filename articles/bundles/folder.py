"""What may be read of a bundle's folder: plain files in their places, of a reasonable size."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from articles.bundles import schema
from articles.bundles.characters import first_untyped, name_of
from articles.bundles.problems import Problem
from healthsite import imaging, languages
from healthsite.constraints import KEY_PATTERN

MAX_TEXT_BYTES = 2 * 1024 * 1024
MAX_FILES = 200_000
_MAX_LISTED = 100
"""Problems about misplaced files that are listed: one wrong folder may hold thousands."""

SECTIONS = ("articles", "pages")
LISTS = ("topics.yaml", "glossary.yaml", "products.yaml")

_SLUG = rf"(?=[^/]{{1,{schema.MAX_KEY}}}(?:/|\Z)){KEY_PATTERN.strip('^$')}"
_TEXTS = "|".join(rf"{code}\.md" for code in languages.CODES)
_FILES = re.compile(
    rf"{'|'.join(map(re.escape, LISTS))}"
    rf"|authors/{_SLUG}/(?:author\.yaml|{_TEXTS}|{schema.PORTRAIT})"
    rf"|(?:{'|'.join(SECTIONS)})/{_SLUG}/(?:article\.yaml|{_TEXTS}|{schema.PICTURE})"
)
_FOLDERS = re.compile(
    rf"(?:authors|{'|'.join(SECTIONS)})(?:/{_SLUG})?|(?:{'|'.join(SECTIONS)})/{_SLUG}/figures"
)


def is_place(relative: str) -> bool:
    """Whether a bundle may hold a file of this name."""
    return bool(_FILES.fullmatch(relative))


class Folder:
    """The files of one bundle. Whatever is wrong with one is added to ``problems``."""

    def __init__(self, root: Path):
        self.root = Path(root)
        self.problems: list[Problem] = []

    def problem(self, relative: str, line: int, message: str) -> None:
        self.problems.append(Problem(relative, line, message))

    def check(self) -> None:
        """Refuse what is no plain file in its place: links, devices, unknown files and folders."""
        if not self.root.is_dir():
            self.problem("", 0, _("There is no folder %(path)s.") % {"path": self.root})
            return
        for count, (entry, relative) in enumerate(self._entries(self.root, ""), 1):
            if entry.is_dir(follow_symlinks=False):
                if not _FOLDERS.fullmatch(relative):
                    self.problem(relative, 0, _misplaced(relative, _FOLDERS))
            elif not entry.is_file(follow_symlinks=False):
                self.problem(
                    relative, 0, _("Only plain files and folders can stand here: no links.")
                )
            elif not is_place(relative):
                self.problem(relative, 0, _misplaced(relative, _FILES))
            if count > MAX_FILES or len(self.problems) >= _MAX_LISTED:
                self.problem("", 0, _("There are more files. Is this the folder of a bundle?"))
                return

    def _entries(self, folder: Path, prefix: str) -> Iterator[tuple[os.DirEntry, str]]:
        """Everything in a fixed order; links are not followed, misplaced folders not entered."""
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            relative = f"{prefix}{entry.name}"
            yield entry, relative
            if entry.is_dir(follow_symlinks=False) and _FOLDERS.fullmatch(relative):
                yield from self._entries(Path(entry.path), f"{relative}/")

    def has(self, relative: str) -> bool:
        return (self.root / relative).is_file()

    def names(self, relative: str) -> list[str]:
        """What stands in a folder, sorted."""
        path = self.root / relative
        return sorted(os.listdir(path)) if path.is_dir() else []

    def data(self, relative: str, limit: int = imaging.MAX_BYTES) -> bytes | None:
        """A file's bytes; None when it is missing, or too large, which is reported."""
        if not self.has(relative):
            return None
        with (self.root / relative).open("rb") as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            self.problem(
                relative,
                0,
                _("This file is larger than %(limit)s MB; make it smaller.")
                % {"limit": limit // 2**20},
            )
            return None
        return data

    def text(self, relative: str) -> str | None:
        """A file's text; None when there is none to read, which is reported."""
        data = self.data(relative, MAX_TEXT_BYTES)
        if data is None:
            if not self.has(relative):
                self.problem(relative, 0, _("This file is missing."))
            return None
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            self.problem(relative, data.count(b"\n", 0, error.start) + 1, _("Save it as UTF-8."))
            return None
        if not text.strip():
            self.problem(relative, 0, _("This file is empty."))
        elif text.startswith("\ufeff"):
            self.problem(relative, 1, _("Save it as UTF-8 without a byte order mark (BOM)."))
        elif "\r" in text:
            line = text.count("\n", 0, text.index("\r")) + 1
            self.problem(relative, line, _("Save it with Unix line ends (LF)."))
        elif character := first_untyped(text):
            line = text.count("\n", 0, text.index(character)) + 1
            self.problem(
                relative, line, _("Remove the character %(name)s.") % {"name": name_of(character)}
            )
        else:
            return text
        return None


def _misplaced(relative: str, places: re.Pattern) -> str:
    if places.fullmatch(relative.lower()):
        return _("Names are in lower-case letters: rename it to %(name)s.") % {
            "name": relative.lower().rpartition("/")[2]
        }
    if places is _FOLDERS:
        return _(
            "This folder has no place in a bundle. Expected authors/<slug>, articles/<slug> and "
            "pages/<slug>, whose slugs have at most 80 lower-case letters, digits and hyphens, and "
            "in these figures."
        )
    return _(
        "This file has no place in a bundle. Expected %(lists)s, authors/<slug>/…, "
        "articles/<slug>/… and pages/<slug>/…."
    ) % {"lists": ", ".join(LISTS)}
