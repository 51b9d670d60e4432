"""A file comes back into the desk: what it changes, what it leaves, and what it is refused for."""

import dataclasses

import pytest

from articles.building import build_document
from articles.checking import findings_for
from articles.models import ArticleTranslation, Callout, Figure, ProductMention, Revision, Statement
from articles.services import EditConflict, save_revision
from articles.units import units_of
from articles.xliff.applying import apply_handoff, plan_handoff
from articles.xliff.problems import HandoffRefused
from articles.xliff.reader import HandoffUnit, read_xliff
from articles.xliff.writer import export_xliff
from tests.factories import (
    make_article,
    make_claim,
    make_image,
    make_product,
    make_statement,
    make_translation,
)

pytestmark = pytest.mark.django_db

SOURCE = "First.\n\n## Why {#why}\n\nSecond.\n\n---\n\nThird.\n"
TARGET = "一。\n\n## 为什么 {#why}\n\n二。\n\n---\n\n三。\n"


def make_pair(*, source_body=SOURCE, body=TARGET, **fields):
    """An English source and its Chinese translation, both saved."""
    article = make_article(source_language="en")
    source = make_translation(article=article, language="en", body=source_body)
    save_revision(source)
    translation = make_translation(article=article, language="zh-hans", body=body, **fields)
    save_revision(translation)
    return source, translation


def handed_off(translation, **texts):
    """The hand-off of a translation as it is now, with other texts by unit id."""
    source = translation.article.translations.exclude(pk=translation.pk).get()
    data = export_xliff(
        build_document(source),
        build_document(translation),
        translation.language,
        original=translation.article.slug,
        version=translation.version,
    )
    return with_texts(read_xliff(data), texts)


def with_texts(handoff, texts):
    units = dict(handoff.units)
    for unit, text in texts.items():
        units[unit] = dataclasses.replace(units[unit], target_text=text, is_confirmed=True)
    return dataclasses.replace(handoff, units=units)


def ids_of(translation):
    return [block.id for block in build_document(translation).blocks]


def test_a_file_that_came_back_untouched_changes_nothing():
    _source, translation = make_pair()
    assert plan_handoff(translation, handed_off(translation)).is_empty
    assert apply_handoff(translation, handed_off(translation), user=None) is None
    assert Revision.objects.filter(translation=translation).count() == 1


def test_the_demo_site_comes_back_as_it_went(demo_site):
    for translation in ArticleTranslation.objects.all():
        article = translation.article
        for language in {"zh-hans", "en"} - {translation.language}:
            article.source_language = language
            article.save()
            plan = plan_handoff(translation, handed_off(translation))
            assert (plan.changes, plan.dropped) == ((), ())


def test_the_demo_article_is_rebuilt_from_its_file_alone(demo_site):
    """Everything a translation says is in the file: an empty one becomes the same again."""
    translation = ArticleTranslation.objects.get(article__slug="d3-k2-magnesium", language="en")
    before = build_document(translation)
    handoff = handed_off(translation)
    units = {
        unit: dataclasses.replace(answer, exported="") for unit, answer in handoff.units.items()
    }
    for rows in (Figure, Callout, ProductMention, Statement):
        rows.objects.filter(translation=translation).delete()
    translation.body, translation.block_ids = "", []
    translation.save()
    apply_handoff(translation, dataclasses.replace(handoff, units=units), user=None)
    translation = ArticleTranslation.objects.get(pk=translation.pk)
    after = build_document(translation)
    assert texts_of(after, handoff) == texts_of(before, handoff)
    assert [block.id for block in after.blocks] == [
        block.id for block in before.blocks if block.id in ids_of_source(translation)
    ]


def texts_of(document, handoff):
    return {unit.id: unit.text.strip() for unit in units_of(document) if unit.id in handoff.units}


def ids_of_source(translation):
    source = translation.article.translations.get(language=translation.article.source_language)
    return ids_of(source)


def test_changed_texts_are_written_where_they_belong(django_user_model):
    source, translation = make_pair()
    ids = ids_of(source)
    user = django_user_model.objects.create(username="mei")
    handoff = handed_off(translation, **{"@title": "新题", ids[2]: "二，改过。"})
    revision = apply_handoff(translation, handoff, user=user)
    translation.refresh_from_db()
    assert translation.title == "新题"
    assert translation.body == "一。\n\n## 为什么 {#why}\n\n二，改过。\n\n---\n\n三。\n"
    assert ids_of(translation) == ids
    assert (revision.saved_by, translation.version) == (user, handoff.version + 1)


