"""Examples for the living style guide: one document that uses every component, in each language.

The texts describe the component they stand in, so that nobody takes them for health advice.
"""

import datetime
from types import SimpleNamespace
from typing import Any

from django.utils.safestring import mark_safe
from django.utils.timezone import make_aware

from articles.bylines import Byline, Credit, review_text
from articles.cards import Card, OtherLanguage
from articles.document import (
    GRADES,
    CalloutData,
    Document,
    FigureData,
    ImageData,
    ProductMentionData,
    ReferenceData,
    StatementData,
    TermData,
)
from articles.markdown.blocks import split_body
from articles.parity import fill_ids
from articles.rendering import Rendered, render
from articles.searching.queries import parse_query
from articles.searching.snippets import excerpt, highlight
from articles.sharing import share_panel
from authors.bylines import Profile
from authors.models import Registration
from healthsite import languages
from healthsite.style_guide_history import history_parts

DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
    '<rect class="n1" x="1" y="20" width="110" height="60" rx="4"/>'
    '<text class="t" x="56" y="56">A</text>'
    '<path class="flow" d="M118 50h{line}"/><path class="tip-az" d="m{tip} 41 16 9-16 9Z"/>'
    '<rect class="n2" x="{box}" y="20" width="110" height="60" rx="4"/>'
    '<text class="t t-on" x="{label}" y="56">B</text></svg>'
)

BODIES = {
    "zh-hans": """[[quote|署名：谁提的问题]]

读者的问题放在文章开头，用第一人称，不写真名。

[[/quote]]

[[key-points:A1,A2,A3,A4,A5]]

正文段落。**重点**用字重，*强调*用着重号，[链接](/zh-hans/about/)带下划线。句末的文献标记在句号之前[@example]。[[term:term|术语]]链接到名词解释，脚注[^1]排在文末。

带证据说明的段落：说明在宽屏上位于页边，在窄屏上位于段落之后。{claim:A1}

## 二级标题：在词与词之间换行 {#guide-h2}

### 三级标题 {#guide-h3}

- 列表的一项。{claim:A3}
- 列表的另一项。

| 表格 | 数值 |
| --- | ---: |
| 一行 | 1 |

> 引文。

---

[[figure:example]]

[[callouts]]

[[tip|提示的标题]]

先说读者可以做什么。

[[product]]

[[/tip]]

[[safety:magnesium|安全提示的标题]]

每篇涉及某种营养素的文章都要有这一栏。

[[urgent|立即求助]]

什么情况下要马上呼救。

[[/urgent]]

[[/safety]]

## 名词解释 {#guide-glossary}

[[glossary]]

## 参考文献 {#guide-references}

[[references]]

[^1]: 脚注的文字。
""",
    "en": """[[quote|Attribution: who asks]]

The reader’s question opens an article, in the first person and without a name.

[[/quote]]

[[key-points:A1,A2,A3,A4,A5]]

A paragraph. **Strong** is weight, *emphasis* is italic, a [link](/en/about/) is underlined. Citations stand after the full stop.[@example] A [[term:term|term]] links to the glossary, and a footnote[^1] stands at the end.

A paragraph with its evidence note: beside it when there is room, after it when there is not.{claim:A1}

## A heading of level two {#guide-h2}

### A heading of level three {#guide-h3}

- An item of a list.{claim:A3}
- Another item.

| Table | Value |
| --- | ---: |
| A row | 1 |

> A quotation.

---

[[figure:example]]

[[callouts]]

[[tip|The heading of a tip]]

What a reader can do first.

[[product]]

[[/tip]]

[[safety:magnesium|The heading of a safety box]]

Every article about a nutrient has this box.

[[urgent|Get help now]]

When to call at once.

[[/urgent]]

[[/safety]]

## Glossary {#guide-glossary}

[[glossary]]

## References {#guide-references}

[[references]]

[^1]: The text of a footnote.
""",
}

