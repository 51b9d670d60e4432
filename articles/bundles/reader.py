"""Folder → plain data. Everything that is wrong is collected, nothing touches the database."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.bundles import schema
from articles.bundles.folder import LISTS, SECTIONS, Folder, is_place
from articles.bundles.problems import BundleRefused, Problem, Report, reporter
from articles.bundles.schema import Record, Records
from articles.bundles.yaml_reading import Mapping, Sequence, YamlError, load, split_head
from articles.markdown.blocks import split_body
from articles.models import Article
from healthsite import languages

KINDS = dict(zip(SECTIONS, (Article.Kind.ARTICLE.value, Article.Kind.PAGE.value), strict=True))


@dataclass
class TextFile:
    """A Markdown file: its fields, what follows them, and the line that it starts on."""

    path: str
    head: Record
    body: str
    first_line: int


@dataclass
class AuthorBundle:
    slug: str
    path: str
    fields: Record
    texts: dict[str, TextFile] = field(default_factory=dict)


@dataclass
class ArticleBundle:
    """One article's files. ``is_right`` says that nothing was found wrong with them."""

    slug: str
    path: str
    fields: Record
    texts: dict[str, TextFile] = field(default_factory=dict)
    is_right: bool = False


@dataclass
class Lists:
    topics: Records = field(default_factory=Records)
    terms: Records = field(default_factory=Records)
    products: Records = field(default_factory=Records)


