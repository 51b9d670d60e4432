"""What stands on an editor's screen: forms in, a document or saved rows out.

The same forms feed the preview, the checks, the differences and the save, so that all of them
speak of the same text.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from articles import audit, services
from articles.admin.access import can_add_image
from articles.admin.desk.forms import (
    FIELDS,
    CalloutFormSet,
    FigureFormSet,
    MentionForm,
    StatementFormSet,
    TextForm,
    claims_of,
)
from articles.admin.desk.segments import (
    Segment,
    join_segments,
    segments_of,
    stamps_of_segments,
)
from articles.building import build_blocks, build_document, image_data, mention_data, with_terms
from articles.bundles.sync import sync_rows
from articles.document import Block, CalloutData, Document, FigureData, StatementData
from articles.models import (
    ArticleTranslation,
    Callout,
    Figure,
    ProductMention,
    Revision,
    Statement,
)
from articles.services.locking import lock_translation
from healthsite import languages


class Draft:
    """The forms of one text. Without ``data`` they show what is saved.

    A sketch is looked at and never saved: it is judged more quickly.
    """

    def __init__(
        self,
        translation: ArticleTranslation,
        data: QueryDict | None = None,
        files: MultiValueDict | None = None,
        *,
        user: AbstractBaseUser,
        is_whole: bool = False,
        is_sketch: bool = False,
    ):
        self.translation, self.user = translation, user
        self.saved_blocks = build_blocks(translation)
        self.data = data
        body = (
            [Segment("", translation.body)]
            if is_whole
            else segments_of(translation.body, self.saved_blocks)
        )
        # A form writes what was typed into its instance. The row itself stays as it was read.
        row = ArticleTranslation.objects.get(pk=translation.pk)
        tag = languages.BY_CODE[translation.language].tag
        self.form = TextForm(
            data,
            tag=tag,
            instance=row,
            initial={"body": body, "version": translation.version},
        )
        may_upload = can_add_image(user)
        # With data, what is saved must not decide which of the rows sent count as changed.
        is_new = data is None
        self.figures = FigureFormSet(
            data,
            files,
            prefix="figures",
            initial=_rows(translation.figures.all(), _FIGURE) if is_new else None,
            form_kwargs={
                "translation": translation,
                "user": user,
                "may_upload": may_upload,
                "tag": tag,
            },
        )
        self.callouts = CalloutFormSet(
            data,
            files,
            prefix="callouts",
            initial=_rows(translation.callouts.all(), _CALLOUT) if is_new else None,
            form_kwargs={"tag": tag},
        )
        claims = claims_of(translation)
        self.statements = StatementFormSet(
            data,
            files,
            prefix="statements",
            initial=_statements(translation, claims.values()) if is_new else None,
            form_kwargs={"claims": claims, "tag": tag},
        )
        mention = translation.mentions.first()
        self.mention = MentionForm(
            data,
            tag=tag,
            prefix="mention",
            initial={"product": mention.product_id, "text": mention.text} if mention else None,
        )
        self.parts = (self.form, self.figures, self.callouts, self.statements, self.mention)
        for part in self.parts:
            for form in getattr(part, "forms", (part,)):
                form.is_sketch = is_sketch

    @property
    def expected_version(self) -> int:
        """The version the editor saw; one that is no number was never shown."""
        value = self.form["version"].value()
        return int(value) if str(value).isdigit() else -1

    @property
    def base(self) -> str:
        """The number of the revision that the editor began with; kept while the form comes back."""
        if self.data is not None:
            return self.data.get("base", "")
        return str(getattr(self.translation, "base", None) or 0)

    def is_valid(self) -> bool:
        """Judge every part, so that all mistakes show at once."""
        judged = [part.is_valid() for part in self.parts]
        return all(judged)

    @property
    def segments(self) -> list[Segment]:
        """The pieces of the body, as typed or as saved."""
        if self.form.is_bound:
            value = self.form["body"].value()
            return value if isinstance(value, list) else []
        return self.form.initial["body"]

    # The text as plain data

    def document(self) -> Document:
        """The text on the screen as a document. Call after ``is_valid``; what is wrong is left
        out or as it was."""
        saved = build_document(self.translation)
        if not self.form.is_bound:
            return saved
        values = {name: self._typed(name) for name in FIELDS}
        body = join_segments(self.segments)
        stamps = stamps_of_segments(self.segments, self.saved_blocks)
        mention = self._mention()
        is_shown = self.translation.article.shows_products
        document = replace(
            saved,
            **values,
            body=body,
            blocks=_blocks(self.translation, body, stamps),
            figures=tuple(_figure_data(row) for row in _clean_rows(self.figures)),
            callouts=tuple(
                CalloutData(row["key"], row["icon"], row["label"], row["text"])
                for row in _clean_rows(self.callouts)
            ),
            statements=self._statements(),
            mention=mention if is_shown else None,
            hidden_mention=None if is_shown else mention,
        )
        return with_terms(document)

    def _typed(self, name: str) -> str:
        cleaned = getattr(self.form, "cleaned_data", {})
        return cleaned[name] if name in cleaned else str(self.form[name].value() or "")

    def _mention(self):
        cleaned = getattr(self.mention, "cleaned_data", {})
        if not cleaned.get("product") or not cleaned.get("text"):
            return None
        return mention_data(cleaned["product"], self.translation.language, cleaned["text"])

    def _statements(self) -> tuple[StatementData, ...]:
        rows = [form.cleaned_data for form in self.statements.forms if form.is_valid()]
        return tuple(
            StatementData(
                claim=row["claim"].key,
                grade=row["claim"].grade,
                references=tuple(item.key for item in row["claim"].references.all()),
                text=row["text"],
                basis=row["basis"],
            )
            for row in rows
            if row.get("text", "").strip()
        )

    # Saving

    @transaction.atomic
    def save(self, *, note: str = "", confirmed: Collection[str] = ()) -> Revision:
        """Store everything that was typed as the working text. Call after ``is_valid``.

        Raises services.EditConflict when somebody else saved since this screen was opened.
        """
        translation = lock_translation(self.translation, self.expected_version)
        for name in FIELDS:
            setattr(translation, name, self.form.cleaned_data[name])
        stamps = stamps_of_segments(self.segments, self.saved_blocks)
        if stamps:
            translation.block_ids = stamps
        translation.body = join_segments(self.segments)
        translation.save()
        owner = {"translation": translation}
        sync_rows(Figure, owner, "key", _positioned(self.figures.rows(), _FIGURE))
        sync_rows(Callout, owner, "key", _positioned(self.callouts.rows(), _CALLOUT))
        statements = [
            {
                "claim_id": form.cleaned_data["claim"].pk,
                "text": form.cleaned_data["text"],
                "basis": form.cleaned_data["basis"],
            }
            for form in self.statements.forms
            if form.cleaned_data.get("text", "").strip()
        ]
        sync_rows(Statement, owner, "claim_id", statements)
        self._save_mention(translation)
        before = translation.source_hashes
        revision = services.save_revision(
            translation, user=self.user, note=note, confirmed=confirmed
        )
        now = translation.source_hashes
        if said := sorted({unit for unit in confirmed if before.get(unit) != now.get(unit)}):
            audit.record(audit.Act.CONFIRMED, translation, user=self.user, units=said)
        return revision

    def _save_mention(self, translation: ArticleTranslation) -> None:
        cleaned = self.mention.cleaned_data
        wanted = (
            [{"product_id": cleaned["product"].pk, "text": cleaned["text"]}]
            if cleaned.get("product")
            else []
        )
        sync_rows(ProductMention, {"translation": translation}, "product_id", wanted)


_FIGURE = ("key", "image", "narrow_image", "alt", "caption", "text")
_CALLOUT = ("key", "icon", "label", "text")


def _rows(rows, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """Stored rows as the initial values of a form set."""
    return [{name: getattr(row, _column(name)) for name in columns} for row in rows]


def _column(name: str) -> str:
    return f"{name}_id" if name in {"image", "narrow_image"} else name


def _statements(translation: ArticleTranslation, claims) -> list[dict[str, Any]]:
    """Every claim of the article, with its words in this language where it has any."""
    words = {row.claim_id: row for row in translation.statements.all()}
    return [
        {
            "claim": claim.pk,
            "text": words[claim.pk].text if claim.pk in words else "",
            "basis": words[claim.pk].basis if claim.pk in words else "",
        }
        for claim in claims
    ]


def _positioned(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """Clean form values as columns of rows, their order as a position."""
    return [
        {
            **{_column(name): getattr(row[name], "pk", row[name]) for name in columns},
            "position": position,
        }
        for position, row in enumerate(rows)
    ]


def _clean_rows(formset) -> list[dict[str, Any]]:
    """The rows that can be shown: those that are right."""
    kept = [
        form.cleaned_data
        for form in formset.forms
        if form.is_valid() and form.cleaned_data.get("key") and not form.cleaned_data.get("DELETE")
    ]
    return sorted(kept, key=lambda row: row.get("ORDER") or 10_000)


def _figure_data(row: Mapping[str, Any]) -> FigureData:
    narrow = row.get("narrow_image")
    return FigureData(
        key=row["key"],
        image=image_data(row["image"]),
        narrow_image=image_data(narrow) if narrow else None,
        alt=row["alt"],
        caption=row["caption"],
        text=row["text"],
    )


def _blocks(translation: ArticleTranslation, body: str, stamps: list[str]) -> tuple[Block, ...]:
    """The blocks of an unsaved body, with the ids that saving would give them."""
    row = ArticleTranslation(
        pk=translation.pk,
        article=translation.article,
        language=translation.language,
        body=body,
        block_ids=stamps or translation.block_ids,
    )
    return build_blocks(row)
