"""A bundle that is wrong anywhere is refused whole, with the file, the line and what to do."""

from dataclasses import dataclass

import pytest

from articles.models import Article, Publication, Topic
from authors.models import Author
from tests.articles.bundles.files import (
    ARTICLE,
    AUTHOR,
    AUTHOR_EN,
    EN,
    FIGURE,
    PAGE,
    PAGE_EN,
    PUBLISH,
    SVG,
    ZH,
    BundleFiles,
    tables,
)

pytestmark = pytest.mark.django_db


@dataclass
class Slip:
    """Something an editor does to one file. ``at`` is a text on the line that must be named, or
    0 where the file as a whole is meant."""

    path: str
    old: str
    new: str
    at: str | int
    message: str


LONG = "x" * 401

SLIPS = {
    # YAML itself
    "a colon without quotation marks": Slip(
        EN, "title: Put", "title: Sleep: put", "title: Sleep", "belongs in quotation marks"
    ),
    "a tab for indentation": Slip(
        ARTICLE, "  file: fig", "\tfile: fig", "\tfile", "Indent with spaces, not with tabs."
    ),
    "a tab in a list of fields": Slip(
        ZH, "  alt: ", "  \talt: ", "\talt", "Indent with spaces, not with tabs."
    ),
    "a quotation mark never closed": Slip(
        EN, "alt: How", 'alt: "How', 'alt: "How', "The quotation mark opened here is never closed."
    ),
    "a bracket never closed": Slip(
        ARTICLE, "[magnesium]", "[magnesium", "nutrients", "The bracket opened here is not closed"
    ),
    "a brace never closed": Slip(
        "topics.yaml", "{name: Sleep}", "{name: Sleep", "{name: Sleep", "The bracket opened here"
    ),
    "a text that starts with an at sign": Slip(
        EN, "basis: One trial.[@chen2020]", "basis: @chen2020", "basis: @", "starts with @"
    ),
    "a text that starts with a back quote": Slip(
        EN, "alt: How", "alt: `How`", "alt: `", "starts with `"
    ),
    "a text that is a citation": Slip(
        EN, "text: Late to", "text: [@smith2019] Late to", "text: [@", "starts with @"
    ),
    "a wrong indentation": Slip(
        ARTICLE, "  file: fig", " file: fig", " file: fig", "check how far the line is indented"
    ),
    "a stray word": Slip(ARTICLE, "kind: article", "kind", 2, "check how far the line"),
    "an unknown escape": Slip(
        EN, "alt: How", 'alt: "How \\q"\n  caption: How', "\\q", "This is not valid YAML"
    ),
    "a field given twice": Slip(
        ARTICLE, "kind: article", "kind: article\nkind: article", 2, "“kind” stands twice"
    ),
    "a field given twice deep inside": Slip(
        EN, "  icon: sleep", "  icon: sleep\n  icon: sleep", 13, "“icon” stands twice"
    ),
    "an anchor": Slip(ARTICLE, "credit: E", "credit: &who E", "&who", "anchors and aliases"),
    "an alias": Slip(ARTICLE, "credit: Editors", "credit: *who", "*who", "anchors and aliases"),
    "a tag": Slip(EN, "seal: Sl", "seal: !!python/name:os.system Sl", "seal", "YAML tags"),
    "a merge key": Slip(ARTICLE, "kind: article", "<<: {a: b}", "<<", "“<<” is not known here"),
    "a list for a name": Slip(ARTICLE, "kind: article", "[a]: b", "[a]", "must be a plain word"),
    "a second document": Slip(
        "topics.yaml", "- slug: food", "---\n- slug: food", "---", "A second line ---"
    ),
    "a directive": Slip(ARTICLE, "kind: article", "%YAML 9.9\n---\nkind: article", 1, "not valid"),
    "nesting without end": Slip(
        ARTICLE, "topics: [sleep]", f"topics: {'[' * 50_000}", "topics", "nested too deep"
    ),
    "mappings without end": Slip(
        ARTICLE, "topics: [sleep]", f"topics: {'{a: ' * 50_000}", "topics", "nested too deep"
    ),
    "a list without end": Slip(
        ARTICLE, "topics: [sleep]", f"topics: [{'a,' * 120_000}]", "topics", "too long"
    ),
    "a null character in quotation marks": Slip(
        EN, "alt: How", 'alt: "How\\0"\n  caption: How', "\\0", "Remove the character U+0000"
    ),
    "an escaped direction override": Slip(
        EN, "seal: Sl", 'seal: "\\u202e"', "seal", "Remove the character U+202E RIGHT-TO-LEFT"
    ),
    "a line end that no editor shows": Slip(
        EN, "alt: How", "alt: How\u2028", "alt: How", "Remove the character U+2028 LINE SEPARATOR"
    ),
    "half a surrogate pair": Slip(
        EN, "seal: Sl", 'seal: "\\ud800"', "seal", "invalid Unicode character"
    ),
    # Fields
    "an unknown field of an article": Slip(
        ARTICLE, "kind: article", "knid: article", "knid", "“knid” is not known here. Known fields"
    ),
    "an unknown field of a text": Slip(
        EN, "standfirst:", "subtitle:", "subtitle", "“subtitle” is not known here"
    ),
    "an unknown field of a figure": Slip(EN, "  alt:", "  alt_text:", "alt_text", "not known here"),
    "an unknown field of a publication": Slip(
        EN, "  change: first", "  change: first\n  by: me", "by: me", "“by” is not known here"
    ),
    "an unknown language": Slip(
        "topics.yaml", "  en: {name: Food}", "  fr: {name: Repas}", "fr:", "“fr” is not known here"
    ),
    "a missing title": Slip(EN, "title: Put the", "seo_title: Put the", 2, "“title” is missing"),
    "an empty title": Slip(
        EN, "title: Put the phone away two hours before bed", "title:", 2, "“title” is missing"
    ),
    "a title of blanks": Slip(
        EN, "title: Put the phone away two hours before bed", "title: '  '", 2, "must not be empty"
    ),
    "a topic without a name in one language": Slip(
        "topics.yaml", "  en: {name: Food}", "  en: {}", "en: {}", "“name” is missing"
    ),
    "a topic without one language": Slip(
        "topics.yaml", "  en: {name: Food}\n", "", "slug: food", "“en” is missing"
    ),
    "a reference without a kind": Slip(
        ARTICLE, "  study_type: review\n", "", "key: smith2019", "“study_type” is missing"
    ),
    "a claim without a grade": Slip(
        ARTICLE, "grade: moderate, ", "", "key: C1", "“grade” is missing"
    ),
    "a publication without a time": Slip(
        EN, "  at: 2026-01-01T00:00:00+00:00\n", "", "change: first", "“at” is missing"
    ),
    "a withdrawal without a reason": Slip(
        EN, "publish:", "withdrawn: {at: 2026-02-01T00:00:00Z}\npublish:", "withdrawn", "is missing"
    ),
    "a list for a text": Slip(EN, "seal: Sl", "seal: [S, l]", "seal", "Expected a text"),
    "a text for a list": Slip(ARTICLE, "[sleep]", "sleep", "topics", "Expected a list."),
    "a text for fields": Slip(
        EN, PUBLISH, "publish: 2026-01-01\n", "publish:", "Expected fields: at, change"
    ),
    "a text in a list of records": Slip(
        ARTICLE, "- {author: jane-doe, role: author}", "- jane-doe", "- jane-doe", "Expected fields"
    ),
    "a mapping for a list": Slip(
        "topics.yaml", "- slug: sleep", "slug: sleep", 2, "check how far the line is indented"
    ),
    "yes for true": Slip(
        PAGE, "kind: page", "kind: page\nshows_products: yes", 2, "Expected true or false."
    ),
    "a number in words": Slip(ARTICLE, "year: 2019", "year: MMXIX", "year", "whole number from"),
    "a number beyond its range": Slip(
        ARTICLE, "kind: article", "kind: article\nscene: 6", "scene", "whole number from 1 to 5"
    ),
    "a negative number": Slip(ARTICLE, "participants: 180", "participants: -1", "-1", "0 to"),
    "an endless number": Slip(
        ARTICLE, "participants: 180", f"participants: {'9' * 5000}", "participants", "whole number"
    ),
    "a date that is none": Slip(
        AUTHOR, "2026-01-05", "2026-02-30", "2026-02-30", "a date such as 2026-11-22"
    ),
    "a date in words": Slip(AUTHOR, "2026-01-05", "5 Jan 2026", "5 Jan", "a date such as"),
    "a date for a time": Slip(
        EN, "at: 2026-01-01T00:00:00+00:00", "at: 2026-01-01", "at: 2026", "a time such as"
    ),
    "a time that is none": Slip(
        EN, "at: 2026-01-01T00", "at: 2026-01-01T25", "T25", "a time such as 2026-11-22T09"
    ),
    "a time at the end of time": Slip(
        EN, "at: 2026-01-01T00:00:00+00:00", "at: 9999-12-31T23:59:59-10:00", "9999", "a time such"
    ),
    "a first publication after this one": Slip(
        EN,
        "  change: first",
        "  change: typo\n  first_at: 2027-01-01T00:00:00Z",
        "first_at",
        "The first publication was not after this one.",
    ),
    "a change before the first publication": Slip(
        EN,
        "  change: first",
        "  change: typo\n  updated_at: 2020-01-01T00:00:00Z",
        "updated_at",
        "The last change lies between",
    ),
    "an address without a scheme": Slip(
        ARTICLE, "  doi: 10.1234/abcd", "  url: example.org/a", "url:", "starts with https://"
    ),
    "an address that runs a script": Slip(
        ARTICLE, "  doi: 10.1234/abcd", "  url: javascript:alert(1)", "url:", "starts with https://"
    ),
    "an address in capitals": Slip(
        AUTHOR, "is_active: true", "website: HTTPS://EXAMPLE.ORG", "website", "starts with https://"
    ),
    "an address with a line end": Slip(
        AUTHOR, "is_active: true", 'website: "https://a.example\\n"', "website", "https://"
    ),
    "a DOI with its address": Slip(
        ARTICLE, "10.1234/abcd", "https://doi.org/10.1234/abcd", "doi:", "a DOI looks like"
    ),
    "a PubMed number with letters": Slip(
        ARTICLE, "  doi: 10.1234/abcd", "  pmid: PMC123", "pmid", "has digits only"
    ),
    "a reference nobody can find": Slip(
        ARTICLE, "  doi: 10.1234/abcd\n", "", "key: chen2020", "Give a DOI, PubMed number, ISBN"
    ),
    "a reference that says nothing": Slip(
        ARTICLE, "  title: A trial\n", "", "key: chen2020", "Give a title, or a description"
    ),
    "an entry confirmed after its end": Slip(
        AUTHOR,
        "checked_on: 2026-01-05",
        "checked_on: 2026-01-05\n  valid_until: 2025-01-01",
        "checked_on",
        "cannot have been confirmed after the day it ended",
    ),
    "a title too long for a column": Slip(EN, "title: Put", f"title: {LONG}", 2, "at most 200 fit"),
    "a seal of three letters": Slip(EN, "seal: Sl", "seal: Slp", "seal", "at most 2 fit"),
    "a key too long for a column": Slip(
        ARTICLE, "- key: smith2019", f"- key: {'s' * 61}", "- key: sss", "at most 60 fit"
    ),
    "a key in capitals": Slip(
        ARTICLE, "- key: smith2019", "- key: Smith2019", "- key: Smith", "lower-case letters"
    ),
    "a key with a line end": Slip(
        "topics.yaml", "slug: food", 'slug: "food\\n"', "food", "lower-case letters"
    ),
    "an empty key": Slip("topics.yaml", "slug: food", "slug: ''", "slug: ''", "does not fit"),
    "an empty key in a list": Slip(ARTICLE, "[sleep]", "[sleep, '']", "topics", "does not fit"),
    "nothing in a list": Slip(ARTICLE, "[sleep]", "[sleep, ~]", "topics", "does not fit"),
    "a claim's key with a blank": Slip(ARTICLE, "key: C1", "key: C 1", "C 1", "C7 or C16a"),
    "an unknown grade": Slip(ARTICLE, "moderate", "certain", "certain", "Use one of: strong"),
    "an unknown kind of study": Slip(ARTICLE, "review", "blog", "blog", "Use one of: review"),
    "an unknown role": Slip(ARTICLE, "role: author", "role: boss", "boss", "Use one of: author"),
    "an unknown kind of change": Slip(
        EN, "change: first", "change: oops", "oops", "Use one of: first, typo"
    ),
    "an unknown icon": Slip(EN, "icon: sleep", "icon: bed", "icon: bed", "Use one of: anxiety"),
    "an unknown nutrient": Slip(
        ARTICLE, "[magnesium]", "[magnesum]", "magnesum", "Use one of: magnesium"
    ),
    "an unknown relationship": Slip(
        "products.yaml", "unconfirmed", "friends", "friends", "Use one of: none, own_brand"
    ),
    "an unknown source language": Slip(
        ARTICLE, "kind: article", "kind: article\nsource_language: fr", "fr", "zh-hans, en"
    ),
    "the kind of another section": Slip(
        PAGE, "kind: page", "kind: article", 1, "Here the kind is “page”"
    ),
    "a block list that was touched": Slip(
        EN, "publish:", "blocks: [b1, b2]\npublish:", "blocks", "the export writes this list"
    ),
    # What names something that is not there
    "an unknown topic": Slip(
        ARTICLE, "[sleep]", "[sleep, dreams]", "topics", "There is no topic “dreams”: add it"
    ),
    "an unknown author": Slip(
        ARTICLE, "author: jane-doe", "author: john-doe", "john-doe", "add the folder authors/john"
    ),
    "an unknown product": Slip(
        EN, "product: lamp", "product: lmap", "lmap", "There is no product “lmap”: add it to"
    ),
    "an unknown claim": Slip(
        EN, "- claim: C1", "- claim: C2", "claim: C2", "“C2” is not listed in article.yaml"
    ),
    "an unknown reference of a claim": Slip(
        ARTICLE, "[chen2020]", "[chen2021]", "chen2021", "rests on “chen2021”, which is not a"
    ),
    "an unknown image": Slip(
        EN, "  image: cycle", "  image: circle", "circle", "“circle” is not listed in article.yaml"
    ),
    "an unknown image for phones": Slip(
        EN, "  alt:", "  narrow_image: tall\n  alt:", "tall", "“tall” is not listed"
    ),
    "a file that is not there": Slip(
        ARTICLE, "cycle.svg", "cycles.svg", "cycles.svg", "figures/cycles.svg does not exist"
    ),
    "a portrait that is not there": Slip(
        AUTHOR, "is_active: true", "portrait: portrait.jpg", 1, "portrait.jpg does not exist"
    ),
    "a file name in capitals": Slip(
        ARTICLE, "figures/cycle.svg", "figures/Cycle.svg", "Cycle", "in lower-case letters"
    ),
    "a file of another kind": Slip(
        ARTICLE, "figures/cycle.svg", "figures/cycle.exe", "cycle.exe", "does not fit"
    ),
    # What stands twice
    "a topic given twice": Slip(
        "topics.yaml", "slug: food", "slug: sleep", 4, "“sleep” stands twice"
    ),
    "a topic named twice": Slip(ARTICLE, "[sleep]", "[sleep, sleep]", "topics", "“sleep” stands"),
    "a reference given twice": Slip(
        ARTICLE, "key: chen2020", "key: smith2019", 19, "“smith2019” stands twice"
    ),
    "a byline given twice": Slip(
        ARTICLE,
        "- {author: jane-doe, role: author}",
        "- {author: jane-doe, role: author}\n- {author: jane-doe, role: author}",
        7,
        "“jane-doe, author” stands twice",
    ),
    "an address that is the present one": Slip(
        ARTICLE, "kind: article", "kind: article\nold_slugs: [sleep]", 2, "the present address"
    ),
    "an old address of another folder": Slip(
        ARTICLE, "kind: article", "kind: article\nold_slugs: [about]", 2, "address of another"
    ),
    # Bodies: the line is that of the file
    "a misspelt block tag": Slip(EN, "[[figure:", "[[figur:", "[[figur:", "is not a block"),
    "a misspelt block tag in Chinese": Slip(
        ZH, "[[callouts]]", "[[callout]]", "[[callout]]", "[[callout]] is not a block"
    ),
    "a misspelt closing tag": Slip(
        EN, "[[/safety]]", "[[/saftey]]", "[[safety", "[[safety]] is never closed"
    ),
    "full-width brackets": Slip(
        ZH, "[[product]]", "【【product】】", "【【product", "straight brackets"
    ),
    "a misspelt figure": Slip(
        EN, "[[figure:cycle]]", "[[figure:cycel]]", "cycel", "Did you mean “cycle”?"
    ),
    "a misspelt citation": Slip(
        ZH, "睡眠[@smith2019]", "睡眠[@smith2018]", "smith2018", "Did you mean “smith2019”?"
    ),
    "a misspelt claim": Slip(ZH, "{claim:C1}", "{claim:C9}", "{claim:C9}", "“C9”"),
    "a misspelt term in a body": Slip(
        EN, "Evening light", "[[term:melatonine]] light", "melatonine", "Did you mean “melatonin”?"
    ),
    "a misspelt key in a container": Slip(
        EN, "Ask a doctor first.", "Ask a doctor first.[@smith2020]", "@smith2020", "smith2020"
    ),
    "an address of a heading in capitals": Slip(
        EN, "{#why}", "{#Why}", "{#Why}", "lower-case letters, digits and hyphens"
    ),
    "two headings with one address": Slip(
        EN, "[[callouts]]", "## Again {#why}\n\n[[callouts]]", "## Again", "{#why}"
    ),
    "a heading of level one": Slip(EN, "## Why", "# Why", "# Why", "use ## here"),
    "a skipped level": Slip(EN, "## Why", "#### Why", "#### Why", "skips a level"),
    # Files as such
    "a byte order mark": Slip(EN, "---\ntitle", "\ufeff---\ntitle", 1, "byte order mark"),
    "Windows line ends": Slip(EN, "seal: Sl\n", "seal: Sl\r\n", "seal", "Unix line ends"),
    "a null character": Slip(EN, "People fell", "People\0 fell", "People", "U+0000"),
    "a bell": Slip("topics.yaml", "Food", "Fo\aod", "\a", "U+0007"),
    "a private-use character": Slip(ZH, "先问", "\ue000先问", "先问", "U+E000"),
    "a direction override": Slip(ZH, "先问", "\u202e先问", "先问", "U+202E"),
    "a byte order mark within": Slip(ZH, "先问", "先\ufeff问", "先", "U+FEFF"),
    "a head that never ends": Slip(EN, "first\n---\n", "first\n", 1, "must end with a line ---"),
    "no head": Slip(AUTHOR_EN, "---\nname", "name", 1, "must start with a line ---"),
    "a head that is a list": Slip(
        AUTHOR_EN, "name: Jane Doe\ncredentials: PhD", "- Jane Doe", 2, "Expected fields such as"
    ),
    # Pictures
    "a drawing with a script": Slip(
        FIGURE, "<path", "<script>alert(1)</script><path", 0, "<script> is not allowed"
    ),
    "a drawing that loads something": Slip(
        FIGURE, "<path", '<image href="https://a.example/b.png"/><path', 0, "<image>"
    ),
    "a drawing with an event": Slip(FIGURE, "<path", '<path onload="x()"', 0, "onload"),
    "a drawing with entities": Slip(
        FIGURE, "<svg", '<!DOCTYPE svg [<!ENTITY a "b">]><svg', 0, "DOCTYPE"
    ),
    "a drawing without a size": Slip(FIGURE, ' viewBox="0 0 100 50"', "", 0, "viewBox"),
    "a drawing that is not whole": Slip(FIGURE, "</svg>", "", 0, "not well-formed"),
}


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS.keys())
def test_a_slip_refuses_the_bundle_and_names_its_place(files: BundleFiles, slip: Slip):
    files.edit(slip.path, slip.old, slip.new)
    line = slip.at if isinstance(slip.at, int) else files.line_of(slip.path, slip.at)
    before = tables()
    problems = files.problems()
    assert tables() == before
    assert all(problem.message for problem in problems)
    found = [
        problem
        for problem in problems
        if slip.message in problem.message and (problem.path, problem.line) == (slip.path, line)
    ]
    assert found, "\n".join(map(str, problems))


