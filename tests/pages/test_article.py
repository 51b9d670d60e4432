"""The demo article as readers get it: what it owes to its authors, its evidence and its readers."""

import re
from functools import cache

import pytest
import yaml
from bs4 import Tag

from articles import services
from articles.models import Article
from authors.models import Author
from tests import conftest
from tests.crawl import LANGUAGES, TAGS, parse, say, text_of

SLUG = "d3-k2-magnesium"
PATH = "/{}/articles/d3-k2-magnesium/"
TITLES = {
    "zh-hans": "补了维生素D3却没见效?关键在缺镁",
    "en": "Taking Vitamin D3 but Seeing No Results? The Missing Key Is Magnesium",
}
CREDITS = {
    "zh-hans": [
        ("Louise W Lu", "作者", "博士、公共卫生硕士、医学实验学士"),
        ("Alexandra V Goldberg", "作者、审阅", "注册营养师"),
    ],
    "en": [
        (
            "Louise W Lu",
            "Author",
            "PhD; Master of Public Health; bachelor’s degree in medical laboratory science",
        ),
        (
            "Alexandra V Goldberg",
            "Author and reviewer",
            "registered nutrition professional (注册营养师), New Zealand",
        ),
    ],
}
GRADES = {
    "strong": "Strong evidence",
    "moderate": "Moderate evidence",
    "limited": "Limited evidence",
    "mechanistic": "Mechanistic only",
    "unverified": "Not verified",
}
ICONS = ["anxiety", "cramps", "fatigue", "sleep"]

both_languages = pytest.mark.parametrize("code", LANGUAGES)


@pytest.fixture
def pages(demo_pages) -> dict[str, Tag]:
    """The article's soup in each language."""
    return {code: demo_pages[PATH.format(code)].soup for code in LANGUAGES}


@cache
def source() -> dict:
    folder = conftest.FIXTURES / "articles" / SLUG
    data = yaml.safe_load((folder / "article.yaml").read_text(encoding="utf-8"))
    for code in LANGUAGES:
        text = (folder / f"{code}.md").read_text(encoding="utf-8")
        _start, head, body = re.split(r"^---$", text, maxsplit=2, flags=re.M)
        data[code] = yaml.safe_load(head) | {"body": body, "whole": text}
    return data


def grade_words(code: str) -> set[str]:
    return {say(code, words) for words in GRADES.values()}


def letters(text: str) -> str:
    """The letters and digits of a text: what typesetting never changes."""
    return "".join(character for character in text if character.isalnum())


def without_citations(markdown: str) -> str:
    return re.sub(r"\[@[^\]]*\]", "", markdown)


def words_of(tag: Tag) -> str:
    """The letters of an element without its citations and links."""
    strings = tag.find_all(string=True)
    return letters("".join(s for s in strings if not s.find_parent(["sup", "a", "svg"])))


# Titles and people


@both_languages
def test_both_titles_are_there_exactly_as_given(pages, code):
    other = next(item for item in LANGUAGES if item != code)
    group = pages[code].find("hgroup")
    assert text_of(group.h1) == TITLES[code]
    assert text_of(group.p) == TITLES[other]
    assert group.p["lang"] == TAGS[other]


@both_languages
def test_byline_names_authors_in_order_with_roles_and_credentials(pages, code):
    entries = [
        (text_of(item.a), text_of(item.small)) for item in pages[code].select(".byline > li")
    ]
    comma = {"zh-hans": "，", "en": ", "}[code]
    assert entries == [
        (name, f"{role}{comma}{credentials}") for name, role, credentials in CREDITS[code]
    ]


@both_languages
def test_biographies_follow_the_byline_and_give_the_numbers_as_stated(pages, code):
    bios = pages[code].select(".author-bio")
    assert [text_of(bio.h3) for bio in bios] == [name for name, _role, _words in CREDITS[code]]
    for bio, number in zip(bios, ("82021301", "20-02273"), strict=True):
        assert number in text_of(bio.select_one(".registration"))
        assert not bio.select(".registration--confirmed")


