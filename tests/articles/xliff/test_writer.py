"""What a translator's program gets to see."""

from lxml import etree

from articles.xliff.names import from_token, to_token
from articles.xliff.reader import read_xliff
from tests.articles.xliff.files import document, export

NS = {"x": "urn:oasis:names:tc:xliff:document:2.0"}
BODY = (
    "Sleep [@a] and {claim:C1}.\n\n## Why {#why}\n\n[[figure:pathway]]\n\n---\n\nMore **light**.\n"
)


def tree(*args, **values):
    return etree.fromstring(export(*args, **values))


def unit_of(root, name):
    return root.xpath("//x:unit[@name=$name]", namespaces=NS, name=name)[0]


def test_ids_are_tokens_and_come_back():
    for unit_id in ("@title", "@figure:a-b:alt", "b12a", "why", "_40_", "a b", "图"):
        token = to_token(unit_id)
        assert from_token(token) == unit_id
        assert all(sign.isascii() and (sign.isalnum() or sign in "_:.-") for sign in token)


def test_a_token_of_somebody_else_does_no_harm():
    assert from_token("_110000_") == "_110000_"
    assert from_token("_fffffffffffff_") == "_fffffffffffff_"


def test_only_texts_with_words_are_handed_off():
    source = document("en", body=BODY)
    names = tree(source).xpath("//x:unit/@name", namespaces=NS)
    words = [block.id for block in source.blocks if block.kind in ("paragraph", "heading")]
    assert names == ["@title", *words]


def test_a_mark_of_both_languages_has_one_number():
    source = document("en", standfirst="One [@a] two [@b].")
    target = document("zh-hans", standfirst="二[@b]一[@a]三[@c]。")
    unit = unit_of(tree(source, target), "@standfirst")
    assert unit.xpath("x:segment/x:source/x:ph/@id", namespaces=NS) == ["1", "2"]
    assert unit.xpath("x:segment/x:target/x:ph/@id", namespaces=NS) == ["2", "1", "3"]


def test_a_mark_the_translation_lacks_may_stay_away_unless_the_source_changed():
    source = document("en", standfirst="One [@a] two [@a].")
    target = document("zh-hans", standfirst="一[@a]。")

    def flags(**values):
        unit = unit_of(tree(source, target, **values), "@standfirst")
        return unit.xpath("x:segment/x:source/x:ph/@canDelete", namespaces=NS)

    assert sorted(flags()) == ["no", "yes"]
    assert flags(stale={"@standfirst"}) == ["no", "no"]


def test_states_tell_what_is_to_be_done():
    source = document("en", standfirst="One.", edition_note="Two.")
    target = document("zh-hans", standfirst="一。", title="题")
    root = tree(source, target, stale={"@standfirst"})
    states = {
        name: unit_of(root, name).xpath("string(x:segment/@state)", namespaces=NS)
        for name in ("@title", "@standfirst", "@edition-note")
    }
    assert states == {"@title": "translated", "@standfirst": "initial", "@edition-note": "initial"}
    assert not unit_of(root, "@edition-note").xpath("x:segment/x:target", namespaces=NS)


def test_a_lagging_text_says_so():
    source, target = document("en"), document("zh-hans")
    assert len(unit_of(tree(source, target), "@title").xpath("x:notes/x:note", namespaces=NS)) == 1
    lagging = unit_of(tree(source, target, stale={"@title"}), "@title")
    assert len(lagging.xpath("x:notes/x:note[@category='stale']", namespaces=NS)) == 1


def test_the_file_knows_where_it_belongs():
    handoff = read_xliff(export(document("en"), original="d3-k2", version=12))
    assert (handoff.article, handoff.version) == ("d3-k2", 12)
    assert (handoff.source_language, handoff.target_language) == ("en", "zh-hans")
