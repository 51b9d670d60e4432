"""Plain data → rows, in one transaction: the bundle goes in whole or not at all."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from articles import images, services
from articles.bundles.problems import BundleRefused, Problem
from articles.bundles.reader import ArticleBundle, AuthorBundle, BundleReader
from articles.bundles.sync import sync_rows
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
    Reference,
    Statement,
    Topic,
    TopicTranslation,
)
from authors.models import Author, AuthorTranslation, Registration, RegistrationTranslation
from healthsite import languages
from healthsite.imaging import ImageRefused


@dataclass
class ImportReport:
    """What an import did."""

    articles: int = 0
    authors: int = 0
    published: list[str] = field(default_factory=list)
    drafts: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


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
        self.report = ImportReport()

    def run(self) -> None:
        lists = self.reader.lists()
        authors = list(self.reader.authors())
        self.reader.refuse_if_wrong()
        self._topics(lists.topics)
        self._terms(lists.terms)
        self._products(lists.products)
        for author in authors:
            self._author(author)
        self._load_known()
        for article in self.reader.articles():
            # Once something is wrong, the rest is only read, so that all problems are reported.
            if not self.reader.problems:
                self._article(article)

    def _load_known(self) -> None:
        self.topics = {topic.slug: topic for topic in Topic.objects.all()}
        self.authors = {author.slug: author for author in Author.objects.all()}
        self.products = {product.key: product for product in Product.objects.all()}
        self.slugs = dict(Article.objects.values_list("slug", "pk"))
        self.old_slugs = dict(ArticleSlug.objects.values_list("slug", "article_id"))

    # Lists

    def _topics(self, topics: list[dict]) -> None:
        for position, fields in enumerate(topics):
            topic, _new = Topic.objects.update_or_create(
                slug=fields["slug"], defaults={"position": position}
            )
            _sync_languages(TopicTranslation, {"topic": topic}, fields, ("name", "description"))

    def _terms(self, terms: list[dict]) -> None:
        for position, fields in enumerate(terms):
            term, _new = GlossaryTerm.objects.update_or_create(
                key=fields["key"], defaults={"position": position}
            )
            for code in languages.CODES:
                words = fields[code]
                GlossaryTermTranslation.objects.update_or_create(
                    term=term,
                    language=code,
                    defaults={
                        "name": words["term"],
                        "abbreviation": words["abbreviation"],
                        "definition": words["definition"],
                    },
                )

    def _products(self, products: list[dict]) -> None:
        for fields in products:
            product, _new = Product.objects.update_or_create(
                key=fields["key"],
                defaults={
                    name: fields[name]
                    for name in ("name", "name_language", "brand", "relationship", "website")
                },
            )
            _sync_languages(
                ProductTranslation,
                {"product": product},
                fields,
                ("gloss", "components", "label_note"),
            )

    # Authors

    def _author(self, bundle: AuthorBundle) -> None:
        author, _new = Author.objects.update_or_create(
            slug=bundle.slug,
            defaults={
                "website": bundle.fields["website"],
                "is_active": bundle.fields["is_active"],
                "portrait": self._portrait(bundle),
            },
        )
        for code, words in bundle.texts.items():
            AuthorTranslation.objects.update_or_create(
                author=author,
                language=code,
                defaults={
                    "name": words["name"],
                    "credentials": words["credentials"],
                    "bio": bundle.bios[code].strip("\n"),
                },
            )
        author.translations.exclude(language__in=bundle.texts).delete()
        self._registrations(author, bundle.fields["registrations"])
        self.report.authors += 1

    def _portrait(self, bundle: AuthorBundle) -> dict[str, Any]:
        if bundle.portrait is None:
            return {}
        name = bundle.fields["portrait"]
        known = Author.objects.filter(slug=bundle.slug).values_list("portrait", flat=True).first()
        if known and known.get("original") == images.original_name(name, bundle.portrait):
            return known
        try:
            stored = images.store_image(bundle.slug, name, bundle.portrait, images.PORTRAITS)
        except ImageRefused as error:
            self._problem(f"{bundle.path}/{name}", 0, str(error))
            return {}
        return {
            "source_name": name,
            "original": stored.original,
            "width": stored.width,
            "height": stored.height,
            "renditions": stored.renditions,
        }

    def _registrations(self, author: Author, records: list[dict]) -> None:
        author.registrations.exclude(number__in=[item["number"] for item in records]).delete()
        for fields in records:
            registration, _new = Registration.objects.update_or_create(
                author=author,
                number=fields["number"],
                defaults={
                    name: fields[name] for name in ("register_url", "checked_on", "valid_until")
                },
            )
            _sync_languages(
                RegistrationTranslation, {"registration": registration}, fields, ("title", "body")
            )

    # Articles

    def _article(self, bundle: ArticleBundle) -> None:
        if self._has_unknown_names(bundle):
            return
        fields = bundle.fields
        values = {
            "kind": fields["kind"],
            "source_language": fields["source_language"],
            "nutrients": fields["nutrients"],
            "scene": fields["scene"],
            "lead_figure_key": fields["lead_figure"],
            "shows_products": fields["shows_products"],
            "is_adaptation": fields["is_adaptation"],
        }
        article, is_new = Article.objects.update_or_create(slug=bundle.slug, defaults=values)
        self.slugs[bundle.slug] = article.pk
        if is_new:
            article.topics.add(*(self.topics[slug] for slug in fields["topics"]))
        else:
            article.topics.set([self.topics[slug] for slug in fields["topics"]])
        sync_rows(
            ArticleSlug, {"article": article}, "slug", [{"slug": s} for s in fields["old_slugs"]]
        )
        self.old_slugs.update(dict.fromkeys(fields["old_slugs"], article.pk))
        sync_rows(
            Contribution,
            {"article": article},
            ("author_id", "role"),
            [
                {
                    "author_id": self.authors[item["author"]].pk,
                    "role": item["role"],
                    "position": position,
                }
                for position, item in enumerate(fields["contributions"])
            ],
        )
        references = sync_rows(
            Reference, {"article": article}, "key", _numbered(fields["references"])
        )
        claims = self._claims(article, fields["claims"], references)
        pictures = self._images(article, bundle)
        if self.reader.problems:
            return
        for code in _source_first(bundle):
            self._translation(article, bundle, code, claims, pictures)
        used = {figure.image_id for figure in Figure.objects.filter(translation__article=article)}
        used |= set(
            Figure.objects.filter(translation__article=article).values_list(
                "narrow_image_id", flat=True
            )
        )
        keys = {image["key"] for image in fields["images"]}
        article.images.exclude(key__in=keys).exclude(pk__in=used - {None}).delete()
        self.report.articles += 1

    def _has_unknown_names(self, bundle: ArticleBundle) -> bool:
        fields, before = bundle.fields, len(self.reader.problems)
        name = f"{bundle.path}/article.yaml"
        for slug in fields["topics"]:
            if slug not in self.topics:
                self._problem(
                    name, 0, _("There is no topic “%(key)s”: add it to topics.yaml.") % {"key": slug}
                )
        for item in fields["contributions"]:
            if item["author"] not in self.authors:
                self._problem(
                    name,
                    item["_line"],
                    _("There is no author “%(key)s”: add the folder authors/%(key)s.")
                    % {"key": item["author"]},
                )
        for slug in (bundle.slug, *fields["old_slugs"]):
            owner = self.old_slugs.get(slug)
            if slug != bundle.slug:
                owner = owner or self.slugs.get(slug)
            if owner and owner != self.slugs.get(bundle.slug):
                self._problem(
                    name,
                    0,
                    _("The address “%(slug)s” belongs to another article, now or before.")
                    % {"slug": slug},
                )
        for code, head in bundle.texts.items():
            mention = head["product_mention"]
            if mention and mention["product"] not in self.products:
                self._problem(
                    f"{bundle.path}/{code}.md",
                    mention["_line"],
                    _("There is no product “%(key)s”: add it to products.yaml.")
                    % {"key": mention["product"]},
                )
        return len(self.reader.problems) > before

    def _claims(
        self, article: Article, records: list[dict], references: dict[Any, Reference]
    ) -> dict[Any, Claim]:
        rows = [
            {"key": item["key"], "grade": item["grade"], "position": position}
            for position, item in enumerate(records)
        ]
        claims = sync_rows(Claim, {"article": article}, "key", rows)
        link = Claim.references.through
        wanted = {
            (claims[item["key"]].pk, references[key].pk)
            for item in records
            for key in item["references"]
        }
        present = {
            (row.claim_id, row.reference_id): row
            for row in link.objects.filter(claim__article=article)
        }
        gone = [row.pk for pair, row in present.items() if pair not in wanted]
        if gone:
            link.objects.filter(pk__in=gone).delete()
        link.objects.bulk_create(
            link(claim_id=claim, reference_id=reference)
            for claim, reference in sorted(wanted - present.keys())
        )
        return claims

    def _images(self, article: Article, bundle: ArticleBundle) -> dict[str, Image]:
        present = {image.key: image for image in article.images.all()}
        pictures = {}
        for position, fields in enumerate(bundle.fields["images"]):
            name, key = fields["file"], fields["key"]
            data = bundle.files[name]
            image = present.get(key) or Image(article=article, key=key)
            if not images.is_same_upload(present.get(key), name, data):
                try:
                    stored = images.store_image(key, name, data)
                except ImageRefused as error:
                    self._problem(f"{bundle.path}/{name}", 0, str(error))
                    continue
                for column in ("file", "original", "width", "height", "renditions", "svg"):
                    setattr(image, column, getattr(stored, column))
                image.source_name = name
            image.credit, image.licence = fields["credit"], fields["licence"]
            image.position = position
            image.save()
            pictures[key] = image
        return pictures

    # Translations

    def _translation(
        self,
        article: Article,
        bundle: ArticleBundle,
        code: str,
        claims: dict[Any, Claim],
        pictures: dict[str, Image],
    ) -> None:
        head = bundle.texts[code]
        names = (
            "title",
            "standfirst",
            "seal",
            "original_label",
            "edition_note",
            "seo_title",
            "seo_description",
        )
        values = {name: head[name] for name in names} | {"body": bundle.bodies[code]}
        translation = ArticleTranslation.objects.filter(article=article, language=code).first()
        if translation is None:
            translation = ArticleTranslation(
                article=article, language=code, block_ids=head["blocks"], **values
            )
            translation.save()
        elif any(getattr(translation, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(translation, name, value)
            if head["blocks"]:
                translation.block_ids = head["blocks"]
            translation.save()
        translation.article = article
        self._parts(translation, head, claims, pictures)
        self._publish(translation, bundle, code)

    def _parts(
        self,
        translation: ArticleTranslation,
        head: dict[str, Any],
        claims: dict[Any, Claim],
        pictures: dict[str, Image],
    ) -> None:
        owner = {"translation": translation}
        sync_rows(
            Figure,
            owner,
            "key",
            [
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
            ],
        )
        sync_rows(Callout, owner, "key", _numbered(head["callouts"]))
        mention = head["product_mention"]
        sync_rows(
            ProductMention,
            owner,
            "product_id",
            [{"product_id": self.products[mention["product"]].pk, "text": mention["text"]}]
            if mention
            else [],
        )
        sync_rows(
            Statement,
            owner,
            "claim_id",
            [
                {
                    "claim_id": claims[item["claim"]].pk,
                    "text": item["text"],
                    "basis": item["basis"],
                }
                for item in head["statements"]
            ],
        )

    def _publish(self, translation: ArticleTranslation, bundle: ArticleBundle, code: str) -> None:
        name, head = f"{bundle.path}/{code}.md", bundle.texts[code]
        revision = services.save_revision(translation, user=self.user)
        wanted = head["publish"]
        label = f"{bundle.slug} ({code})"
        last = translation.publications.order_by("-number").select_related("revision").first()
        if not wanted:
            if not last:
                self.report.drafts.append(label)
        elif last and last.revision.content_hash == revision.content_hash:
            pass
        elif last and wanted["at"] <= last.live_from:
            self._problem(
                name,
                wanted["_line"],
                _(
                    "The text differs from what was published at %(at)s. Give “publish” a later "
                    "“at” and the kind of change, or remove “publish” to import a draft."
                )
                % {"at": last.live_from.isoformat()},
            )
        else:
            self._publish_now(translation, wanted, name, bundle.first_lines[code], label)
        self._withdraw(translation, head["withdrawn"])

    def _publish_now(
        self,
        translation: ArticleTranslation,
        wanted: dict[str, Any],
        name: str,
        first_line: int,
        label: str,
    ) -> None:
        try:
            services.publish(
                translation,
                change=wanted["change"],
                public_note=wanted["note"],
                live_from=wanted["at"],
                first_live_from=wanted["first_at"],
                user=self.user,
            )
        except services.PublicationRefused as refusal:
            for finding in refusal.findings:
                line = first_line + finding.line - 1 if finding.line else 0
                message = finding.message
                if finding.where and not finding.line:
                    message = f"{finding.where}: {message}"
                self._problem(name, line, message)
        except services.EditorialError as error:
            self._problem(name, wanted["_line"], str(error))
        else:
            self.report.published.append(label)

    def _withdraw(self, translation: ArticleTranslation, wanted: dict[str, Any] | None) -> None:
        translation.refresh_from_db(fields=["withdrawn_at"])
        if wanted and not translation.withdrawn_at and translation.publications.exists():
            services.withdraw(translation, note=wanted["note"], user=self.user)
        elif not wanted and translation.withdrawn_at:
            services.restore(translation, user=self.user)

    def _problem(self, path: str, line: int, message: str) -> None:
        self.reader.problems.append(Problem(path, line, message))


def _sync_languages(model, owner: dict[str, Any], fields: dict, columns: Iterable[str]) -> None:
    """One row for each language from the language fields of a record."""
    for code in languages.CODES:
        words = fields[code] or {}
        model.objects.update_or_create(
            **owner,
            language=code,
            defaults={column: words.get(column, "") for column in columns},
        )


def _numbered(records: list[dict]) -> list[dict]:
    """Records as rows: their place becomes a column, their line goes."""
    return [
        {name: value for name, value in record.items() if name != "_line"}
        | {"position": position}
        for position, record in enumerate(records)
    ]


def _source_first(bundle: ArticleBundle) -> list[str]:
    """The source language first: the others take its block ids."""
    source = bundle.fields["source_language"]
    return sorted(bundle.texts, key=lambda code: (code != source, code))


__all__ = ["BundleRefused", "ImportReport", "import_bundle"]
