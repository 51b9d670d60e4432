"""The search's parts: folding, terms, words of a body, snippets, the index and its ranking."""

import datetime
import re
from html import escape, unescape
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import assume, example, given
from hypothesis import strategies as st

from articles import services
from articles.models import Publication, SearchText
from articles.searching.finding import find, terms_found, topics_of
from articles.searching.folding import START, fold, fold_with_places
from articles.searching.indexing import index_missing, index_publication, index_publications
from articles.searching.queries import MAX_LENGTH, MAX_TERMS, parse_query, query_string
from articles.searching.reading import paragraphs
from articles.searching.snippets import choose_line, excerpt, find_hits, highlight
from tests import factories

UNSEEN = "\u200b\u2060\u00ad\ufeff"
# Letters of both scripts, digits, marks of every kind folded, and what HTML must escape.
TEXTS = st.text(
    alphabet=st.sampled_from("镁钙维生素Dd3kKµμ25,. -–“”'’<>&\"；é\u0301\u00a0\u3000%" + UNSEEN)
    | st.characters(),
    max_size=80,
)


def plain(folded: str) -> str:
    return folded.replace(START, "")


# Folding


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("µg", "μg"),
        ("维生素 D", "维生素D"),
        ("维生素\u00a0D", "维生素D"),
        ("缺 镁", "缺镁"),
        ("25（OH）D", "25(OH)D"),
        ("２０００ IU", "2000IU"),
        ("2,000 IU", "2000 IU"),
        ("1,234,567", "1234567"),
        ("500 mg", "500mg"),
        ("㎎", "mg"),
        ("D₃", "D3"),
        ("STRASSE", "straße"),
        ("e\u0301clair", "ÉCLAIR"),
        ("don’t", "don't"),
        ("omega–3", "Omega-3"),
        ("follow-up", "follow  up"),
        *((f"维{unseen}生素", "维生素") for unseen in UNSEEN),
        ("a\x00b\ud800c", "abc"),
    ],
)
def test_what_a_reader_calls_the_same_folds_alike(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("D3", "D2"), ("25(OH)D", "1,25(OH)2D"), ("1.5", "15"), ("1,5", "15")]
)
def test_what_differs_stays_different(one, other):
    assert fold(one) != fold(other)


@given(TEXTS)
def test_both_ways_of_folding_agree_and_fold_nothing_twice(text):
    folded = fold_with_places(text)
    assert folded.text == fold(text)
    assert len(folded.starts) == len(folded.ends) == len(folded.text)
    places = zip(folded.starts, folded.ends, strict=True)
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert list(folded.starts) == sorted(folded.starts)
    assert "\n" not in folded.text
    assert not set(plain(folded.text)) & set(UNSEEN)


# What is typed


def words_of(typed: str) -> list[str]:
    return [plain(term.folded) for term in parse_query(typed).terms]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("镁 抽筋", ["镁", "抽筋"]),
        ("镁，抽筋、失眠。", ["镁", "抽筋", "失眠"]),
        ("维生素 D", ["维生素d"]),
        ("vitamin D 镁", ["vitamin d", "镁"]),
        ("omega 3", ["omega 3"]),
        ("维生素D3 缺镁", ["维生素d3", "缺镁"]),
        ("镁 D3", ["镁", "d3"]),
        ('"bone density" women', ["bone density", "women"]),
        ("“骨 密度” 女性", ["骨密度", "女性"]),
        ("Magnesium, cramps? (sleep)", ["magnesium", "cramps", "sleep"]),
        ("25(OH)D", ["25(oh)d"]),
        ("镁 镁 镁", ["镁"]),
        ("D", ["d"]),
        ("", []),
        ("   ", []),
        ('"" “” ?! … % _ . *', []),
        ("\x00\x01\ud800", []),
    ],
)
def test_terms_of_what_is_typed(typed, words):
    assert words_of(typed) == words


@given(st.text(max_size=300))
@example("\x00" * 10_000 + "镁")
@example("a" * 10_000)
@example("(" * 200)
@example('"' * 201)
def test_whatever_is_typed_has_bounds_and_can_be_repeated(typed):
    query = parse_query(typed)
    assert len(query.text) <= MAX_LENGTH
    assert len(query.terms) <= MAX_TERMS
    assert query.text.isprintable()
    assert parse_query(query.text).terms == query.terms
    query_string(query.text).encode("ascii")


def test_no_more_than_eight_terms_are_looked_for():
    assert len(parse_query(" ".join("甲乙丙丁戊己庚辛壬癸")).terms) == MAX_TERMS