def test_nothing_is_written_into_the_source():
    source, translation = make_pair()
    before = build_document(source).to_dict()
    apply_handoff(translation, handed_off(translation, **{"@title": "新题"}), user=None)
    source.refresh_from_db()
    assert build_document(source).to_dict() == before
    assert source.version == 1
    handoff = dataclasses.replace(handed_off(translation), target_language="en")
    with pytest.raises(HandoffRefused):
        apply_handoff(source, handoff, user=None, expected_version=1)


@pytest.mark.parametrize("wanted", [0, 2, 4])
def test_one_block_of_an_empty_text_gets_the_id_of_its_source(wanted):
    source, translation = make_pair(body="")
    ids = ids_of(source)
    apply_handoff(translation, handed_off(translation, **{ids[wanted]: "一段。"}), user=None)
    translation.refresh_from_db()
    words = [block for block in build_document(translation).blocks if block.kind == "paragraph"]
    assert [block.id for block in words] == [ids[wanted]]


def test_a_missing_block_follows_the_block_it_follows_in_the_source():
    source, translation = make_pair(body="一。\n\n## 为什么 {#why}\n\n三。\n")
    ids = ids_of(source)
    here = ids_of(translation)
    missing = next(unit for unit in (ids[2], ids[4]) if unit not in here)
    handoff = handed_off(translation, **{missing: "新的一段。"})
    apply_handoff(translation, handoff, user=None)
    translation.refresh_from_db()
    assert ids_of(translation) == ids


def test_what_only_the_translation_has_stays():
    source, translation = make_pair(body=TARGET + "\n> 译者的话。\n")
    ids = ids_of(source)
    apply_handoff(translation, handed_off(translation, **{ids[0]: "改。"}), user=None)
    translation.refresh_from_db()
    assert translation.body == TARGET.replace("一。", "改。") + "\n> 译者的话。\n"


def test_rows_the_translation_lacks_are_made_after_the_source():
    source, translation = make_pair()
    article = source.article
    image = make_image(article=article)
    Figure.objects.create(translation=source, key="pathway", image=image, alt="A", caption="B")
    Callout.objects.create(translation=source, key="sleep", icon="sleep", label="L", text="T")
    claim = make_claim(article=article)
    make_statement(translation=source, claim=claim)
    product = make_product()
    ProductMention.objects.create(translation=source, product=product, text="P")
    texts = {
        "@figure:pathway:alt": "图",
        "@figure:pathway:caption": "图注",
        "@callout:sleep:label": "睡眠",
        "@callout:sleep:text": "睡得浅。",
        "@statement:C1:text": "结论。",
        "@statement:C1:basis": "理由。",
        "@mention:text": "产品。",
    }
    apply_handoff(translation, handed_off(translation, **texts), user=None)
    present = {unit.id: unit.text for unit in units_of(build_document(translation))}
    assert texts.items() <= present.items()
    figure = translation.figures.get()
    assert (figure.image, figure.alt, figure.caption) == (image, "图", "图注")
    assert translation.callouts.get().icon == "sleep"
    assert translation.statements.get().claim == claim
    assert (translation.mentions.get().product, translation.mentions.get().text) == (
        product,
        "产品。",
    )


def test_half_a_new_callout_is_refused():
    source, translation = make_pair()
    Callout.objects.create(translation=source, key="sleep", icon="sleep", label="L", text="T")
    handoff = handed_off(translation, **{"@callout:sleep:text": "睡得浅。"})
    with pytest.raises(HandoffRefused) as refusal:
        apply_handoff(translation, handoff, user=None)
    assert [problem.unit for problem in refusal.value.problems] == ["@callout:sleep:label"]
    assert not translation.callouts.exists()