WORDS = {
    "zh-hans": {
        "title": "组件名称：示例标题",
        "statement": "一句话说清的要点，右边是它的证据等级。",
        "basis": "这里说明为什么是这个等级[@example]。",
        "caption": "图注说明图里有什么。",
        "alt": "示例图：A指向B。",
        "text": "1. A在左边。\n2. 箭头指向右边的B。",
        "label": "卡片标题",
        "callout": "一两句话。图标只是装饰，标题已经说明了内容。{claim:A3}",
        "term": "术语",
        "definition": "名词解释里的说明。",
        "product": "这里是产品提及的正文：写明成分，不写功效。",
        "gloss": "名称的译文",
        "components": "成分一栏",
        "label_note": "标签提示一栏",
        "edition_note": "这里说明本版与原文的关系。",
        "original_label": "原文的标签",
        "person": "示例作者",
        "credentials": "学位与资格一栏",
        "affiliation": "任职单位一栏",
        "bio": "一小段介绍：研究什么、在哪里工作。",
        "registration": "注册名称",
        "register": "登记册名称",
    },
    "en": {
        "title": "Component name: an example title",
        "statement": "A key point in one sentence, with its evidence grade beside it.",
        "basis": "Here the editors say why it has that grade.[@example]",
        "caption": "The caption says what is in the figure.",
        "alt": "Example figure: A points to B.",
        "text": "1. A is on the left.\n2. An arrow points to B on the right.",
        "label": "Card heading",
        "callout": "One or two sentences. The icon is decoration; the heading says it all.{claim:A3}",
        "term": "term",
        "definition": "What the glossary says of it.",
        "product": "The text of a product mention: what is in it, never what it does.",
        "gloss": "What the name means",
        "components": "The line of components",
        "label_note": "The label line",
        "edition_note": "Here the edition says how it relates to the original.",
        "original_label": "原文的标签",
        "person": "Example Author",
        "credentials": "the line of degrees and titles",
        "affiliation": "the line of the workplace",
        "bio": "A short paragraph: what they study and where they work.",
        "registration": "registered title",
        "register": "Name of the register",
    },
}

# An address for examples: a guide's links must not lead to pages that are not there.
HERE = "#guide-lists"

DAY = datetime.date(2026, 1, 15)
LAPSED, FOR_EVER = datetime.date(2020, 12, 31), datetime.date(2999, 12, 31)

ICONS = ("anxiety", "cramps", "fatigue", "sleep")


def example_document(language: str) -> Document:
    """A document with every kind of block and every grade."""
    words = WORDS[language]
    return Document(
        language=language,
        slug="example",
        kind="article",
        title=words["title"],
        standfirst=words["caption"],
        seal="例" if language == "zh-hans" else "Ex",
        original_label=words["original_label"],
        edition_note=words["edition_note"],
        is_adaptation=True,
        blocks=fill_ids(split_body(BODIES[language]).blocks),
        figures=(
            FigureData(
                "example",
                _drawing(840, 520),
                words["alt"],
                words["caption"],
                _drawing(288, 24),
                words["text"],
            ),
        ),
        callouts=tuple(CalloutData(icon, icon, words["label"], words["callout"]) for icon in ICONS),
        mention=ProductMentionData(
            product="example",
            name=words["term"],
            name_language=language,
            brand="—",
            relationship="unconfirmed",
            text=words["product"],
            gloss=words["gloss"],
            components=words["components"],
            label_note=words["label_note"],
        ),
        statements=tuple(
            StatementData(f"A{number}", grade, ("example",), words["statement"], words["basis"])
            for number, grade in enumerate(GRADES, 1)
        ),
        references=(
            ReferenceData(
                "example",
                "other",
                title=WORDS["en"]["title"],
                container="—",
                is_complete=False,
            ),
        ),
        terms=(TermData("term", words["term"], "", words["definition"]),),
    )


def _drawing(width: int, line: int) -> ImageData:
    box = 118 + line + 18
    return ImageData(
        "example",
        width,
        100,
        svg=DRAWING.format(
            width=width, height=100, line=line, tip=118 + line, box=box, label=box + 55
        ),
        credit="—",
    )