class BundleReader:
    """Reads one bundle. ``problems`` fills up; call ``refuse_if_wrong`` before using the data."""

    def __init__(self, root: Path):
        self.folder = Folder(root)
        self.problems: list[Problem] = self.folder.problems
        self.warnings: list[Problem] = []

    def refuse_if_wrong(self) -> None:
        if self.problems:
            raise BundleRefused(self.problems)

    def check_places(self) -> None:
        """Everything else may assume that each file of the folder is plain and in its place."""
        self.folder.check()
        self.refuse_if_wrong()

    def lists(self) -> Lists:
        topics, terms, products = LISTS
        return Lists(
            topics=self._list(topics, schema.TOPIC, "slug"),
            terms=self._list(terms, schema.TERM, "key"),
            products=self._list(products, schema.PRODUCT, "key"),
        )

    def authors(self) -> Iterator[AuthorBundle]:
        for slug in self.folder.names("authors"):
            path = f"authors/{slug}"
            report = reporter(self.problems, f"{path}/author.yaml")
            fields = self._fields(f"{path}/author.yaml", schema.AUTHOR)
            author = AuthorBundle(slug, path, fields)
            for code, file in self._text_files(path, report):
                author.texts[code] = self._markdown(file, schema.AUTHOR_TEXT)
            self._refuse_repeats(report, fields["registrations"], "number")
            for item in fields["registrations"]:
                checked, ends = item["checked_on"], item["valid_until"]
                if checked and ends and ends < checked:
                    report(
                        item.line_of("checked_on"),
                        _("An entry cannot have been confirmed after the day it ended."),
                    )
            self._check_portrait(author, report)
            yield author

    def articles(self) -> Iterator[ArticleBundle]:
        """Articles and site pages, one at a time, so that a large bundle needs little memory."""
        slugs = [(section, slug) for section in SECTIONS for slug in self.folder.names(section)]
        known = {slug for _section, slug in slugs}
        seen: set[str] = set()
        for section, slug in slugs:
            before = len(self.problems)
            article = self._article(section, slug, known)
            if slug in seen:
                self.folder.problem(
                    article.path,
                    0,
                    _("The address “%(slug)s” is used twice: rename one of the folders.")
                    % {"slug": slug},
                )
            seen.add(slug)
            article.is_right = len(self.problems) == before
            yield article

    def picture(self, article: ArticleBundle, name: str) -> bytes | None:
        """The bytes of a picture; None, and a problem, when it is too large."""
        return self.folder.data(f"{article.path}/{name}")

    def portrait(self, author: AuthorBundle) -> bytes | None:
        return self.folder.data(f"{author.path}/{author.fields['portrait']}")

    # Articles

    def _article(self, section: str, slug: str, known: set[str]) -> ArticleBundle:
        path = f"{section}/{slug}"
        report = reporter(self.problems, f"{path}/article.yaml")
        fields = self._fields(f"{path}/article.yaml", schema.ARTICLE)
        article = ArticleBundle(slug, path, fields)
        for code, file in self._text_files(path, report):
            article.texts[code] = self._markdown(file, schema.TRANSLATION)
        # Of fields that could not be read, nothing can be missed.
        if fields.is_known:
            self._check_article(article, KINDS[section], known, report)
            self._check_pictures(article, report)
        for text in article.texts.values():
            self._check_text(article, text)
        fields["kind"] = KINDS[section]
        return article

    def _check_article(
        self, article: ArticleBundle, kind: str, known: set[str], report: Report
    ) -> None:
        fields = article.fields
        if "kind" in fields.lines and fields["kind"] != kind:
            report(
                fields.line_of("kind"),
                _("Here the kind is “%(kind)s”; move the folder or change the field.")
                % {"kind": kind},
            )
        for name in ("images", "references", "claims"):
            self._refuse_repeats(report, fields[name], "key")
        references = {reference["key"] for reference in fields["references"]}
        for claim in fields["claims"]:
            for key, line in claim["references"].with_lines():
                if key not in references:
                    report(
                        line,
                        _("Claim %(claim)s rests on “%(key)s”, which is not a reference here.")
                        % {"claim": claim["key"], "key": key},
                    )
        for reference in fields["references"]:
            if reference.is_known:
                _check_reference(reference, report)
        self._refuse_repeats(report, fields["contributions"], "author", "role")
        for name in ("topics", "nutrients", "old_slugs"):
            values = fields[name]
            for place, (value, line) in enumerate(values.with_lines()):
                if value in values[:place]:
                    report(line, _("“%(key)s” stands twice.") % {"key": value})
        for slug, line in fields["old_slugs"].with_lines():
            if slug == article.slug:
                report(
                    line, _("“%(slug)s” is the present address, not an old one.") % {"slug": slug}
                )
            elif slug in known:
                report(line, _("“%(slug)s” is the address of another folder.") % {"slug": slug})

    def _check_text(self, article: ArticleBundle, text: TextFile) -> None:
        report, head = reporter(self.problems, text.path), text.head
        if article.fields.is_known:
            _check_names(article.fields, head, report)
        self._refuse_repeats(report, head["figures"], "key")
        self._refuse_repeats(report, head["callouts"], "key")
        self._refuse_repeats(report, head["statements"], "claim")
        if publish := head["publish"]:
            _check_times(publish, report)
        # A draft may be unfinished.
        report = report if head["publish"] else reporter(self.warnings, text.path)
        for problem in split_body(text.body).problems:
            report(text.first_line + problem.line - 1, problem.message)

    def _check_pictures(self, article: ArticleBundle, report: Report) -> None:
        listed = set()
        for image in article.fields["images"]:
            listed.add(image["file"])
            file = f"{article.path}/{image['file']}"
            if is_place(file) and not self.folder.has(file):
                report(
                    image.line_of("file"),
                    _("The file %(name)s does not exist.") % {"name": image["file"]},
                )
        for name in self.folder.names(f"{article.path}/figures"):
            if f"figures/{name}" not in listed:
                self.folder.problem(
                    f"{article.path}/figures/{name}",
                    0,
                    _("This picture is not listed under “images” in article.yaml."),
                )

    # Authors

    def _check_portrait(self, author: AuthorBundle, report: Report) -> None:
        wanted = author.fields["portrait"]
        file = f"{author.path}/{wanted}"
        if wanted and is_place(file) and not self.folder.has(file):
            report(
                author.fields.line_of("portrait"),
                _("The file %(name)s does not exist.") % {"name": wanted},
            )
        for name in self.folder.names(author.path):
            if name.startswith("portrait.") and name != wanted:
                self.folder.problem(
                    f"{author.path}/{name}",
                    0,
                    _("This picture is not named under “portrait” in author.yaml."),
                )

    # Files

    def _list(self, name: str, fields: dict[str, schema.Field], identity: str) -> Records:
        if not self.folder.has(name):
            return Records()
        report = reporter(self.problems, name)
        data = self._yaml(name)
        if data is None:
            return Records()
        if not isinstance(data, Sequence):
            report(1, _("Expected a list: each entry starts with “- ”."))
            return Records()
        records = schema.list_of(schema.record(fields))(data, 1, report)
        self._refuse_repeats(report, records, identity)
        return records

    def _fields(self, relative: str, fields: dict[str, schema.Field]) -> Record:
        data = self._yaml(relative)
        if isinstance(data, Mapping):
            return schema.read_fields(data, fields, reporter(self.problems, relative))
        if data is not None:
            self.folder.problem(relative, 1, _("Expected fields such as “kind: article”."))
        return schema.unknown_fields(fields)

    def _yaml(self, relative: str) -> Mapping | Sequence | str | None:
        """What a file holds; None when that has been reported."""
        text = self.folder.text(relative)
        if text is None:
            return None
        try:
            data = load(text)
        except YamlError as error:
            self.folder.problem(relative, error.line, str(error))
            return None
        if data is None:
            self.folder.problem(relative, 0, _("This file is empty."))
        return data

    def _text_files(self, path: str, report: Report) -> list[tuple[str, str]]:
        """The language files of a folder by their language: one at least."""
        names = {code: f"{path}/{code}.md" for code in languages.CODES}
        found = [(code, name) for code, name in names.items() if self.folder.has(name)]
        if not found:
            files = _(" or ").join(f"{code}.md" for code in names)
            report(0, _("Add %(files)s beside this file.") % {"files": files})
        return found

    def _markdown(self, relative: str, fields: dict[str, schema.Field]) -> TextFile:
        report = reporter(self.problems, relative)
        text = self.folder.text(relative)
        head, body, first_line = None, "", 1
        try:
            if text is not None:
                source, body, first_line = split_head(text)
                head = load(source, first_line=2)
                if not isinstance(head, Mapping):
                    report(2, _("Expected fields such as “title: …”."))
        except YamlError as error:
            report(error.line, str(error))
        if isinstance(head, Mapping):
            return TextFile(relative, schema.read_fields(head, fields, report), body, first_line)
        return TextFile(relative, schema.unknown_fields(fields), body, first_line)

    def _refuse_repeats(self, report: Report, records: Records, *identity: str) -> None:
        seen = set()
        for record in records:
            found = tuple(record[name] for name in identity)
            if None not in found and found in seen:
                report(
                    record.line_of(identity[0]),
                    _("“%(key)s” stands twice.") % {"key": ", ".join(map(str, found))},
                )
            seen.add(found)