@both_languages
def test_nobody_is_given_a_title_that_was_not_confirmed(demo_pages, code):
    for page in demo_pages.values():
        text = text_of(page.soup.body).lower()
        for title in ("registered dietitian", "registered nutritionist", "medically reviewed"):
            assert title not in text, page.url


@both_languages
def test_review_is_never_called_independent(pages, code):
    line = text_of(pages[code].select_one(".review-line"))
    if code == "en":
        assert "The reviewer is also an author; this is not independent review." in line
        claims = re.findall(r"(\w+ )(?=independent(?:ly)? review)", text_of(pages[code].body))
        assert claims
        assert set(claims) == {"not "}
    else:
        claims = re.findall(r"(\w{0,4})独立审", text_of(pages[code].body))
        assert "独立审" in line
        assert all("不" in words or "未" in words for words in claims)
    html = str(pages[code])
    assert "reviewedBy" not in html


@both_languages
def test_byline_belongs_to_the_original_and_the_page_says_so(pages, code):
    label = text_of(pages[code].select_one(".byline-label"))
    assert label == say(code, "Original article by")
    review = text_of(pages[code].select_one(".review-line p"))
    assert review.startswith(say(code, "Adapted by the editors."))


@both_languages
def test_label_of_the_original_is_quoted_as_it_is(pages, code):
    quote = pages[code].select_one(".review-line q")
    assert quote.get_text() == "学习时间: 1'"
    assert quote["lang"] == "zh-Hans"


# The commercial mention


@both_languages
def test_disclosure_stands_at_the_top_and_beside_the_product(pages, code):
    soup = pages[code]
    top = soup.select_one(".top-note--commercial")
    product = soup.select_one("aside.disclosure")
    wording = {
        "zh-hans": ("利益披露", "可能与该品牌有商业利益关系", "不代表其可诊断、治疗或预防任何疾病"),
        "en": ("Disclosure:", "may have a commercial interest", "diagnose, treat or prevent any"),
    }[code]
    for place in (top, product):
        assert all(words in text_of(place) for words in wording)
    assert soup.find("h1").sourceline < top.sourceline < soup.select_one(".prose").sourceline
    assert not product.find_parent(class_="symptom")


@both_languages
def test_product_is_named_exactly_and_in_its_own_language(pages, code):
    name = pages[code].select_one("aside.disclosure h3 span")
    assert text_of(name) == "Health Life® 海藻钙 D3 K2 骨骼健康配方"
    assert name.get("lang") == (None if code == "zh-hans" else "zh-Hans")
    assert not name.find("a")


def test_switching_products_off_removes_every_trace_of_them_from_the_page(demo_site, client):
    article = Article.objects.get(slug=SLUG)
    for code in LANGUAGES:
        assert "Health Life" in client.get(PATH.format(code)).content.decode()
    article.shows_products = False
    article.save()
    for translation in article.translations.all():
        services.publish(translation, change="clarification")
    for code in LANGUAGES:
        html = client.get(PATH.format(code)).content.decode()
        soup = parse(html)
        assert "Health Life" not in html
        assert not soup.select(".disclosure, .top-note--commercial")
        assert not re.search(r"利益披露|Disclosure:|含广告", text_of(soup.main))
        assert len(soup.select(".symptom")) == 4


# Evidence


@both_languages
def test_every_claim_has_a_badge_with_its_grade_and_its_reason(pages, code):
    notes = [
        (text_of(note.summary), words_of(note.p)) for note in pages[code].select("details.why")
    ]
    statements = {item["claim"]: item for item in source()[code]["statements"]}
    assert {item["key"] for item in source()["claims"]} == set(statements)
    for claim in source()["claims"]:
        statement = statements[claim["key"]]
        reason = letters(without_citations(statement["basis"] or statement["text"]))
        assert (say(code, GRADES[claim["grade"]]), reason) in notes, claim["key"]


