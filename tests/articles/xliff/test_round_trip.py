"""Text → XLIFF → text is the identity, and the file is what the standard calls XLIFF 2.0."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree
from translate.storage.xliff2 import Xliff2File

from articles.building import build_document
from articles.markdown.blocks import clean_source
from articles.models import ArticleTranslation
from articles.units import units_of
from articles.xliff.reader import read_xliff
from healthsite.languages import BY_CODE
from tests.articles.xliff.files import document, export
from tests.articles.xliff.test_marks import TEXTS

SCHEMA = Path(__file__).parent / "schema" / "xliff-core-2.0.xsd"
CORE = "{urn:oasis:names:tc:xliff:document:2.0}"


@pytest.fixture(scope="module")
def schema():
    return etree.XMLSchema(etree.parse(SCHEMA))


def pairs() -> list[tuple[ArticleTranslation, ArticleTranslation]]:
    """Every text of the demo site with its other language, in both directions."""
    return [
        (other, translation)
        for translation in ArticleTranslation.objects.select_related("article")
        for other in translation.article.translations.exclude(pk=translation.pk)
    ]


def texts(data: bytes) -> dict[str, str]:
    """The translated texts of a file by unit."""
    return {unit: answer.target_text for unit, answer in read_xliff(data).units.items()}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_a_text_comes_back_as_it_was(text):
    source = document("zh-hans", standfirst="镁 [@a] **b**")
    target = document("en", standfirst=text)
    units = read_xliff(export(source, target)).units
    expected = clean_source(text)
    assert units["@standfirst"].target_text == (expected if expected.strip() else "")
    assert not units["@standfirst"].is_changed


@given(TEXTS.filter(lambda text: text.strip()))
def test_a_source_copied_over_is_the_source(text):
    """What a program does that fills targets with the source: every mark is there."""
    source = document("zh-hans", standfirst=text)
    root = etree.fromstring(export(source))
    for segment in root.iter(f"{CORE}segment"):
        copied = etree.fromstring(etree.tostring(segment[0], with_tail=False))
        copied.tag = f"{CORE}target"
        segment.append(copied)
    expected = clean_source(text)
    units = read_xliff(etree.tostring(root)).units
    assert units["@standfirst"].target_text == (expected if expected.strip() else "")


@given(TEXTS, TEXTS)
def test_every_file_is_valid(schema, source_text, target_text):
    source = document("en", standfirst=source_text)
    data = export(source, document("zh-hans", standfirst=target_text), stale={"@standfirst"})
    schema.assertValid(etree.fromstring(data))


def test_the_demo_site_is_valid_and_says_the_same_in_both_directions(demo_site, schema):
    for source, target in pairs():
        source_document, target_document = build_document(source), build_document(target)
        data = export(source_document, target_document)
        schema.assertValid(etree.fromstring(data))
        handoff = read_xliff(data)
        assert handoff.source_language == source.language
        assert handoff.target_language == target.language
        assert list(handoff.units) == [u.id for u in units_of(source_document) if u.has_words]
        present = {unit.id: unit.text for unit in units_of(target_document)}
        for unit in units_of(source_document):
            if unit.has_words:
                answer = handoff.units[unit.id]
                assert answer.target_text == present.get(unit.id, "")
                assert answer.source_digest == unit.digest
                assert not answer.is_changed


def test_the_translate_toolkit_reads_and_writes_it(demo_site):
    for source, target in pairs():
        data = export(build_document(source), build_document(target))
        store = Xliff2File.parsestring(data)
        assert store.getsourcelanguage() == BY_CODE[source.language].tag
        assert store.gettargetlanguage() == BY_CODE[target.language].tag
        assert len(store.units) == len(read_xliff(data).units)
        assert all(unit.source for unit in store.units)
        assert texts(bytes(store)) == texts(data)


def test_what_the_toolkit_translates_is_read():
    store = Xliff2File.parsestring(export(document("en", standfirst="Sleep & light")))
    for unit in store.units:
        unit.target = "睡眠<与>光线"
    units = read_xliff(bytes(store)).units
    assert {answer.target_text for answer in units.values()} == {"睡眠<与>光线"}
    assert all(answer.is_changed for answer in units.values())