def refused(files: BundleFiles, path: str, line: int, message: str) -> None:
    """The bundle is refused, one of the problems is this one, and no row has changed."""
    before = tables()
    problems = files.problems()
    assert tables() == before
    found = [(problem.path, problem.line) for problem in problems if message in problem.message]
    assert (path, line) in found, "\n".join(map(str, problems))


# Files and folders that are not where or what they should be

MISPLACED = {
    "a file that belongs nowhere": ("notes.txt", "no place in a bundle"),
    "a hidden file": (".DS_Store", "no place in a bundle"),
    "a text in another language": ("articles/sleep/fr.md", "no place in a bundle"),
    "a file beside the folders of articles": ("articles/sleep.md", "no place in a bundle"),
    "a list in capitals": ("Topics.yaml", "rename it to topics.yaml"),
    "a file of an article in capitals": ("articles/sleep/Article.yaml", "rename it to article"),
    "a picture in capitals": ("articles/sleep/figures/B.SVG", "rename it to b.svg"),
    "a picture outside figures": ("articles/sleep/cycle.svg", "no place in a bundle"),
    "a program among the pictures": ("articles/sleep/figures/a.php", "no place in a bundle"),
    "a portrait of an unknown kind": ("authors/jane-doe/portrait.svg", "no place in a bundle"),
    "a picture nobody lists": ("articles/sleep/figures/b.svg", "not listed under “images”"),
    "a portrait nobody names": ("authors/jane-doe/portrait.png", "not named under “portrait”"),
}