@both_languages
def test_every_badge_leads_to_the_meaning_of_its_grade(pages, demo_pages, code):
    grades = {say(code, words): grade for grade, words in GRADES.items()}
    for note in pages[code].select("details.why"):
        address, fragment = note.find_all("a")[-1]["href"].split("#")
        assert address == f"/{code}/evidence-grades/"
        assert fragment == grades[text_of(note.summary)]
        assert fragment in demo_pages[address].ids


@both_languages
def test_every_badge_has_words_and_its_sign_is_decoration(pages, code):
    badges = pages[code].select(".evidence")
    assert {text_of(badge) for badge in badges} <= grade_words(code)
    assert all(badge.svg["aria-hidden"] == "true" for badge in badges)


@both_languages
def test_key_points_carry_their_grades(pages, code):
    points = pages[code].select(".at-a-glance li")
    assert 3 <= len(points) <= 7
    for point in points:
        assert text_of(point.p)
        assert text_of(point.select_one(".evidence")) in grade_words(code)


@both_languages
def test_references_are_listed_once_each_in_order_with_a_link_back(pages, code):
    soup = pages[code]
    entries = soup.select(".references li")
    assert [entry["id"] for entry in entries] == [f"r{n}" for n in range(1, len(entries) + 1)]
    texts = [text_of(entry) for entry in entries]
    assert len(set(texts)) == len(texts)
    for number, entry in enumerate(entries, 1):
        back = entry.select_one("a.back")
        assert back["href"] == f"#c{number}"
        assert back["aria-label"]
        first = soup.find(id=f"c{number}")
        assert first["href"] == f"#r{number}"
        assert text_of(first) == str(number)


@both_languages
def test_every_reference_that_is_cited_is_listed_and_no_other(pages, code):
    whole = source()[code]["whole"]
    cited = {
        key
        for marks in re.findall(r"\[(@[^\]]+)\]", whole)
        for key in re.findall(r"@([\w-]+)", marks)
    }
    text = letters(text_of(pages[code].select_one(".references")))
    listed = {
        item["key"]
        for item in source()["references"]
        if letters(item.get("doi") or item.get("url") or item.get("title") or item["label"])
        in text + letters(str(pages[code].select_one(".references")))
    }
    assert cited == listed
    assert len(pages[code].select(".references li")) == len(cited)


@both_languages
def test_citations_lead_into_the_list_and_say_what_they_are(pages, code):
    ids = {tag["id"] for tag in pages[code].find_all(id=True)}
    marks = pages[code].select("sup.cite a")
    assert len(marks) > 30
    for mark in marks:
        assert mark["href"].removeprefix("#") in ids
        assert text_of(mark) in mark["aria-label"]


# Figures and callouts


@both_languages
def test_figures_have_a_number_a_caption_a_description_and_a_text_version(pages, code):
    figures = pages[code].select("figure.diagram")
    assert [figure["id"] for figure in figures] == ["fig-activation", "fig-together"]
    sources = {item["key"]: item for item in source()[code]["figures"]}
    for number, figure in enumerate(figures, 1):
        given = sources[figure["id"].removeprefix("fig-")]
        caption = figure.figcaption
        assert text_of(caption.b) == {"zh-hans": f"图{number}", "en": f"Figure {number}"}[code]
        assert letters(without_citations(given["caption"])) in words_of(caption)
        drawings = figure.find_all("svg", role="img")
        assert [drawing["class"] for drawing in drawings] == [["tall"], ["wide"]]
        assert {drawing["aria-label"] for drawing in drawings} == {given["alt"]}
        steps = figure.select("figcaption details li")
        assert len(steps) == len(given["text"].strip().splitlines())