@pytest.mark.parametrize(
    ("typed", "text", "is_found"),
    [
        ("iron", "Iron and zinc", True),
        ("iron", "the environment", False),
        ("calciferol", "cholecalciferol", True),
        ("mg", "take 500mg daily", True),
        ("d", "vitamin D3", True),
        ("vitamin d", "vitamins and dates", False),
        ("维生素D", "补充维生素 D3", True),
        ("素", "维生素", True),
        ("%", "50% of people", False),
        ("50%", "50 % of people", True),
        (".*", "anything", False),
    ],
)
def test_short_words_are_found_at_the_beginnings_of_words(typed, text, is_found):
    query = parse_query(typed)
    assert bool(query and all(term in fold(text) for term in query.folded)) is is_found


# Words of a body


def test_words_of_a_body_are_those_that_readers_read():
    body = """
    <p>Magnesium<span class="tail">&nbsp;&amp; D3</span><sup class="cite"><a>1</a></sup>.</p>
    <ul><li>one<br>two</li></ul><a title="a > b" href="/x/">link</a>
    <svg><text>drawn</text></svg><table><tr><td>cell</td><td>next</td></tr></table>
    <details class="why"><summary><span class="evidence">Limited evidence</span></summary>
    <p>basis <a href="/">About this grade</a></p></details>
    <figcaption><b>Figure 1</b> ca\u00adpt\u2060ion</figcaption>
    <p class="figure-links"><a class="zoom__open" href="#f">Enlarge<span>!</span></a></p>
    <dl class="glossary"><dt>term</dt><dd>meaning <a class="back" href="#t">↩</a></dd></dl>
    <section class="references"><ol><li>A study<section>inner</section></li></ol></section><p>end
    of it</p>
    """
    assert list(paragraphs(body)) == [
        *("Magnesium & D3.", "one", "two", "link", "cell", "next", "caption", "term", "meaning"),
        "end of it",
    ]


@given(st.text(max_size=200))
@example("<p")
@example("<svg><p>")
@example('<a title="')
def test_words_of_anything_are_plain_lines(html):
    for text in paragraphs(html):
        assert text == " ".join(text.split()) != ""


@given(st.lists(TEXTS, max_size=5))
def test_escaped_paragraphs_come_back_as_they_were(texts):
    body = "".join(f"<p>{escape(text)}</p>" for text in texts)
    unseen = str.maketrans("", "", UNSEEN)
    expected = [" ".join(unescape(escape(text)).translate(unseen).split()) for text in texts]
    assert list(paragraphs(body)) == [text for text in expected if text]


# Snippets

MARK = re.compile(r"<mark>(.*?)</mark>", re.S)


def without_marks(html: str) -> str:
    return unescape(MARK.sub(r"\1", html))


@given(TEXTS, TEXTS, TEXTS, st.booleans())
@example("x" * 400, "<b>&amp;", "</mark>" * 60, False)
@example("镁" * 300, "维生素D", "钙" * 300, True)
@example("", "µg", "\u0301", False)
def test_excerpt_is_escaped_and_holds_the_hit(before, typed, after, is_chinese):
    query = parse_query(typed)
    assume(query)
    text = f"{before} {typed} {after}"
    assume(find_hits(fold_with_places(text), query.folded))
    html = excerpt(text, query.folded, is_chinese)
    marks = MARK.findall(html)
    assert marks
    assert set(re.findall("<[^>]*>", html)) <= {"<mark>", "</mark>"}
    assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#x27;)", html)
    assert without_marks(html).strip("…") in text
    for mark in marks:
        assert unescape(mark) in text
        assert any(term.strip(START) in fold(unescape(mark)) for term in query.folded)


@given(TEXTS, TEXTS)
def test_highlighting_changes_no_character(text, typed):
    assert without_marks(highlight(text, parse_query(typed).folded)) == text


@pytest.mark.parametrize(
    ("code", "sentence", "word", "least", "most"),
    [
        ("zh-hans", "骨骼需要多种营养素一起工作，", "镁", 60, 95),
        ("en", "Bones need many nutrients at once and, ", "magnesium", 140, 210),
    ],
)
def test_excerpt_of_a_long_text_is_about_so_long_and_cuts_no_word(
    code, sentence, word, least, most
):
    text = sentence * 20 + word + sentence * 20
    html = excerpt(text, parse_query(word).folded, code == "zh-hans")
    assert html.startswith("…")
    assert html.endswith("…")
    shown = without_marks(html).strip("…")
    assert least <= len(shown) <= most
    if code == "en":
        start = text.index(shown)
        assert not text[start - 1].isalpha() or not shown[0].isalpha()
        assert not text[start + len(shown)].isalpha() or not shown[-1].isalpha()


def test_hits_are_marked_as_they_are_written():
    html = highlight("维\u2060生素D₃与 <500 mg>", parse_query("维生素d3 500mg").folded)
    assert html == "<mark>维\u2060生素D₃</mark>与 &lt;<mark>500 mg</mark>&gt;"


