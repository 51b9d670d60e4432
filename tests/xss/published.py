"""Every payload in every place an editor can type: as documents, and as rows behind real pages."""

import itertools
import json
import re
from collections.abc import Iterator

from django.template.loader import render_to_string
from django.utils import translation

from articles import services
from articles.document import (
    Block,
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
from articles.models import (
    Article,
    ArticleTranslation,
    Callout,
    Claim,
    Contribution,
    Figure,
    GlossaryTerm,
    GlossaryTermTranslation,
    Image,
    Product,
    ProductMention,
    ProductTranslation,
    Reference,
    Statement,
    Topic,
    TopicTranslation,
)
from articles.parity import fill_ids
from authors.models import Author, AuthorTranslation, Registration, RegistrationTranslation
from healthsite import styles

from .oracle import Policy
from .payloads import PAYLOADS

LANGUAGES = ("zh-hans", "en")
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">'
    '<defs><path id="a" d="M0 0h9"/></defs><use href="#a"/></svg>'
)

# What the renderer and the components write, and nothing else.
_PROSE = "a blockquote br code dd dl dt em hr i li ol p pre span strong sup ul wbr"
_TABLE = "table tbody td th thead tr"
_COMPONENTS = (
    "aside b cite details div figcaption figure h2 h3 h4 img picture section small source summary"
)
_DRAWINGS = "circle defs g path rect svg text use"
_PAGE = (
    "article footer h1 head header hgroup html link main meta nav q style symbol time title body"
)
_ATTRIBUTES = (
    "aria-* class d fill height href id lang opacity rel role scope start tabindex title viewbox "
    "width x xmlns y cx cy r rx stroke stroke-linecap stroke-width"
)
_PAGE_ATTRIBUTES = "charset content datetime hreflang media name open property type"

BODY_POLICY = Policy(
    elements=frozenset(f"{_PROSE} {_TABLE} {_COMPONENTS} {_DRAWINGS}".split()),
    attributes=frozenset(_ATTRIBUTES.split()),
    schemes=frozenset({"http", "https", "mailto"}),
)


def page_policy() -> Policy:
    """A whole page: the body's list, the parts around it, and our own sheets by their hashes."""
    return Policy(
        elements=(BODY_POLICY.elements or frozenset()) | frozenset(_PAGE.split()),
        attributes=(BODY_POLICY.attributes or frozenset()) | frozenset(_PAGE_ATTRIBUTES.split()),
        style_hashes=frozenset(styles.sheet(name).source.strip("'") for name in styles.SHEETS),
        schemes=BODY_POLICY.schemes,
    )


_JSON_LD = re.compile(r'<script type="application/ld\+json">([^<>&]*)</script>')
_QR = re.compile(
    r'<img class="qr" src="data:image/svg\+xml;charset=utf-8,[^"<>&\s]*" '
    r'width="120" height="120" alt="[^"<>&]*">'
)


def without_our_own(html: str) -> str:
    """A page without what the policy forbids to everything that is typed: our forms, data and code.

    JSON-LD has to be JSON with none of the characters that could end it, the picture of the QR code
    an image of ours, and a search form that of the component, letter for letter.
    """
    for found in _JSON_LD.findall(html):
        json.loads(found)
    html = _QR.sub("", _JSON_LD.sub("", html))
    for form in _search_forms():
        html = html.replace(form, "")
    return html


def _search_forms() -> Iterator[str]:
    """The form as pages without a text show it, in each language and under each of its ids."""
    for language in LANGUAGES:
        with translation.override(language):
            for field_id in ("q", f"q-{language}"):
                context = {"code": language, "field_id": field_id}
                yield render_to_string("components/search_form.html", context).strip()


_PLACEHOLDER = re.compile(
    r"wzxhzdk|klzzwxh|[\x02\x03]|data-(?:cite|claim|term|word|footnote)=|<!--"
)


def leftovers(html: str, typed: str = "") -> list[str]:
    """Placeholders of the renderer that reached the page, and numbers that a template computed."""
    found = {match[0] for match in _PLACEHOLDER.finditer(html)}
    found |= {"1337"} if "1337" in html else set()
    return sorted(one for one in found if one not in typed)


# Documents