@both_languages
def test_figures_enlarge_without_script(pages, code):
    for figure in pages[code].select("figure.diagram"):
        frame = figure.select_one(".zoom")
        assert figure.select_one(".zoom__open")["href"] == f"#{frame['id']}"
        assert frame.select_one(".zoom__close")["href"] == f"#{figure['id']}"


@both_languages
def test_four_callouts_stand_in_order_with_silent_icons(pages, code):
    cards = pages[code].select(".symptom")
    given = source()[code]["callouts"]
    assert [item["icon"] for item in given] == ICONS
    assert [text_of(card.h3) for card in cards] == [item["label"] for item in given]
    for card in cards:
        assert card.svg["aria-hidden"] == "true"
        assert not card.find("img")
        assert card.select("details.why")


# The edition and the links


@both_languages
def test_edition_note_stands_near_the_top_and_at_the_end(pages, code):
    soup = pages[code]
    note = letters(without_citations(source()[code]["edition_note"]))
    top = soup.select_one(".top-notes .top-note:not(.top-note--commercial)")
    end = soup.select_one(".edition-note")
    assert note in words_of(top)
    assert note in words_of(end)
    assert top.sourceline < soup.select_one(".prose").sourceline < end.sourceline


@both_languages
def test_each_author_has_a_link_to_all_articles_and_none_to_an_unknown_website(pages, code):
    labels = (say(code, "All articles"), say(code, "Official website"))
    for bio, slug in zip(
        pages[code].select(".author-bio"), ("louise-w-lu", "alexandra-v-goldberg"), strict=True
    ):
        links = bio.select(".link-row a")
        assert [link["href"] for link in links] == [f"/{code}/authors/{slug}/"]
        assert text_of(links[0]).startswith(labels[0])
    assert labels[1] not in text_of(pages[code].body)


@both_languages
def test_official_website_appears_once_an_address_is_known(demo_site, client, code):
    Author.objects.filter(slug="louise-w-lu").update(website="https://author.example/")
    for path in (PATH.format(code), f"/{code}/authors/louise-w-lu/"):
        links = parse(client.get(path).content).find_all("a", href="https://author.example/")
        assert len(links) == 1
        assert "noopener" in links[0]["rel"]


def test_no_link_leads_nowhere(demo_pages):
    for page in demo_pages.values():
        for link in page.soup.find_all("a"):
            assert link.get("href") not in {None, "", "#"}, (page.url, link)


def test_no_address_is_invented(demo_pages):
    """Every address outside the site is that of a reference, as its record gives it."""
    known = set()
    for item in source()["references"]:
        if doi := item.get("doi"):
            known.add(f"https://doi.org/{doi}")
        if pmid := item.get("pmid"):
            known.add(f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/")
        if url := item.get("url"):
            known.add(url)
    for page in demo_pages.values():
        outside = {
            tag["href"]
            for tag in page.soup.find_all("a", href=re.compile("^(?!/|#|http://testserver)"))
            if not tag.find_parent(class_="share")
        }
        articles = (PATH.format(code) for code in LANGUAGES)
        if page.url in {path + end for path in articles for end in ("", "history/1/")}:
            assert outside <= known
        elif not page.url.endswith("/style-guide/"):
            assert not outside, page.url


@both_languages
def test_contents_list_every_section(pages, code):
    soup = pages[code]
    links = [link["href"].removeprefix("#") for link in soup.select(".toc a")]
    headings = [tag["id"] for tag in soup.select(".prose > h2")]
    assert links == [*headings, "authors"]


@both_languages
def test_page_prints_its_dates_and_a_reading_time_of_its_own(pages, code):
    dates = pages[code].select_one(".review-line .dates")
    assert dates.time["datetime"] == "2026-11-22"
    written = {"zh-hans": "2026年11月22日", "en": "22 November 2026"}[code]
    assert text_of(dates.time) == written
    assert re.search({"zh-hans": r"阅读约\d+分钟", "en": r"\d+ minute read"}[code], text_of(dates))