def _check_reference(reference: Record, report: Report) -> None:
    """The rules that the database has too (articles/models/evidence.py)."""
    has_place = reference["container"] and any(
        reference[name] for name in ("locator", "title", "label")
    )
    if not has_place and not any(reference[name] for name in ("doi", "pmid", "isbn", "url")):
        report(
            reference.line,
            _("Give a DOI, PubMed number, ISBN or address, or the journal with its pages."),
        )
    if not any(reference[name].strip() for name in ("title", "label", "authors", "container")):
        report(reference.line, _("Give a title, or a description in its place."))


def _check_names(fields: Record, head: Record, report: Report) -> None:
    """The images and claims that a text names are those of its article."""
    images = {image["key"] for image in fields["images"]}
    claims = {claim["key"] for claim in fields["claims"]}
    for figure in head["figures"]:
        for name in ("image", "narrow_image"):
            if figure[name] and figure[name] not in images:
                report(
                    figure.line_of(name),
                    _("The image “%(key)s” is not listed in article.yaml.") % {"key": figure[name]},
                )
    for statement in head["statements"]:
        if statement["claim"] and statement["claim"] not in claims:
            report(
                statement.line_of("claim"),
                _("The claim “%(key)s” is not listed in article.yaml.")
                % {"key": statement["claim"]},
            )


def _check_times(publish: Record, report: Report) -> None:
    at, updated = publish["at"], publish["updated_at"]
    first = publish["first_at"] or at
    if at and first > at:
        report(publish.line_of("first_at"), _("The first publication was not after this one."))
    if at and updated and not first <= updated <= max(at, timezone.now()):
        report(
            publish.line_of("updated_at"),
            _("The last change lies between the first publication and this one."),
        )