@pytest.mark.parametrize(("path", "message"), MISPLACED.values(), ids=MISPLACED.keys())
def test_a_misplaced_file_is_refused(files: BundleFiles, path: str, message: str):
    files.write(path, SVG)
    refused(files, path, 0, message)


@pytest.mark.parametrize("folder", ["drafts", "articles/sleep/old", "authors/jane-doe/figures"])
def test_a_misplaced_folder_is_refused(files: BundleFiles, folder: str):
    files.path(folder).mkdir()
    refused(files, folder, 0, "This folder has no place in a bundle.")


@pytest.mark.parametrize("slug", ["Sleep-Well", "ARTICLE"])
def test_a_folder_in_capitals_is_refused_once(files: BundleFiles, slug: str):
    files.write(f"articles/{slug}/article.yaml", "kind: article\n")
    refused(files, f"articles/{slug}", 0, f"rename it to {slug.lower()}.")
    assert len(files.problems()) == 1


@pytest.mark.parametrize("slug", ["睡眠", "a b", "a_b", "-a", "a--b", "a.b", "a\n", "é"])
def test_a_folder_that_is_no_slug_is_refused(files: BundleFiles, slug: str):
    files.write(f"articles/{slug}/article.yaml", "kind: article\n")
    refused(files, f"articles/{slug}", 0, "This folder has no place in a bundle.")