def test_line_with_most_terms_is_shown_and_text_rather_than_a_heading():
    heading, short, long = "镁", "抽筋", f"镁与{'骨骼' * 20}"
    both = f"镁和抽筋{'骨骼' * 20}"
    assert choose_line([heading, long, both], ["镁", "抽筋"]) == 2
    assert choose_line([heading, long], ["镁"]) == 1
    assert choose_line([heading, short], ["镁"]) == 0
    assert choose_line(["骨"], ["镁"]) == -1


# The index


def published(language: str = "en", days: int = 0, **fields) -> Publication:
    """A text published some days ago, and indexed."""
    slug, kind = fields.pop("slug", ""), fields.pop("kind", "article")
    article = factories.make_article(slug=slug, kind=kind)
    translation = factories.make_translation(article=article, language=language, **fields)
    publication = factories.make_publication(
        translation=translation, live_from=timezone.now() - datetime.timedelta(days=days)
    )
    index_publication(publication)
    return publication


def found(typed: str, language: str = "en") -> list[int]:
    return [match.publication for match in find(language, parse_query(typed).folded)]


def test_index_is_made_once_and_anew_where_asked(db):
    factories.make_published_article()
    SearchText.objects.all().delete()
    assert index_missing() == 2
    assert index_missing() == 0
    SearchText.objects.update(body="old")
    assert index_publications(Publication.objects.all()) == 2
    assert SearchText.objects.count() == 2
    assert not SearchText.objects.filter(body="old").exists()


def test_index_follows_what_is_stored_and_not_the_object_in_hand(db):
    publication = published()
    Publication.objects.filter(pk=publication.pk).update(body_html="<p>Rendered anew</p>")
    index_publication(publication)
    assert plain(SearchText.objects.get(publication=publication).body) == "rendered anew"


def test_command_indexes_what_is_missing_and_with_all_everything(db):
    factories.make_published_article()
    SearchText.objects.all().delete()
    for arguments, count in (([], 2), ([], 0), (["--all"], 2)):
        out = StringIO()
        call_command("index_search", *arguments, stdout=out)
        assert str(count) in out.getvalue()


def test_title_counts_more_than_standfirst_and_that_more_than_the_body(db):
    in_body = published(body="Zinc is a metal.\n")
    in_standfirst = published(standfirst="About zinc.", days=1)
    in_title = published(title="Zinc", days=2)
    in_title_too = published(title="Zinc again", days=3)
    assert found("zinc") == [in_title.pk, in_title_too.pk, in_standfirst.pk, in_body.pk]


def test_all_terms_must_be_found_in_one_text(db):
    both = published(title="Zinc and iron")
    published(title="Zinc")
    assert found("iron zinc") == [both.pk]
    query = parse_query("zinc selenium")
    assert [term.words for term in terms_found("en", query.terms)] == ["zinc"]


def test_site_pages_come_after_articles(db):
    page = published(title="Zinc", kind="page")
    article = published(body="Zinc is a metal.\n", days=9)
    assert found("zinc") == [article.pk, page.pk]


@pytest.mark.parametrize("typed", ["镁", "缺镁", "维生素D", "维生素 D", "维生素d3", "25(OH)D"])
def test_short_chinese_words_are_found(db, typed):
    publication = published("zh-hans", body="缺镁时，维生素 D3 与25（OH）D。\n")
    assert found(typed, "zh-hans") == [publication.pk]
    assert found(typed, "en") == []


@pytest.mark.parametrize("typed", ["%", "_", "zin_", "z%c", "[z]inc", "zinc\\", "' OR 1=1 --"])
def test_no_character_means_anything_but_itself(db, typed):
    published(title="Zinc")
    assert found(typed) == []


def test_words_of_two_paragraphs_are_no_phrase(db):
    published(body="Ends with zinc\n\nIron begins.\n")
    assert found('"zinc iron"') == []


def test_only_what_readers_read_is_found(db):
    kept = published(title="Zinc now")
    later = timezone.now() + datetime.timedelta(hours=1)
    translation = kept.translation
    translation.title = "Selenium next"
    translation.save()
    coming = factories.make_publication(
        translation=translation, change="clarification", live_from=later
    )
    index_publication(coming)
    assert found("zinc") == [kept.pk]
    assert found("selenium") == []
    at_once = factories.make_publication(translation=translation, change="clarification")
    index_publication(at_once)
    assert found("zinc") == []
    assert found("selenium") == [at_once.pk]
    translation.refresh_from_db()
    services.withdraw(translation, note="Retracted.")
    assert found("selenium") == []
    factories.make_translation(title="草稿")
    assert found("草稿", "zh-hans") == []


def test_topics_are_those_of_what_was_found(db):
    topics = [factories.make_topic(slug=slug) for slug in ("bones", "sleep", "unused")]
    article = factories.make_published_article(topics=topics[:2], languages=["en"])
    index_missing()
    matches = find("en", parse_query("light").folded)
    assert [(item.slug, item.articles) for item in topics_of("en", matches)] == [
        ("bones", {article.pk}),
        ("sleep", {article.pk}),
    ]
