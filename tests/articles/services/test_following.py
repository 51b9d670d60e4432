"""Which source each passage follows: an edit or an editor's word moves it, nothing else does."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import services
from articles.building import build_document
from articles.models import Article, ArticleTranslation, AuditEntry, Figure, ProductMention
from articles.units import MENTION, digests_of, units_of
from tests.factories import (
    make_article,
    make_claim,
    make_image,
    make_product,
    make_statement,
    make_translation,
)

pytestmark = pytest.mark.django_db

PLACES = ("one", "two", "three")
HEADINGS = {"zh-hans": "标题", "en": "Heading"}


def body_of(language: str, texts: dict[str, str]) -> str:
    """A heading with an address for each text: its id is known and the same in both languages."""
    return "\n\n".join(
        f"## {HEADINGS[language]} {text} {{#{place}}}" for place, text in texts.items()
    )


def save(text: ArticleTranslation, words: dict[str, str] | None = None, **fields) -> None:
    """An editor's save: the rows, then the revision."""
    if words is not None:
        text.body = body_of(text.language, words)
    confirmed = fields.pop("confirmed", ())
    for name, value in fields.items():
        setattr(text, name, value)
    text.save()
    services.save_revision(text, confirmed=confirmed)


@pytest.fixture
def pair():
    """A source and its translation, both saved once, each with three headings."""
    article = make_article()
    texts = [make_translation(article=article, language=code) for code in ("zh-hans", "en")]
    for text in texts:
        save(text, dict.fromkeys(PLACES, "0"))
    return texts


def behind(translation: ArticleTranslation) -> set[str]:
    """Units of the source that the translation, as it is stored, does not follow as they are."""
    row = ArticleTranslation.objects.get(pk=translation.pk)
    source = digests_of(build_document(services.saving.source_of(row)))
    return {unit for unit, digest in source.items() if row.source_hashes.get(unit) != digest}


def words(**changed: str) -> dict[str, str]:
    return dict.fromkeys(PLACES, "0") | changed


def test_first_save_follows_the_source_as_it_is(pair):
    source, translation = pair
    assert translation.source_hashes == digests_of(build_document(source))
    assert behind(translation) == set()


def test_source_follows_nothing(pair):
    assert (pair[0].source_hashes, pair[0].source_digest) == ({}, "")


def test_change_of_the_source_leaves_the_translation_behind_and_untouched(pair):
    source, translation = pair
    before = ArticleTranslation.objects.filter(pk=translation.pk).values().get()
    save(source, words(two="1"), title="新的标题")
    assert ArticleTranslation.objects.filter(pk=translation.pk).values().get() == before
    assert translation.revisions.count() == 1
    assert behind(translation) == {"two", "@title"}


def test_save_that_touches_nothing_leaves_it_behind(pair):
    source, translation = pair
    save(source, words(two="1"))
    save(translation)
    assert behind(translation) == {"two"}


def test_edit_of_one_passage_clears_that_passage_only(pair):
    source, translation = pair
    save(source, words(one="1", two="1"), title="新的标题")
    save(translation, words(two="1"))
    assert behind(translation) == {"one", "@title"}
    save(translation, title="A new title")
    assert behind(translation) == {"one"}


def test_editor_can_say_that_a_passage_is_still_correct(pair, user):
    source, translation = pair
    save(source, words(one="1", two="1"))
    version = translation.version
    services.confirm_units(translation, ["two"], user=user, expected_version=version)
    assert behind(translation) == {"one"}
    assert translation.revisions.count() == 1
    assert ArticleTranslation.objects.get(pk=translation.pk).version == version + 1
    entry = AuditEntry.objects.get(act="confirmed")
    assert (entry.user, entry.details) == (user, {"units": ["two"]})


def test_what_was_confirmed_falls_behind_again(pair):
    source, translation = pair
    save(source, words(two="1"))
    services.confirm_units(translation, ["two"])
    save(source, words(two="2"))
    assert behind(translation) == {"two"}


def test_source_that_goes_back_to_what_was_translated_is_followed_again(pair):
    source, translation = pair
    save(source, words(two="1"))
    save(source, words())
    assert behind(translation) == set()


def test_passage_that_the_source_gained_is_missing_until_it_is_there(pair):
    source, translation = pair
    save(source, words(four="0"))
    assert behind(translation) == {"four"}
    save(translation, words(one="1"))
    assert behind(translation) == {"four"}
    save(translation, words(one="1", four="0"))
    assert behind(translation) == set()


def test_passage_that_was_here_before_its_source_does_not_follow_it(pair):
    source, translation = pair
    save(translation, words(four="0"))
    save(source, words(four="0"))
    save(translation)
    assert behind(translation) == {"four"}


def test_passage_can_be_left_out_on_purpose(pair):
    source, translation = pair
    save(source, words(four="0"))
    services.confirm_units(translation, ["four"])
    translation.refresh_from_db()
    save(translation, words(one="1"))
    assert behind(translation) == set()
    save(source, words(four="1"))
    assert behind(translation) == {"four"}