def test_a_slug_too_long_for_its_column_is_refused(files: BundleFiles):
    slug = "a" * 81
    for name in (ARTICLE, ZH, EN, FIGURE):
        files.write(name.replace("sleep", slug, 1), files.read(name))
    refused(files, f"articles/{slug}", 0, "at most 80")


@pytest.mark.parametrize("name", ["topics.yaml", ARTICLE, EN, FIGURE])
def test_a_folder_in_place_of_a_file_is_refused(files: BundleFiles, name: str):
    files.remove(name)
    files.path(name).mkdir()
    refused(files, name, 0, "This folder has no place in a bundle.")


@pytest.mark.parametrize("name", ["articles", "pages/about"])
def test_a_file_in_place_of_a_folder_is_refused(files: BundleFiles, name: str):
    files.path(name).rename(files.root.parent / "moved")
    files.write(name, "")
    refused(files, name, 0, "This file has no place in a bundle.")


@pytest.mark.parametrize("name", ["topics.yaml", ARTICLE, AUTHOR, EN, AUTHOR_EN])
@pytest.mark.parametrize("content", ["", "\n \n"])
def test_an_empty_file_is_refused(files: BundleFiles, name: str, content: str):
    files.write(name, content)
    refused(files, name, 0, "This file is empty.")