PLACES = """{payload}

[[quote|{line}]]

{payload}

[[/quote]]

[[tip|{line}]]

- {line}
- [{line}](/x/) {line}

[[product]]

[[/tip]]

[[safety:magnesium|{line}]]

| {line} | a |
| --- | --- |
| b | {line} |

[[urgent|{line}]]

> {line}

[[/urgent]]

[[/safety]]

## {line}

### {line} {{#own}}

[[figure:x]]

[[callouts]]

[[key-points:C1]]

文字[@x]，[[term:x]]，[[term:x|{line}]]。[^1]{{claim:C1}}

[[glossary]]

[[references]]

[^1]: {line}
"""


def hostile_document(payload: str, language: str) -> Document:
    """One payload in every place of a document that the schema lets it into."""
    line = payload.replace("\n", " ")
    body = PLACES.format(payload=payload, line=line)
    image = ImageData("x", 10, 10, svg=SVG, credit=payload, licence=payload)
    address = f"https://x.invalid/{line}"
    return Document(
        language=language,
        slug="x",
        kind="article",
        title=payload,
        standfirst=payload,
        seal=payload[:2],
        seo_title=payload,
        seo_description=payload,
        original_label=payload,
        edition_note=payload,
        is_adaptation=True,
        # Alone as well: what opens a block in it would swallow the rest.
        blocks=fill_ids((*split_body(body).blocks, *split_body(payload).blocks, Block("rule"))),
        figures=(FigureData("x", image, alt=payload, caption=payload, text=payload),),
        callouts=(CalloutData("x", "sleep", label=payload, text=payload),),
        mention=ProductMentionData(
            product="x",
            name=payload,
            name_language="en",
            brand=payload,
            relationship="sponsored",
            text=payload,
            website=address,
            gloss=payload,
            components=payload,
            label_note=payload,
        ),
        statements=(StatementData("C1", "limited", ("x",), payload, payload),),
        references=(
            ReferenceData(
                "x",
                "review",
                authors=payload,
                title=payload,
                label=payload,
                container=payload,
                locator=payload,
                isbn=payload,
                url=address,
                participants=1,
            ),
            ReferenceData("dai2018", "review", title=payload, doi=f"10.1000/{line}"),
        ),
        terms=(
            TermData("x", payload, payload, payload),
            TermData("calcidiol", payload, "", payload),
        ),
    )


# Rows


class Supply:
    """Payloads in turn, as many as fit into a field."""

    def __init__(self) -> None:
        # PostgreSQL refuses the null character, and so do forms.
        self._payloads: Iterator[str] = itertools.cycle(
            payload.replace("\x00", "") for payload in PAYLOADS
        )
        self._waiting = next(self._payloads)

    def take(self, limit: int) -> str:
        taken = self._waiting[:limit]
        self._waiting = next(self._payloads)
        while len(taken) + 1 + len(self._waiting) <= limit:
            taken += " " + self._waiting
            self._waiting = next(self._payloads)
        return taken


def publish(translation: ArticleTranslation) -> None:
    """Publish as the service does; the desk checks must have been taken out."""
    services.publish(translation, change="first")


ARTICLES = 8
ROWS = 20


