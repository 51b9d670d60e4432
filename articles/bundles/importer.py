"""Plain data → rows, in one transaction: the bundle goes in whole or not at all."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser
from django.db import DataError, IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import images, services
from articles.building import build_document, pack_stamps
from articles.bundles.comparing import says_the_same
from articles.bundles.problems import Problem, Report, reporter
from articles.bundles.reader import ArticleBundle, AuthorBundle, BundleReader, TextFile
from articles.bundles.schema import Record, Records
from articles.bundles.sync import put, set_values, sync_rows
from articles.document import Document
from articles.markdown.blocks import clean_source
from articles.models import (
    Article,
    ArticleSlug,
    ArticleTranslation,
    Callout,
    Claim,
    Contribution,
    Figure,
    GlossaryTerm,
    GlossaryTermTranslation,
    Image,
    Product,
    ProductMention,
    ProductTranslation,
    Publication,
    Reference,
    Statement,
    Topic,
    TopicTranslation,
)
from articles.models.content import LINKED_PAGES
from authors.models import Author, AuthorTranslation, Registration, RegistrationTranslation
from healthsite import languages
from healthsite.imaging import ImageRefused

COLUMNS = (
    "title",
    "standfirst",
    "seal",
    "original_label",
    "edition_note",
    "seo_title",
    "seo_description",
)
"""Columns of a translation that are fields of its file as they are."""


@dataclass
class ImportReport:
    """What an import did."""

    articles: int = 0
    authors: int = 0
    published: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def import_bundle(folder: Path, *, user: AbstractBaseUser | None = None) -> ImportReport:
    """Import a bundle. Raises BundleRefused with every problem; then nothing has changed.

    Importing the same bundle again changes nothing. Content the bundle does not name stays.
    """
    reader = BundleReader(folder)
    reader.check_places()
    importer = _Importer(reader, user)
    with transaction.atomic():
        importer.run()
        reader.refuse_if_wrong()
    return importer.report


class _Importer:
    def __init__(self, reader: BundleReader, user: AbstractBaseUser | None):
        self.reader = reader
        self.user = user
        self.report = ImportReport(warnings=reader.warnings)

    def run(self) -> None:
        lists = self.reader.lists()
        authors = list(self.reader.authors())
        # What articles name is in the lists. With a list that is wrong they are only read, so
        # that their own problems are reported too.
        is_right = not self.reader.problems
        if is_right:
            self._stored("", self._lists, lists.topics, lists.terms, lists.products)
            for author in authors:
                self._stored(f"{author.path}/author.yaml", self._author, author)
            self._load_known()
        for article in self.reader.articles():
            if is_right and article.is_right:
                self._stored(f"{article.path}/article.yaml", self._article, article)

    def _stored(self, path: str, store, *arguments) -> None:
        """Call a function that writes; what the database refuses becomes a problem."""
        try:
            with transaction.atomic():
                store(*arguments)
        except (IntegrityError, DataError) as error:
            self._problem(path, 0, _refusal(error))

    def _load_known(self) -> None:
        self.topics = {topic.slug: topic.pk for topic in Topic.objects.all()}
        self.authors = dict(Author.objects.values_list("slug", "pk"))
        self.products = dict(Product.objects.values_list("key", "pk"))
        self.slugs = dict(Article.objects.values_list("slug", "pk"))
        self.old_slugs = dict(ArticleSlug.objects.values_list("slug", "article_id"))

    def _problem(self, path: str, line: int, message: str) -> None:
        self.reader.problems.append(Problem(path, line, message))

    # Lists

    def _lists(self, topics: Records, terms: Records, products: Records) -> None:
        for position, fields in enumerate(topics):
            topic = put(Topic, {"slug": fields["slug"]}, {"position": position})
            _put_languages(TopicTranslation, {"topic": topic}, fields, ("name", "description"))
        for position, fields in enumerate(terms):
            term = put(GlossaryTerm, {"key": fields["key"]}, {"position": position})
            for code in languages.CODES:
                words = dict(fields[code])
                words["name"] = words.pop("term")
                put(GlossaryTermTranslation, {"term": term, "language": code}, words)
        for fields in products:
            names = ("name", "name_language", "brand", "relationship", "website")
            product = put(Product, {"key": fields["key"]}, {name: fields[name] for name in names})
            _put_languages(
                ProductTranslation,
                {"product": product},
                fields,
                ("gloss", "components", "label_note"),
            )

    # Authors

    def _author(self, bundle: AuthorBundle) -> None:
        values = {name: bundle.fields[name] for name in ("website", "is_active")}
        author = put(Author, {"slug": bundle.slug}, values | {"portrait": self._portrait(bundle)})
        for code, text in bundle.texts.items():
            put(
                AuthorTranslation,
                {"author": author, "language": code},
                {**text.head, "bio": text.body},
            )
        for gone in author.translations.exclude(language__in=bundle.texts):
            gone.delete()
        records = bundle.fields["registrations"]
        author.registrations.exclude(number__in=[item["number"] for item in records]).delete()
        for fields in records:
            names = ("register_url", "checked_on", "valid_until")
            registration = put(
                Registration,
                {"author": author, "number": fields["number"]},
                {name: fields[name] for name in names},
            )
            _put_languages(
                RegistrationTranslation, {"registration": registration}, fields, ("title", "body")
            )
        self.report.authors += 1

    def _portrait(self, bundle: AuthorBundle) -> dict[str, Any]:
        name = bundle.fields["portrait"]
        if not name:
            return {}
        data = self.reader.portrait(bundle)
        known = Author.objects.filter(slug=bundle.slug).values_list("portrait", flat=True).first()
        if data is None or images.is_same_portrait(known, name, data):
            return known or {}
        try:
            return images.store_portrait(bundle.slug, name, data)
        except ImageRefused as error:
            self._problem(f"{bundle.path}/{name}", 0, str(error))
            return {}

    # Articles

    def _article(self, bundle: ArticleBundle) -> None:
        before = len(self.reader.problems)
        self._check_names(bundle)
        if len(self.reader.problems) > before:
            return
        fields = bundle.fields
        article, is_new = self._article_row(bundle)
        self._topics_and_byline(article, fields, is_new)
        self._old_slugs(article, fields["old_slugs"], is_new)
        references = sync_rows(
            Reference,
            {"article": article},
            "key",
            _numbered(fields["references"]),
            is_new=is_new,
        )
        claims = self._claims(article, fields["claims"], references, is_new)
        pictures = self._images(article, bundle, is_new)
        if len(self.reader.problems) > before:
            return
        present = {} if is_new else {item.language: item for item in article.translations.all()}
        # The source language first: the others take its block ids.
        for code in sorted(bundle.texts, key=lambda code: (code != article.source_language, code)):
            translation = present.get(code) or ArticleTranslation(language=code)
            translation.article = article
            self._translation(translation, bundle.texts[code], claims, pictures)
        if not is_new:
            self._drop_images(article, pictures)
        self.report.articles += 1

    def _topics_and_byline(self, article: Article, fields: Record, is_new: bool) -> None:
        topics = {self.topics[slug] for slug in fields["topics"]}
        if is_new:
            article.topics.add(*topics)
        elif topics != set(article.topics.values_list("pk", flat=True)):
            article.topics.set(topics)
        byline = [
            {"author_id": self.authors[item["author"]], "role": item["role"], "position": position}
            for position, item in enumerate(fields["contributions"])
        ]
        sync_rows(Contribution, {"article": article}, ("author_id", "role"), byline, is_new=is_new)

    def _article_row(self, bundle: ArticleBundle) -> tuple[Article, bool]:
        """The article of this folder, known by its slug or, after a rename, by an older one; and
        whether it was just made."""
        fields = bundle.fields
        names = (
            "kind",
            "source_language",
            "nutrients",
            "scene",
            "shows_products",
            "is_adaptation",
        )
        values = {name: fields[name] for name in names}
        values |= {"slug": bundle.slug, "lead_figure_key": fields["lead_figure"]}
        known = self._present_slug(bundle)
        if known is None:
            article = Article.objects.create(**values)
        else:
            article = Article.objects.get(pk=self.slugs.pop(known))
            if known != bundle.slug:
                # An address the article goes back to stops being an old one first.
                article.old_slugs.filter(slug=bundle.slug).delete()
            if set_values(article, values):
                article.save()
        self.slugs[bundle.slug] = article.pk
        return article, known is None

    def _present_slug(self, bundle: ArticleBundle) -> str | None:
        """The slug that the article of this folder has on the site now, if it is there."""
        candidates = (bundle.slug, *bundle.fields["old_slugs"])
        return next((slug for slug in candidates if slug in self.slugs), None)

    def _check_names(self, bundle: ArticleBundle) -> None:
        """What the files name must be on the site, and addresses must be free."""
        fields, report = (
            bundle.fields,
            reporter(self.reader.problems, f"{bundle.path}/article.yaml"),
        )
        for slug, line in fields["topics"].with_lines():
            if slug not in self.topics:
                report(
                    line, _("There is no topic “%(key)s”: add it to topics.yaml.") % {"key": slug}
                )
        for item in fields["contributions"]:
            if item["author"] not in self.authors:
                report(
                    item.line_of("author"),
                    _("There is no author “%(key)s”: add the folder authors/%(key)s.")
                    % {"key": item["author"]},
                )
        present = self._present_slug(bundle)
        own = self.slugs.get(present)
        if own:
            self._check_fixed(bundle, Article.objects.get(pk=own), report)
        lines = {bundle.slug: 0, **dict(fields["old_slugs"].with_lines())}
        for slug, line in lines.items():
            owners = {self.slugs.get(slug), self.old_slugs.get(slug)} - {None, own}
            if owners:
                report(
                    line,
                    _("The address “%(slug)s” belongs to another article, now or before.")
                    % {"slug": slug},
                )
        for text in bundle.texts.values():
            mention = text.head["product_mention"]
            if mention and mention["product"] not in self.products:
                self._problem(
                    text.path,
                    mention.line_of("product"),
                    _("There is no product “%(key)s”: add it to products.yaml.")
                    % {"key": mention["product"]},
                )

    def _check_fixed(self, bundle: ArticleBundle, article: Article, report: Report) -> None:
        """What stays as it is on the site, as the desk says too."""
        fields = bundle.fields
        if article.kind == Article.Kind.PAGE and article.slug in LINKED_PAGES - {bundle.slug}:
            linked = _("Every page of the site links to “%(slug)s”, so it keeps its address.")
            report(fields.line_of("old_slugs"), linked % {"slug": article.slug})
        if article.kind != fields["kind"] and services.why_kept(article):
            report(0, _("What has been published stays an article, or a page, for good."))
        is_pair = article.translations.count() > 1
        if is_pair and article.source_language != fields["source_language"]:
            report(
                fields.line_of("source_language"),
                _("The source language of a pair stays: the translation would forget its source."),
            )

    def _old_slugs(self, article: Article, slugs: Records, is_new: bool) -> None:
        rows = [{"slug": slug} for slug in slugs]
        sync_rows(ArticleSlug, {"article": article}, "slug", rows, is_new=is_new)
        if not is_new:
            for slug in [slug for slug, owner in self.old_slugs.items() if owner == article.pk]:
                del self.old_slugs[slug]
        self.old_slugs.update(dict.fromkeys(slugs, article.pk))

    def _claims(
        self,
        article: Article,
        records: Records,
        references: dict[Any, Reference],
        is_new: bool,
    ) -> dict[Any, Claim]:
        rows = [
            {"key": item["key"], "grade": item["grade"], "position": position}
            for position, item in enumerate(records)
        ]
        claims = sync_rows(Claim, {"article": article}, "key", rows, is_new=is_new)
        link = Claim.references.through
        wanted = {
            (claims[item["key"]].pk, references[key].pk)
            for item in records
            for key in item["references"]
        }
        present = {
            (row.claim_id, row.reference_id): row.pk
            for row in (() if is_new else link.objects.filter(claim__article=article))
        }
        if gone := [present[pair] for pair in present.keys() - wanted]:
            link.objects.filter(pk__in=gone).delete()
        if new := sorted(wanted - present.keys()):
            link.objects.bulk_create(
                link(claim_id=claim, reference_id=reference) for claim, reference in new
            )
        return claims

    def _images(self, article: Article, bundle: ArticleBundle, is_new: bool) -> dict[str, Image]:
        present = {} if is_new else {image.key: image for image in article.images.all()}
        pictures = {}
        for position, fields in enumerate(bundle.fields["images"]):
            name, key = fields["file"], fields["key"]
            image = present.get(key) or Image(article=article, key=key)
            values = {
                "position": position,
                "source_name": name,
                "credit": fields["credit"],
                "licence": fields["licence"],
                "focus_x": fields["focus_x"],
                "focus_y": fields["focus_y"],
            }
            data = self.reader.picture(bundle, name)
            if data is None:
                continue
            if not images.is_same_upload(present.get(key), name, data):
                try:
                    values |= images.columns_of(images.store_image(key, name, data))
                except ImageRefused as error:
                    self._problem(f"{bundle.path}/{name}", 0, str(error))
                    continue
            if set_values(image, values) or image.pk is None:
                image.save()
            pictures[key] = image
        return pictures

    def _drop_images(self, article: Article, pictures: dict[str, Image]) -> None:
        """Images that are listed no more go, unless a text outside the bundle still shows them."""
        shown = Figure.objects.filter(translation__article=article)
        used = {pk for pair in shown.values_list("image_id", "narrow_image_id") for pk in pair}
        article.images.exclude(key__in=pictures).exclude(pk__in=used - {None}).delete()

    # Translations

    def _translation(
        self,
        translation: ArticleTranslation,
        text: TextFile,
        claims: dict[Any, Claim],
        pictures: dict[str, Image],
    ) -> None:
        head, is_new = text.head, translation.pk is None
        values = {name: head[name] for name in COLUMNS} | {"body": text.body}
        if set_values(translation, values):
            if head["blocks"]:
                translation.block_ids = list(head["blocks"])
            translation.save()
        self._parts(translation, head, claims, pictures, is_new)
        self._make_public(translation, text, is_new)

    def _parts(
        self,
        translation: ArticleTranslation,
        head: Record,
        claims: dict[Any, Claim],
        pictures: dict[str, Image],
        is_new: bool,
    ) -> None:
        owner = {"translation": translation}
        figures = [
            {
                "key": item["key"],
                "image_id": pictures[item["image"]].pk,
                "narrow_image_id": pictures[item["narrow_image"]].pk
                if item["narrow_image"]
                else None,
                "alt": item["alt"],
                "caption": item["caption"],
                "text": item["text"],
                "position": position,
            }
            for position, item in enumerate(head["figures"])
        ]
        mentions = [
            {"product_id": self.products[item["product"]], "text": item["text"]}
            for item in (head["product_mention"],)
            if item
        ]
        statements = [
            {"claim_id": claims[item["claim"]].pk, "text": item["text"], "basis": item["basis"]}
            for item in head["statements"]
        ]
        callouts = _numbered(head["callouts"])
        sync_rows(Figure, owner, "key", figures, is_new=is_new)
        sync_rows(Callout, owner, "key", callouts, is_new=is_new)
        sync_rows(ProductMention, owner, "product_id", mentions, is_new=is_new)
        sync_rows(Statement, owner, "claim_id", statements, is_new=is_new)

    # What the public sees

    def _make_public(self, translation: ArticleTranslation, text: TextFile, is_new: bool) -> None:
        """Publish, withdraw or restore until the public sees what the file says."""
        wanted, withdrawal = text.head["publish"], text.head["withdrawn"]
        label = f"{translation.article.slug} ({translation.language})"
        last = None if is_new else _newest(translation.publications.select_related("revision"))
        document = None if is_new else build_document(translation)
        goes_live = bool(wanted) and (last is None or wanted["at"] > last.live_from)
        if wanted and not goes_live and (problem := _contradiction(wanted, last, document)):
            self._problem(text.path, wanted.line, problem)
            return
        if translation.withdrawn_at and (goes_live or not withdrawal):
            services.undo_withdrawal(translation, user=self.user)
            translation.withdrawn_at = None
        if follows := dict(entry.split("=") for entry in text.head["behind"]):
            services.save_revision(translation, user=self.user, follows=follows)
        if goes_live:
            if not self._publish(translation, wanted, text):
                return
            self.report.published.append(label)
        elif last is None:
            self.report.drafts.append(label)
        if not goes_live and not _is_kept(translation, document):
            services.save_revision(translation, user=self.user)
        if withdrawal:
            self._withdraw(translation, withdrawal, is_published=goes_live or last is not None)

    def _publish(self, translation: ArticleTranslation, wanted: Record, text: TextFile) -> bool:
        try:
            services.publish(
                translation,
                change=wanted["change"],
                public_note=wanted["note"],
                live_from=wanted["at"],
                first_live_from=wanted["first_at"],
                updated_at=wanted["updated_at"],
                reviewed_at=wanted["reviewed_at"],
                user=self.user,
            )
        except services.PublicationRefused as refusal:
            for finding in refusal.findings:
                if finding.line:
                    self._problem(text.path, text.first_line + finding.line - 1, finding.message)
                else:
                    where = f"{finding.where}: " if finding.where else ""
                    self._problem(text.path, 0, f"{where}{finding.message}")
        except services.EditorialError as error:
            self._problem(text.path, wanted.line_of("change"), str(error))
        else:
            return True
        return False

    def _withdraw(
        self, translation: ArticleTranslation, wanted: Record, is_published: bool
    ) -> None:
        note, at = wanted["note"].strip(), wanted["at"]
        is_done = translation.withdrawn_at and note == translation.withdrawal_note
        if is_done and at in (None, translation.withdrawn_at):
            return
        if is_published:
            services.withdraw(translation, note=note, withdrawn_at=at, user=self.user)
        else:
            # Readers never saw it here; the mark only keeps it from being published by mistake.
            ArticleTranslation.objects.filter(pk=translation.pk).update(
                withdrawn_at=at or timezone.now(), withdrawal_note=note
            )


def _newest(rows: models.QuerySet):
    return rows.order_by("-number").first()


def _is_kept(translation: ArticleTranslation, document: Document | None) -> bool:
    """Whether the newest revision is of these very rows, so that there is nothing to keep."""
    if document is None or translation.block_ids != pack_stamps(document.blocks):
        return False
    revision = _newest(translation.revisions.only("content_hash"))
    return revision is not None and revision.content_hash == document.content_hash


def _contradiction(wanted: Record, last: Publication, document: Document) -> str:
    """What keeps ``publish`` from being true of what is public already, which is frozen."""
    message = ""
    if not says_the_same(document, last.revision.as_document()):
        message = _(
            "The text differs from what was published at %(at)s. Give “publish” a later “at” "
            "and the kind of change, or remove “publish” to import a draft."
        )
    elif wanted["at"] != last.live_from and last.live_from > timezone.now():
        message = _(
            "This text is to be published at %(at)s already, and a publication cannot be changed. "
            "Give “publish” a later “at”."
        )
    elif wanted["at"] == last.live_from and (wanted["change"], wanted["note"]) != (
        last.change,
        clean_source(last.public_note),
    ):
        message = _(
            "What was published at %(at)s has another kind of change or note, and a publication "
            "cannot be changed. Give “publish” a later “at”."
        )
    return message and message % {"at": last.live_from.astimezone(datetime.UTC).isoformat()}


def _put_languages(
    model: type[models.Model], owner: dict[str, Any], fields: Record, columns: Iterable[str]
) -> None:
    """One row for each language from the language fields of a record."""
    for code in languages.CODES:
        words = fields[code]
        put(model, {**owner, "language": code}, {name: words.get(name, "") for name in columns})


def _numbered(records: Records) -> list[dict[str, Any]]:
    """Records as rows: their place becomes a column."""
    return [{**record, "position": position} for position, record in enumerate(records)]


def _refusal(error: IntegrityError | DataError) -> str:
    """The sentence of the constraint that a row broke, or the database's own."""
    said = str(error)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name in said:
                return str(constraint.violation_error_message)
    return _("The database refuses this: %(problem)s") % {"problem": said.split("\n")[0]}