def test_a_file_of_comments_alone_is_empty(files: BundleFiles):
    files.write("topics.yaml", "# nothing yet\n")
    refused(files, "topics.yaml", 0, "This file is empty.")


@pytest.mark.parametrize("name", [ARTICLE, AUTHOR])
def test_a_missing_file_is_named(files: BundleFiles, name: str):
    files.remove(name)
    refused(files, name, 0, "This file is missing.")


def test_an_article_without_a_language_is_refused(files: BundleFiles):
    files.remove(EN)
    files.remove(ZH)
    refused(files, ARTICLE, 0, "Add zh-hans.md or en.md beside this file.")


def test_an_empty_folder_is_refused(files: BundleFiles):
    files.path("articles/empty").mkdir()
    refused(files, "articles/empty/article.yaml", 0, "This file is missing.")
    refused(files, "articles/empty/article.yaml", 0, "Add zh-hans.md or en.md")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "gb18030", "latin-1"])
@pytest.mark.parametrize("name", [EN, "topics.yaml"])
def test_another_encoding_is_refused(files: BundleFiles, name: str, encoding: str):
    text = files.read(name).encode("ascii", "ignore").decode() + "# 睡眠\n"
    if encoding == "latin-1":
        text = text.replace("睡眠", "é")
    files.write(name, text.encode(encoding))
    problems = [problem for problem in files.problems() if problem.path == name]
    assert len(problems) == 1
    assert problems[0].line > 0
    assert "UTF-8" in problems[0].message or "U+0000" in problems[0].message


