"""A translator's file → the working rows of a translation, through the same door as the desk.

First a plan is made, which says what the file would change and refuses what cannot be right; then
the plan is written in one transaction and kept as a revision. Readers see nothing of it.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from articles import audit, services
from articles.building import build_document, pack_stamps
from articles.document import Block
from articles.markdown.blocks import join_blocks, split_body
from articles.models import ArticleTranslation, Revision
from articles.services.locking import lock_translation
from articles.services.saving import combined, source_of
from articles.units import Unit, units_of
from articles.xliff.composing import block_from, compose
from articles.xliff.descriptions import describe, describe_field
from articles.xliff.names import fingerprint
from articles.xliff.problems import HandoffProblem, HandoffRefused
from articles.xliff.reader import Handoff, HandoffUnit
from articles.xliff.writing import limit_of, write_fields
from healthsite.languages import BY_CODE


@dataclass(frozen=True)
class UnitChange:
    """One text that the file would change.

    ``source_moved``: the source was changed after the export, so that the text will count as
    lagging. ``changed_here``: somebody changed the translation at the desk after the export.
    """

    id: str
    label: str
    source: str
    before: str
    after: str
    source_moved: bool = False
    changed_here: bool = False


@dataclass(frozen=True)
class Plan:
    """What an import would do, against the translation as it is now (``version``).

    ``confirmed`` are units that stay as they are and that the translator stands by. ``dropped``
    are units that the source no longer has: they are left out.
    """

    version: int
    changes: tuple[UnitChange, ...]
    confirmed: tuple[str, ...]
    dropped: tuple[str, ...]
    untranslated: int

    @property
    def is_empty(self) -> bool:
        return not self.changes and not self.confirmed


def plan_handoff(
    translation: ArticleTranslation,
    handoff: Handoff,
    problems: Collection[HandoffProblem] = (),
) -> Plan:
    """What importing a file would change.

    ``problems`` are those that reading it found. Raises HandoffRefused with these and everything
    that does not fit this translation.
    """
    return _Planner(translation, handoff, problems).plan()


@transaction.atomic
def apply_handoff(
    translation: ArticleTranslation,
    handoff: Handoff,
    *,
    user: AbstractBaseUser | None,
    expected_version: int | None = None,
    take: Collection[str] | None = None,
) -> Revision | None:
    """Write a file's texts into a translation, and keep the result as a revision.

    ``expected_version`` is the version that the preview showed; None stands for the version that
    was exported. ``take`` are the ids of the units to write; None takes all. Returns None if
    nothing was to be done.
    Raises services.EditConflict if somebody saved since that version, and HandoffRefused.
    """
    expected = handoff.version if expected_version is None else expected_version
    translation = lock_translation(translation, expected)
    if take is not None:
        kept = {unit: value for unit, value in handoff.units.items() if unit in take}
        handoff = replace(handoff, units=kept)
    planner = _Planner(translation, handoff, ())
    plan = planner.plan()
    if plan.is_empty:
        return None
    _write(translation, planner, plan)
    done = [change.id for change in plan.changes] + list(plan.confirmed)
    current = {unit for unit in done if not planner.source_moved(unit)}
    revision = services.save_revision(
        translation,
        user=user,
        note=_("Imported from a translator’s file"),
        expected_version=expected,
        confirmed=current,
    )
    _keep_exported_digests(translation, handoff, set(done) - current)
    audit.record(audit.Act.IMPORTED, translation, user=user, units=sorted(done))
    return revision


def _keep_exported_digests(
    translation: ArticleTranslation, handoff: Handoff, units: Collection[str]
) -> None:
    """Texts whose source moved during the hand-off follow the source that the translator saw."""
    if not units:
        return
    known = {unit: handoff.units[unit].source_digest for unit in units}
    translation.source_hashes = {**translation.source_hashes, **known}
    translation.source_digest = combined(translation.source_hashes)
    translation.save(update_fields=["source_hashes", "source_digest"])


def _write(translation: ArticleTranslation, planner: "_Planner", plan: Plan) -> None:
    texts = {change.id: change.after for change in plan.changes}
    blocks = {unit: block for unit, block in planner.blocks.items() if unit in texts}
    if blocks:
        composed = compose(planner.source, planner.target, blocks)
        translation.body = join_blocks(composed)
        translation.block_ids = pack_stamps(_as_split(translation.body, composed))
        translation.save(update_fields=["body", "block_ids"])
    source = source_of(translation)
    fields = {unit: text for unit, text in texts.items() if unit.startswith("@")}
    write_fields(translation, source, fields)


def _as_split(body: str, composed: tuple[Block, ...]) -> tuple[Block, ...]:
    """The body's blocks with the ids they were composed with."""
    found = split_body(body).blocks
    if len(found) != len(composed):
        return ()
    return tuple(replace(block, id=known.id) for block, known in zip(found, composed, strict=True))