def publish_hostile_site() -> None:
    """Eight articles that hold all payloads between them, in every kind of row."""
    supplies: dict[str, Supply] = {}

    def hostile(field: str, limit: int = 600) -> str:
        return supplies.setdefault(field, Supply()).take(limit)

    topic = Topic.objects.create(slug="topic")
    for code in LANGUAGES:
        TopicTranslation.objects.create(
            topic=topic,
            language=code,
            name=hostile("topic", 80),
            description=hostile("topic description", 300),
        )
    authors = [_hostile_author(number, hostile) for number in range(4)]
    terms = [_hostile_term(number, hostile) for number in range(ROWS * 3)]
    size = -(-len(PAYLOADS) // ARTICLES)
    for number in range(ARTICLES):
        article = Article.objects.create(slug=f"article-{number}", nutrients=[])
        article.topics.add(topic)
        for position, author in enumerate(authors):
            Contribution.objects.create(
                article=article,
                author=author,
                role=("author", "reviewer", "editor", "translator")[position],
                position=position,
            )
        payloads = [
            payload.replace("\x00", "") for payload in PAYLOADS[number * size : (number + 1) * size]
        ]
        _fill_article(article, LANGUAGES[number % 2], payloads, terms, hostile)


def _fill_article(article: Article, language: str, payloads, terms, hostile) -> None:
    text = ArticleTranslation.objects.create(
        article=article,
        language=language,
        title=hostile("title", 200),
        standfirst=hostile("standfirst"),
        seal=hostile("seal", 2),
        seo_title=hostile("seo title", 120),
        seo_description=hostile("seo description", 300),
        original_label=hostile("original label", 80),
        edition_note=hostile("edition note"),
        body=_body(payloads, terms),
    )
    product = Product.objects.create(
        key=f"product-{article.pk}",
        name=hostile("product", 200),
        name_language="en",
        brand=hostile("brand", 100),
        relationship="affiliate",
        website=f"https://x.invalid/{hostile('website', 150)}",
    )
    ProductTranslation.objects.create(
        product=product,
        language=language,
        gloss=hostile("gloss", 200),
        components=hostile("components"),
        label_note=hostile("label note"),
    )
    ProductMention.objects.create(translation=text, product=product, text=hostile("mention", 3000))
    for row in range(ROWS):
        image = Image.objects.create(
            article=article,
            key=f"i{row}",
            file="x.svg",
            width=10,
            height=10,
            svg=SVG,
            credit=hostile("credit", 200),
            licence=hostile("licence", 100),
        )
        Figure.objects.create(
            translation=text,
            key=f"f{row}",
            image=image,
            alt=hostile("alt"),
            caption=hostile("caption"),
            text=hostile("figure text"),
            position=row,
        )
        Callout.objects.create(
            translation=text,
            key=f"k{row}",
            icon="sleep",
            label=hostile("label", 80),
            text=hostile("callout"),
            position=row,
        )
        reference = Reference.objects.create(
            article=article,
            key=f"r{row}",
            study_type="review",
            authors=hostile("reference authors", 300),
            title=hostile("reference title", 400),
            label=hostile("reference label", 300),
            container=hostile("container", 200),
            locator=hostile("locator", 120),
            isbn=hostile("isbn", 20),
            url=f"https://x.invalid/{hostile('url', 300)}",
            doi="" if row % 2 else "10.1000/" + re.sub(r"\s", "", hostile("doi", 100)) + "x",
            position=row,
        )
        claim = Claim.objects.create(article=article, key=f"C{row}", grade="limited")
        claim.references.add(reference)
        Statement.objects.create(
            translation=text, claim=claim, text=hostile("statement"), basis=hostile("basis")
        )
    publish(text)


def _body(payloads: list[str], terms: list[str]) -> str:
    """What is whole first, then payloads that may open what is never closed."""
    rows = range(ROWS)
    placed = [
        "[[product]]",
        "[[callouts]]",
        f"[[key-points:{','.join(f'C{row}' for row in rows)}]]",
        *(f"[[figure:f{row}]]" for row in rows),
        " ".join(f"x[@r{row}]." for row in rows) + "{claim:C1}",
        " ".join(f"[[term:{term}]]" for term in terms),
        "[[glossary]]",
        "[[references]]",
    ]
    tame = [payload for payload in payloads if "[[" not in payload]
    wild = [payload for payload in payloads if "[[" in payload]
    return "\n\n".join([*placed, *tame, *wild])


def _hostile_author(number: int, hostile) -> Author:
    author = Author.objects.create(
        slug=f"author-{number}", website=f"https://x.invalid/{hostile('author website', 150)}"
    )
    registration = Registration.objects.create(
        author=author,
        number=hostile("registration", 60),
        register_url=f"https://x.invalid/{hostile('register', 150)}",
    )
    for code in LANGUAGES:
        AuthorTranslation.objects.create(
            author=author,
            language=code,
            name=hostile("author", 200),
            credentials=hostile("credentials", 300),
            affiliation=hostile("affiliation", 200),
            bio=hostile("bio", 5000),
        )
        RegistrationTranslation.objects.create(
            registration=registration,
            language=code,
            title=hostile("registration title", 200),
            body=hostile("registration body", 200),
        )
    return author


def _hostile_term(number: int, hostile) -> str:
    term = GlossaryTerm.objects.create(key=f"term-{number}")
    for code in LANGUAGES:
        GlossaryTermTranslation.objects.create(
            term=term,
            language=code,
            name=hostile("term", 120),
            abbreviation=hostile("abbreviation", 60),
            definition=hostile("definition", 400),
        )
    return term.key


def paths() -> list[str]:
    """Every page that prints any of it."""
    found = []
    for code in LANGUAGES:
        found += [f"/{code}/{part}" for part in ("", "topics/", "topics/topic/", "authors/")]
        found += [f"/{code}/glossary/"]
        found += [f"/{code}/authors/author-{number}/" for number in range(4)]
    # The other language of each answers “not in this language” with the title.
    found += [
        f"/{code}/articles/article-{number}/" for number in range(ARTICLES) for code in LANGUAGES
    ]
    return found