def test_the_line_of_a_wrong_byte_is_named(files: BundleFiles):
    files.write(EN, files.read(EN).encode().replace(b"People", b"Pe\xffple"))
    refused(files, EN, files.line_of_bytes(EN, b"\xff"), "Save it as UTF-8.")


def test_a_text_that_is_too_large_is_refused(files: BundleFiles):
    files.append(EN, "a" * (2 * 1024 * 1024))
    refused(files, EN, 0, "larger than 2 MB")


def test_a_folder_that_is_not_there_is_refused(files: BundleFiles):
    files.root.rename(files.root.parent / "moved")
    assert "There is no folder" in str(files.problems()[0])


def test_a_file_is_no_bundle(files: BundleFiles):
    content, files.root = files.root, files.root / "topics.yaml"
    assert content.is_dir()
    assert "There is no folder" in str(files.problems()[0])


def test_one_address_in_two_sections_is_refused(files: BundleFiles):
    files.write("pages/sleep/article.yaml", "kind: page\n")
    files.write("pages/sleep/en.md", files.read(PAGE_EN))
    refused(files, "pages/sleep", 0, "The address “sleep” is used twice")


def test_a_nutrient_without_its_safety_block_is_refused_in_each_language(files: BundleFiles):
    files.edit(ARTICLE, "[magnesium]", "[magnesium, iron]")
    refused(files, EN, 0, "no safety block names it")
    refused(files, ZH, 0, "no safety block names it")