class _Planner:
    """Compares one file with one translation; ``blocks`` are the texts of the body as blocks."""

    def __init__(
        self,
        translation: ArticleTranslation,
        handoff: Handoff,
        problems: Collection[HandoffProblem],
    ) -> None:
        self.translation, self.handoff = translation, handoff
        self.problems = list(problems)
        self.blocks: dict[str, Block] = {}
        self._refuse_other_texts()
        source = source_of(translation)
        if source is None:
            raise HandoffRefused(
                self.problems
                or [HandoffProblem(_("There is no text in the source language to translate from."))]
            )
        self.source, self.target = build_document(source), build_document(translation)
        self.source_units = {unit.id: unit for unit in units_of(self.source)}
        self.target_units = {unit.id: unit for unit in units_of(self.target)}
        self.models = {block.id: block for block in self.source.blocks}

    def plan(self) -> Plan:
        changes: list[UnitChange] = []
        confirmed: list[str] = []
        dropped: list[str] = []
        untranslated = 0
        for unit, answer in self.handoff.units.items():
            if unit not in self.source_units:
                if self._was_known(unit):
                    dropped.append(unit)
                else:
                    self._problem(_("This article has no such text."), unit)
            elif not answer.target_text.strip():
                untranslated += 1
            elif self._is_new(unit, answer):
                changes.append(self._change(unit, answer))
            elif answer.is_confirmed and self._is_lagging(unit, answer):
                confirmed.append(unit)
        self._refuse_halves(changes)
        if self.problems:
            raise HandoffRefused(self.problems)
        return Plan(
            self.translation.version, tuple(changes), tuple(confirmed), tuple(dropped), untranslated
        )

    def source_moved(self, unit: str) -> bool:
        """Whether the source of a unit is another than when the file was made."""
        return self.source_units[unit].digest != self.handoff.units[unit].source_digest

    def _refuse_other_texts(self) -> None:
        article, target = self.translation.article, self.handoff.target_language
        names = {article.slug, *article.old_slugs.values_list("slug", flat=True)}
        if self.handoff.article and self.handoff.article not in names:
            self._problem(
                _("The file belongs to another article: %(article)s.")
                % {"article": self.handoff.article}
            )
        if self.translation.language == article.source_language:
            self._problem(
                _("This text is the source. A hand-off is imported into its translation.")
            )
        elif target and target != self.translation.language:
            self._problem(
                _("The file is a translation into %(tag)s, this text is in %(language)s.")
                % {"tag": _name(target), "language": _name(self.translation.language)}
            )
        elif self.handoff.source_language not in ("", article.source_language):
            self._problem(
                _("The file translates from %(tag)s, but the source language is %(language)s.")
                % {
                    "tag": _name(self.handoff.source_language),
                    "language": _name(article.source_language),
                }
            )

    def _problem(self, message: str, unit: str = "") -> None:
        line = self.handoff.units[unit].line if unit in self.handoff.units else 0
        self.problems.append(HandoffProblem(message, unit, line))

    def _was_known(self, unit: str) -> bool:
        return unit in self.translation.source_hashes or unit in self.target_units

    def _is_new(self, unit: str, answer: HandoffUnit) -> bool:
        present = self.target_units.get(unit)
        here = fingerprint(present.text) if present else ""
        return answer.is_changed and fingerprint(answer.target_text) != here

    def _is_lagging(self, unit: str, answer: HandoffUnit) -> bool:
        known = self.translation.source_hashes.get(unit)
        return unit in self.target_units and known != answer.source_digest

    def _change(self, unit: str, answer: HandoffUnit) -> UnitChange:
        source, present = self.source_units[unit], self.target_units.get(unit)
        before = present.text if present else ""
        here = fingerprint(before) if present else ""
        return UnitChange(
            id=unit,
            label=describe(source),
            source=source.text,
            before=before,
            after=self._checked(source, answer.target_text),
            source_moved=self.source_moved(unit),
            changed_here=here != answer.exported,
        )

    def _checked(self, unit: Unit, text: str) -> str:
        """The text as it can be stored; what it cannot be is a problem."""
        text = text.strip("\n")
        if not unit.is_block:
            return self._checked_field(unit, text.strip())
        block = block_from(text, self.models[unit.id])
        if block is None:
            self._problem(
                _("This must stay one block of the same kind: %(kind)s.")
                % {"kind": describe(unit)},
                unit.id,
            )
        else:
            self.blocks[unit.id] = block
        return text

    def _checked_field(self, unit: Unit, text: str) -> str:
        most = limit_of(unit.id)
        if most:
            text = text.replace("\n", " ")
        if most and len(text) > most:
            self._problem(
                _("At most %(most)s characters fit here, and the text has %(count)s.")
                % {"most": most, "count": len(text)},
                unit.id,
            )
        return text

    def _refuse_halves(self, changes: Collection[UnitChange]) -> None:
        """A callout or a claim that this language does not have yet needs its main texts."""
        there = set(self.target_units) | {change.id for change in changes}
        for unit in sorted(_needed_by(change.id for change in changes) - there):
            if unit in self.source_units:
                self._problem(
                    _("%(text)s must be translated too.") % {"text": describe_field(unit)}, unit
                )


def _name(code: str) -> str:
    """A language's own name; what is no language of the site stays as it is."""
    return BY_CODE[code].name if code in BY_CODE else code


def _needed_by(units: Collection[str]) -> set[str]:
    """The texts without which the row that a unit belongs to cannot be stored."""
    needed = set()
    for unit in units:
        name, _colon, rest = unit.partition(":")
        key = rest.rpartition(":")[0]
        if name == "@callout":
            needed |= {f"@callout:{key}:label", f"@callout:{key}:text"}
        elif name == "@statement":
            needed.add(f"@statement:{key}:text")
    return needed