def test_passage_that_was_taken_out_here_is_missing(pair):
    _source, translation = pair
    save(translation, {"one": "0", "two": "0"})
    assert behind(translation) == {"three"}


def test_passage_that_the_source_gave_up_is_told_until_it_is_gone_or_confirmed(pair):
    source, translation = pair
    save(source, {"one": "0"})
    save(translation)
    assert translation.source_hashes.keys() - digests_of(build_document(source)) == {"two", "three"}
    save(translation, {"one": "0", "two": "0"})
    assert translation.source_hashes.keys() - digests_of(build_document(source)) == {"two"}
    services.confirm_units(translation, ["two"])
    translation.refresh_from_db()
    assert translation.source_hashes.keys() == digests_of(build_document(source)).keys()


def test_tag_that_only_places_something_is_current_where_it_stands(pair):
    source, translation = pair
    tagged = "\n\n[[callouts:a]]\n"
    for text in pair:
        save(text, body=body_of(text.language, words()) + tagged)
    tags = {unit.id for unit in units_of(build_document(source)) if not unit.has_words}
    assert len(tags) == 1
    save(source, body=body_of("zh-hans", words()) + "\n\n[[callouts:a,b]]\n")
    save(translation)
    assert behind(translation) == set()
    save(translation, body=body_of("en", words()))
    assert behind(translation) == tags


def test_captions_and_the_words_of_claims_are_followed_one_by_one(pair):
    source, translation = pair
    claim = make_claim(article=source.article)
    rows = {}
    for text in pair:
        figure = Figure.objects.create(
            translation=text, key="a", image=make_image(key=text.language), alt="a", caption="c"
        )
        rows[text.pk] = (figure, make_statement(translation=text, claim=claim))
        save(text)
    figure, statement = rows[source.pk]
    figure.caption = figure.alt = "改过的"
    figure.save()
    statement.text = "改过的"
    statement.save()
    save(source)
    assert behind(translation) == {"@figure:a:alt", "@figure:a:caption", "@statement:C1:text"}
    figure = rows[translation.pk][0]
    figure.alt = "mended"
    figure.save()
    save(translation)
    assert behind(translation) == {"@figure:a:caption", "@statement:C1:text"}


def test_hidden_mention_stays_as_far_behind_as_it_was(pair):
    source, translation = pair
    product = make_product()
    mentions = {
        text.pk: ProductMention.objects.create(translation=text, product=product, text="a")
        for text in pair
    }
    for text in pair:
        save(text)
    mentions[source.pk].text = "改过的"
    mentions[source.pk].save()
    save(source)
    assert behind(translation) == {MENTION}
    for is_shown in (False, True):
        Article.objects.update(shows_products=is_shown)
        for text in pair:
            text.refresh_from_db()
            save(text)
            save(text, words(one=str(is_shown)))
        assert behind(translation) == {MENTION}


def test_translation_without_a_source_follows_nothing():
    text = make_translation(article=make_article(source_language="en"))
    save(text)
    assert text.source_hashes == {}


def test_digests_of_both_texts_are_equal_only_where_nothing_is_behind(pair):
    source, translation = pair
    assert source.units_digest == translation.source_digest != ""
    save(source, words(two="1"))
    assert source.units_digest != translation.source_digest
    save(translation, words(two="1"))
    assert source.units_digest == translation.source_digest


def test_publication_freezes_which_source_it_was_made_from(pair):
    source, translation = pair
    translation.refresh_from_db()
    first = services.publish(translation, change="first", override_reason="Test.")
    known = dict(translation.source_hashes)
    save(source, words(two="1"))
    save(translation, words(two="1"))
    first.refresh_from_db()
    assert first.source_digests == known != translation.source_hashes


# Any sequence of edits

STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(["source", "translation"]),
            st.sampled_from(PLACES),
            st.sampled_from(["0", "1", "2", None]),
        ),
        st.tuples(st.just("confirm"), st.sampled_from(PLACES), st.none()),
        st.tuples(st.just("touch nothing"), st.none(), st.none()),
    ),
    max_size=8,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_passage_is_current_only_if_it_was_touched_after_its_source_changed(steps):
    """What the source said when a passage was last touched is what the source says now."""
    article = make_article()
    texts = {
        name: make_translation(article=article, language=code)
        for name, code in (("source", "zh-hans"), ("translation", "en"))
    }
    said = {name: dict.fromkeys(PLACES, "0") for name in texts}
    for name, text in texts.items():
        save(text, said[name])
    seen: dict[str, str | None] = dict(said["source"])
    for act, place, value in steps:
        if act == "confirm":
            services.confirm_units(texts["translation"], [place])
            texts["translation"].refresh_from_db()
            seen[place] = said["source"].get(place)
        elif act == "touch nothing":
            save(texts["translation"])
        else:
            was = said[act].get(place)
            said[act] = {
                key: new
                for key in PLACES
                if (new := value if key == place else said[act].get(key)) is not None
            }
            save(texts[act], said[act])
            if act == "translation" and was != value:
                seen[place] = said["source"].get(place) if value is not None else None
        now = said["source"]
        expected = {place for place in now if seen.get(place) != now[place]}
        assert behind(texts["translation"]) == expected