def test_a_correction_says_what_was_corrected(files: BundleFiles):
    files.edit(EN, "change: first", "change: correction")
    refused(files, EN, files.line_of(EN, "change:"), "says in public what was corrected")


def test_a_bundle_that_is_not_one_lists_only_some_of_its_files(files: BundleFiles):
    for number in range(300):
        files.write(f"photo-{number}.jpg", b"")
    problems = files.problems()
    assert len(problems) < 150
    assert "Is this the folder of a bundle?" in str(problems[-1])


# Several problems


def test_every_file_is_reported_at_once(files: BundleFiles):
    files.edit("topics.yaml", "slug: food", "slug: Food")
    files.edit(AUTHOR, "is_active: true", "is_active: maybe")
    files.edit(ARTICLE, "year: 2019", "year: MMXIX")
    files.edit(ZH, "[[product]]", "[[produkt]]")
    files.edit(EN, "seal: Sl", "seal: Sleep")
    files.edit(PAGE_EN, "title: About", "titel: About")
    places = {(problem.path, problem.line) for problem in files.problems()}
    assert places >= {
        ("topics.yaml", 4),
        (AUTHOR, 1),
        (ARTICLE, files.line_of(ARTICLE, "MMXIX")),
        (ZH, files.line_of(ZH, "[[produkt]]")),
        (EN, 4),
        (PAGE_EN, 2),
    }