def example_people(language: str) -> Byline:
    """Two people: one whose registration is confirmed, one with a lapsed and an unchecked one."""
    words = WORDS[language]
    entries = [
        Registration(number="1", checked_on=DAY, valid_until=FOR_EVER),
        Registration(number="2", checked_on=LAPSED, valid_until=LAPSED),
        Registration(number="3"),
    ]
    registrations = tuple(
        SimpleNamespace(title=words["registration"], body=words["register"], registration=entry)
        for entry in entries
    )
    people = [
        SimpleNamespace(
            author=SimpleNamespace(slug=slug, portrait={}, website=website),
            name=words["person"],
            credentials=words["credentials"],
            affiliation=words["affiliation"],
            bio_html=f"<p>{words['bio']}</p>",
            monogram=seal,
            get_absolute_url="#guide-people",
        )
        for slug, seal, website in (("a", "A", "#guide-people"), ("b", "B", ""))
    ]
    credits = (
        Credit(Profile(people[0], registrations[:1]), ("author",)),
        Credit(Profile(people[1], registrations[1:]), ("author", "reviewer")),
    )
    return Byline(credits, review_text(credits))


def example_card(language: str, rendered: Rendered, *, is_updated: bool) -> Card:
    other = languages.other_languages(language)[0]
    at = make_aware(datetime.datetime.combine(DAY, datetime.time(12)))
    publication = SimpleNamespace(
        page=rendered.page,
        first_live_from=at,
        updated_at=at if is_updated else None,
        reviewed_at=at if is_updated else None,
    )
    return Card(
        publication=publication,
        url=HERE,
        author_names=WORDS[language]["person"],
        topic=SimpleNamespace(name=WORDS[language]["label"], get_absolute_url=HERE),
        others=(OtherLanguage(other, WORDS[other.code]["title"], HERE),),
        roles=("author",),
        grades=tuple(rendered.page["grades"].items()),
    )


def example_result(language: str, card: Card) -> SimpleNamespace:
    """A search result with words marked in its title and in its snippet."""
    terms = parse_query("示例" if language == "zh-hans" else "example").folded
    is_chinese = languages.BY_CODE[language].is_chinese
    return SimpleNamespace(
        card=card,
        title=highlight(WORDS[language]["title"], terms),
        snippet=excerpt(WORDS[language]["alt"], terms, is_chinese),
        is_site_page=False,
    )


def example_parts(language: str) -> dict[str, Any]:
    """What the style guide's template prints."""
    rendered = render(example_document(language))
    byline = example_people(language)
    card = example_card(language, rendered, is_updated=True)
    return {
        **history_parts(language),
        "byline": byline,
        "credit": byline.credits[1],
        "people": [credit.profile for credit in byline.credits],
        "publication": card.publication,
        "edition_note_html": mark_safe(rendered.page["edition_note_html"]),  # noqa: S308
        "featured": card,
        "found": example_result(language, card),
        "share": share_panel("https://health.example.org/", rendered.page["title"], language),
        "cards": [card, example_card(language, rendered, is_updated=False)],
        "related": {
            "page": rendered.page,
            "title_html": card.title_html,
            "url": HERE,
            "date": card.date,
        },
        "topics": [
            SimpleNamespace(
                name=WORDS[language]["label"], get_absolute_url=HERE, article_count=count
            )
            for count in (1, 12)
        ],
        "pager": SimpleNamespace(
            is_whole=False, number=2, has_next=True, previous_query=HERE, next_query=HERE
        ),
        "body": mark_safe(rendered.body_html),  # noqa: S308 (rendered and cleaned)
        "page": rendered.page,
        "title_html": mark_safe(rendered.page["title_html"]),  # noqa: S308
        "contents": [entry for entry in rendered.outline if entry["level"] == 2],
        "grades": GRADES,
        "scenes": range(1, 6),
        "colours": [
            "paper",
            "surface",
            "sky",
            "ink",
            "ink-soft",
            "line",
            "edge",
            "azurite",
            "azurite-wash",
            "malachite",
            "malachite-wash",
            "ochre",
            "ochre-ink",
            "ochre-wash",
            "cinnabar",
            "cinnabar-ink",
        ],
    }