class TestStaleness:
    def test_a_text_whose_source_moved_is_imported_and_stays_behind(self):
        source, translation = make_pair()
        ids = ids_of(source)
        handoff = handed_off(translation, **{ids[0]: "改。", ids[2]: "改二。"})
        seen = handoff.units[ids[0]].source_digest
        source.body = source.body.replace("First.", "First, and more.")
        source.save()
        save_revision(source)
        plan = plan_handoff(translation, handoff)
        assert {change.id: change.source_moved for change in plan.changes} == {
            ids[0]: True,
            ids[2]: False,
        }
        apply_handoff(translation, handoff, user=None)
        translation.refresh_from_db()
        current = {unit.id: unit.digest for unit in units_of(build_document(source))}
        assert translation.source_hashes[ids[0]] == seen != current[ids[0]]
        assert translation.source_hashes[ids[2]] == current[ids[2]]

    def test_a_translator_may_stand_by_a_lagging_text(self):
        source, translation = make_pair()
        ids = ids_of(source)
        source.body = source.body.replace("First.", "First, and more.")
        source.save()
        save_revision(source)
        handoff = handed_off(translation)
        unit = handoff.units[ids[0]]
        unconfirmed = {**handoff.units, ids[0]: dataclasses.replace(unit, is_confirmed=False)}
        idle = dataclasses.replace(handoff, units=unconfirmed)
        assert plan_handoff(translation, idle).is_empty
        assert plan_handoff(translation, handoff).confirmed == (ids[0],)
        apply_handoff(translation, handoff, user=None)
        translation.refresh_from_db()
        assert translation.source_hashes[ids[0]] == unit.source_digest
        assert plan_handoff(translation, handed_off(translation)).is_empty

    def test_a_text_the_source_dropped_is_left_out(self):
        source, translation = make_pair()
        ids = ids_of(source)
        handoff = handed_off(translation, **{ids[4]: "改。", "@title": "新题"})
        source.body = "First.\n\n## Why {#why}\n\nSecond.\n"
        source.save()
        save_revision(source)
        plan = plan_handoff(translation, handoff)
        assert plan.dropped == (ids[4],)
        assert [change.id for change in plan.changes] == ["@title"]


class TestConflicts:
    def test_a_translation_saved_since_the_export_is_not_overwritten(self):
        _source, translation = make_pair()
        handoff = handed_off(translation, **{"@title": "新题"})
        translation.title = "别人的题"
        translation.save()
        save_revision(translation)
        with pytest.raises(EditConflict):
            apply_handoff(translation, handoff, user=None)
        translation.refresh_from_db()
        assert translation.title == "别人的题"
        assert plan_handoff(translation, handoff).changes[0].changed_here

    def test_who_has_seen_both_texts_may_choose(self):
        source, translation = make_pair()
        ids = ids_of(source)
        handoff = handed_off(translation, **{"@title": "新题", ids[0]: "改。"})
        translation.title = "别人的题"
        translation.save()
        save_revision(translation)
        apply_handoff(
            translation,
            handoff,
            user=None,
            expected_version=translation.version,
            take={ids[0]},
        )
        translation.refresh_from_db()
        assert translation.title == "别人的题"
        assert translation.body.startswith("改。")


class TestRefusals:
    def refused(self, translation, handoff):
        with pytest.raises(HandoffRefused) as refusal:
            plan_handoff(translation, handoff)
        return [problem.unit for problem in refusal.value.problems]

    def test_other_articles_and_languages(self):
        _source, translation = make_pair()
        handoff = handed_off(translation)
        for wrong in (
            {"article": "another"},
            {"target_language": "en"},
            {"source_language": "zh-hans"},
        ):
            assert self.refused(translation, dataclasses.replace(handoff, **wrong)) == [""]

    def test_an_old_address_of_the_article_is_the_article(self):
        _source, translation = make_pair()
        translation.article.old_slugs.create(slug="before")
        handoff = dataclasses.replace(handed_off(translation), article="before")
        assert plan_handoff(translation, handoff).is_empty

    def test_every_unit_that_cannot_be_is_named(self):
        source, translation = make_pair()
        ids = ids_of(source)
        handoff = handed_off(
            translation,
            **{
                "@title": "长" * 201,
                ids[0]: "两段。\n\n不是一段。",
                "why": "不再是标题",
                ids[2]: "- 列表",
            },
        )
        units = {**handoff.units, "@nothing": HandoffUnit("1234", "无")}
        wrong = dataclasses.replace(handoff, units=units)
        assert set(self.refused(translation, wrong)) == {
            "@title",
            ids[0],
            "why",
            ids[2],
            "@nothing",
        }

    def test_without_a_source_there_is_nothing_to_compare(self):
        source, translation = make_pair()
        handoff = handed_off(translation)
        source.delete()
        assert self.refused(translation, handoff) == [""]


def test_an_import_goes_through_the_desk_checks():
    source, translation = make_pair()
    ids = ids_of(source)
    assert not [finding for finding in findings_for(translation) if finding.is_stop]
    apply_handoff(translation, handed_off(translation, **{ids[0]: "一[@nobody]。"}), user=None)
    translation.refresh_from_db()
    stops = [finding for finding in findings_for(translation) if finding.is_stop]
    assert ids[0] in {finding.block_id for finding in stops}