def test_desk_checks_of_every_text_are_reported_at_once(files: BundleFiles):
    files.edit(EN, "[[figure:cycle]]", "[[figure:cycel]]")
    files.edit(ZH, "[[figure:cycle]]", "[[figure:cycel]]")
    files.edit(PAGE_EN, "Who we are.", "Who we are.[@nobody2020]")
    assert {problem.path for problem in files.problems()} == {EN, ZH, PAGE_EN}


def test_an_unreadable_file_is_not_blamed_on_those_that_name_it(files: BundleFiles):
    files.edit(ARTICLE, "kind: article", "kind: [article")
    assert {problem.path for problem in files.problems()} == {ARTICLE}
    assert len(files.problems()) == 1


def test_what_a_wrong_record_lacks_is_not_reported_too(files: BundleFiles):
    files.edit(
        EN,
        "- claim: C1\n  text: In dimmer light people fell asleep sooner.\n"
        "  basis: One trial.[@chen2020]\n",
        "- C1\n- C1\n",
    )
    assert [problem.line for problem in files.problems()] == [19, 20]


# Nothing changes


def test_a_refused_bundle_leaves_what_was_published(files: BundleFiles):
    files.load()
    before = tables()
    files.edit("topics.yaml", "name: Food", "name: Eating")
    files.edit(AUTHOR_EN, "An author.", "Another author.")
    files.edit(ARTICLE, "[sleep]", "[food]")
    files.edit(EN, "at: 2026-01-01", "at: 2026-02-01")
    files.edit(EN, "change: first", "change: typo")
    files.edit(EN, "Evening light", "Late light")
    files.edit(PAGE_EN, "Who we are.", "Who we are.[@nobody2020]")
    files.problems()
    assert tables() == before
    assert Article.objects.count() == 2
    assert Topic.objects.count() == 2
    assert Author.objects.count() == 1
    assert Publication.objects.count() == 4


# A draft may be unfinished


def test_a_draft_may_have_an_unfinished_body(files: BundleFiles):
    files.edit(EN, PUBLISH, "")
    files.edit(EN, "[[/safety]]\n\n", "")
    report = files.load()
    assert report.drafts == ["sleep (en)"]
    (warning,) = report.warnings
    assert (warning.path, warning.line) == (EN, files.line_of(EN, "[[safety"))
    assert "is never closed" in warning.message
