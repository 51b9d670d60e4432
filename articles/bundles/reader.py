"""Folder → plain data. Everything that is wrong is collected, nothing touches the database."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from articles.bundles import schema
from articles.bundles.problems import BundleRefused, Problem
from articles.bundles.yaml_io import Mapping, Sequence, YamlError, load, split_head
from articles.markdown.blocks import split_body
from healthsite import imaging, languages
from healthsite.constraints import KEY_PATTERN

MAX_TEXT_BYTES = 2 * 1024 * 1024
MAX_FILES = 200_000


@dataclass
class ArticleBundle:
    slug: str
    path: str
    fields: dict[str, Any]
    texts: dict[str, dict[str, Any]] = field(default_factory=dict)
    bodies: dict[str, str] = field(default_factory=dict)
    first_lines: dict[str, int] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass
class AuthorBundle:
    slug: str
    path: str
    fields: dict[str, Any]
    texts: dict[str, dict[str, Any]] = field(default_factory=dict)
    bios: dict[str, str] = field(default_factory=dict)
    portrait: bytes | None = None


@dataclass
class Lists:
    topics: list[dict] = field(default_factory=list)
    terms: list[dict] = field(default_factory=list)
    products: list[dict] = field(default_factory=list)
    has: set[str] = field(default_factory=set)


class BundleReader:
    """Reads one bundle. ``problems`` fills up; call ``refuse_if_wrong`` before using the data."""

    def __init__(self, folder: Path):
        self.root = Path(folder)
        self.problems: list[Problem] = []

    def refuse_if_wrong(self) -> None:
        if self.problems:
            raise BundleRefused(self.problems)

    def check_places(self) -> None:
        """Refuse what is no plain file in its place: links, devices, unknown files."""
        if not self.root.is_dir():
            self._problem("", 0, _("There is no folder %(path)s.") % {"path": self.root})
            self.refuse_if_wrong()
        count = 0
        for folder, folders, files in os.walk(self.root, followlinks=False):
            folders.sort()
            for name in sorted([*folders, *files]):
                path = Path(folder) / name
                relative = path.relative_to(self.root).as_posix()
                count += 1
                if path.is_symlink() or not (path.is_file() or path.is_dir()):
                    self._problem(
                        relative, 0, _("Links are not allowed in a bundle: copy the file itself.")
                    )
                elif path.is_file() and not _PLACES.fullmatch(relative):
                    self._problem(relative, 0, self._misplaced(relative))
            if count > MAX_FILES:
                self._problem("", 0, _("The bundle has too many files."))
                break
        self.refuse_if_wrong()

    def _misplaced(self, relative: str) -> str:
        return _(
            "This file has no place in a bundle. Expected topics.yaml, glossary.yaml, "
            "products.yaml, authors/<slug>/…, articles/<slug>/… or pages/<slug>/…."
        )

    def lists(self) -> Lists:
        result = Lists()
        for name, fields, identity, target in (
            ("topics.yaml", schema.TOPIC, "slug", result.topics),
            ("glossary.yaml", schema.TERM, "key", result.terms),
            ("products.yaml", schema.PRODUCT, "key", result.products),
        ):
            if not (self.root / name).exists():
                continue
            result.has.add(name)
            report = schema.reporter(self.problems, name)
            data = self._yaml(name)
            if isinstance(data, Mapping) and not data.values:
                continue
            if not isinstance(data, Sequence):
                report(1, _("Expected a list: each entry starts with “- ”."))
                continue
            target += schema.list_of(schema.record(fields))(data, 1, report)
            self._refuse_repeats(name, target, identity)
        return result

    def authors(self) -> Iterator[AuthorBundle]:
        for slug, path in self._folders("authors"):
            report = schema.reporter(self.problems, f"{path}/author.yaml")
            data = self._mapping(f"{path}/author.yaml")
            fields = schema.read_fields(data, schema.AUTHOR, report)
            author = AuthorBundle(slug, path, fields)
            for code in languages.CODES:
                if (self.root / path / f"{code}.md").exists():
                    head, author.bios[code], _line = self._markdown(f"{path}/{code}.md")
                    author.texts[code] = schema.read_fields(
                        head, schema.AUTHOR_TEXT, schema.reporter(self.problems, f"{path}/{code}.md")
                    )
            if not author.texts:
                report(1, _("Add %(files)s beside this file.") % {"files": _language_files()})
            if fields["portrait"]:
                author.portrait = self._bytes(f"{path}/{fields['portrait']}")
            yield author

    def articles(self) -> Iterator[ArticleBundle]:
        """Articles and site pages, one at a time, so that a large bundle needs little memory."""
        for section, kind in (("articles", "article"), ("pages", "page")):
            for slug, path in self._folders(section):
                yield self._article(slug, path, kind)

    def _article(self, slug: str, path: str, kind: str) -> ArticleBundle:
        name = f"{path}/article.yaml"
        report = schema.reporter(self.problems, name)
        data = self._mapping(name)
        fields = schema.read_fields(data, schema.ARTICLE, report)
        if "kind" in data.values and fields["kind"] != kind:
            report(
                data.lines["kind"],
                _("Here the kind is “%(kind)s”; move the folder or change the field.")
                % {"kind": kind},
            )
        fields["kind"] = kind
        article = ArticleBundle(slug, path, fields)
        for code in languages.CODES:
            file = f"{path}/{code}.md"
            if not (self.root / file).exists():
                continue
            head, body, first_line = self._markdown(file)
            text_report = schema.reporter(self.problems, file)
            article.texts[code] = schema.read_fields(head, schema.TRANSLATION, text_report)
            article.bodies[code] = body
            article.first_lines[code] = first_line
            for problem in split_body(body).problems:
                text_report(first_line + problem.line - 1, problem.message)
            self._check_text(article, code, text_report)
        if not article.texts:
            report(1, _("Add %(files)s beside this file.") % {"files": _language_files()})
        self._check_article(article, report)
        self._read_images(article, report)
        return article

    def _check_article(self, article: ArticleBundle, report) -> None:
        fields = article.fields
        name = f"{article.path}/article.yaml"
        for list_name in ("images", "references", "claims"):
            self._refuse_repeats(name, fields[list_name], "key")
        references = {reference["key"] for reference in fields["references"]}
        for claim in fields["claims"]:
            for key in claim["references"]:
                if key not in references:
                    report(
                        claim["_line"],
                        _("Claim %(claim)s rests on “%(key)s”, which is not a reference here.")
                        % {"claim": claim["key"], "key": key},
                    )
        pairs = [(item["author"], item["role"]) for item in fields["contributions"]]
        for item in fields["contributions"]:
            if pairs.count((item["author"], item["role"])) > 1:
                report(item["_line"], _("The same author has the same role twice."))
                break
        if article.slug in fields["old_slugs"]:
            report(1, _("“%(slug)s” is the present address, not an old one.")
                   % {"slug": article.slug})

    def _check_text(self, article: ArticleBundle, code: str, report) -> None:
        head = article.texts[code]
        images = {image["key"] for image in article.fields["images"]}
        claims = {claim["key"] for claim in article.fields["claims"]}
        for figure in head["figures"]:
            for name in ("image", "narrow_image"):
                if figure[name] and figure[name] not in images:
                    report(
                        figure["_line"],
                        _("The image “%(key)s” is not listed in article.yaml.")
                        % {"key": figure[name]},
                    )
        for statement in head["statements"]:
            if statement["claim"] not in claims:
                report(
                    statement["_line"],
                    _("The claim “%(key)s” is not listed in article.yaml.")
                    % {"key": statement["claim"]},
                )
        file = f"{article.path}/{code}.md"
        self._refuse_repeats(file, head["figures"], "key")
        self._refuse_repeats(file, head["callouts"], "key")
        self._refuse_repeats(file, head["statements"], "claim")

    def _read_images(self, article: ArticleBundle, report) -> None:
        listed = set()
        for image in article.fields["images"]:
            name = image["file"] or ""
            listed.add(name)
            if not re.fullmatch(schema.FILE_NAME, name):
                continue
            data = self._bytes(f"{article.path}/{name}")
            if data is None:
                report(image["_line"], _("The file %(name)s does not exist.") % {"name": name})
                continue
            article.files[name] = data
        folder = self.root / article.path / "figures"
        if folder.is_dir():
            for path in sorted(folder.iterdir()):
                if f"figures/{path.name}" not in listed:
                    self._problem(
                        f"{article.path}/figures/{path.name}",
                        0,
                        _("This picture is not listed under “images” in article.yaml."),
                    )

    # Files

    def _folders(self, section: str) -> Iterator[tuple[str, str]]:
        root = self.root / section
        if not root.is_dir():
            return
        for path in sorted(root.iterdir()):
            if path.is_dir():
                yield path.name, f"{section}/{path.name}"

    def _bytes(self, relative: str) -> bytes | None:
        path = self.root / relative
        if not path.is_file() or path.is_symlink():
            return None
        if path.stat().st_size > imaging.MAX_BYTES:
            self._problem(
                relative,
                0,
                _("This file is larger than %(limit)s MB; make it smaller.")
                % {"limit": imaging.MAX_BYTES // 2**20},
            )
            return None
        return path.read_bytes()

    def _text(self, relative: str) -> str:
        path = self.root / relative
        if not path.is_file():
            self._problem(relative, 0, _("This file is missing."))
            return ""
        if path.stat().st_size > MAX_TEXT_BYTES:
            self._problem(relative, 0, _("This file is larger than 2 MB; split the article."))
            return ""
        try:
            text = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            line = path.read_bytes()[: error.start].count(b"\n") + 1
            self._problem(relative, line, _("Save the file as UTF-8."))
            return ""
        if "\r" in text:
            line = text[: text.index("\r")].count("\n") + 1
            self._problem(relative, line, _("Save the file with Unix line ends."))
            return ""
        return text

    def _yaml(self, relative: str) -> Any:
        try:
            return load(self._text(relative))
        except YamlError as error:
            self._problem(relative, error.line, str(error))
            return Mapping(1)

    def _mapping(self, relative: str) -> Mapping:
        data = self._yaml(relative)
        if not isinstance(data, Mapping):
            self._problem(relative, 1, _("Expected fields such as “kind: article”."))
            return Mapping(1)
        return data

    def _markdown(self, relative: str) -> tuple[Mapping, str, int]:
        text = self._text(relative)
        if not text:
            return Mapping(1), "", 1
        try:
            head, body, first_line = split_head(text)
            data = load(head, first_line=2)
        except YamlError as error:
            self._problem(relative, error.line, str(error))
            return Mapping(1), "", 1
        if not isinstance(data, Mapping):
            self._problem(relative, 2, _("Expected fields such as “title: …”."))
            return Mapping(1), body, first_line
        return data, body, first_line

    def _refuse_repeats(self, path: str, records: list[dict], name: str) -> None:
        seen = set()
        for item in records:
            if item[name] in seen:
                self._problem(
                    path, item["_line"], _("“%(key)s” stands twice.") % {"key": item[name]}
                )
            seen.add(item[name])

    def _problem(self, path: str, line: int, message: str) -> None:
        self.problems.append(Problem(path, line, message))


def _language_files() -> str:
    return _(" or ").join(f"{code}.md" for code in languages.CODES)


_SLUG = KEY_PATTERN.strip("^$")
_CODES = "|".join(languages.CODES)
_PLACES = re.compile(
    rf"(?:topics|glossary|products)\.yaml"
    rf"|authors/{_SLUG}/(?:author\.yaml|(?:{_CODES})\.md|portrait\.(?:jpg|jpeg|png|webp))"
    rf"|(?:articles|pages)/{_SLUG}/(?:article\.yaml|(?:{_CODES})\.md|{schema.FILE_NAME})"
)
