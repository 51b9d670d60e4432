"""Rows for tests: keyword-only functions with readable defaults, real text in both languages."""

import datetime
import itertools

from articles import services
from articles.models import (
    Article,
    ArticleTranslation,
    Claim,
    Contribution,
    GlossaryTerm,
    GlossaryTermTranslation,
    Image,
    Product,
    ProductTranslation,
    Publication,
    Reference,
    ReviewSignature,
    Statement,
    Topic,
    TopicTranslation,
)
from articles.units import digests_of
from authors.models import Author, AuthorTranslation, Registration, RegistrationTranslation

_numbers = itertools.count(1)

TITLES = {"zh-hans": "睡前两小时放下手机", "en": "Put the phone away two hours before bed"}
STANDFIRSTS = {"zh-hans": "光线可能推迟入睡。", "en": "Light may delay sleep."}
BODIES = {
    "zh-hans": "晚上的光线会影响睡眠。\n\n## 为什么 {#why}\n\n眼睛里的感光细胞会把光线告诉大脑。\n",
    "en": "Evening light affects sleep.\n\n## Why {#why}\n\nCells in the eye tell the brain.\n",
}
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50">'
    '<path class="flow" d="M0 0h9"/></svg>'
)


def make_topic(*, slug: str = "", languages=("zh-hans", "en")) -> Topic:
    slug = slug or f"topic-{next(_numbers)}"
    topic = Topic.objects.create(slug=slug)
    for code in languages:
        TopicTranslation.objects.create(topic=topic, language=code, name=f"{slug} {code}")
    return topic


def make_author(*, slug: str = "", name: str = "Test Author", **fields) -> Author:
    """An author described in both languages."""
    author = Author.objects.create(slug=slug or f"author-{next(_numbers)}", **fields)
    for code in ("zh-hans", "en"):
        AuthorTranslation.objects.create(author=author, language=code, name=name, bio="…")
    return author


def make_registration(*, author: Author, number: str = "1234", **fields) -> Registration:
    registration = Registration.objects.create(author=author, number=number, **fields)
    for code, title in (("zh-hans", "注册"), ("en", "registered")):
        RegistrationTranslation.objects.create(
            registration=registration, language=code, title=title
        )
    return registration


def make_article(*, slug: str = "", topics=(), authors=(), **fields) -> Article:
    """An article without texts. ``authors`` become contributions with the role author."""
    article = Article.objects.create(slug=slug or f"article-{next(_numbers)}", **fields)
    article.topics.set(topics)
    for position, author in enumerate(authors):
        Contribution.objects.create(
            article=article, author=author, role="author", position=position
        )
    return article


def make_translation(
    *, article: Article | None = None, language: str = "zh-hans", **fields
) -> ArticleTranslation:
    """A text that passes every check, not yet published."""
    values = {
        "title": TITLES[language],
        "standfirst": STANDFIRSTS[language],
        "body": BODIES[language],
        **fields,
    }
    return ArticleTranslation.objects.create(
        article=article or make_article(), language=language, **values
    )


def make_publication(
    *,
    translation: ArticleTranslation | None = None,
    change: str = "first",
    live_from: datetime.datetime | None = None,
    **fields,
) -> Publication:
    """A published text, through the one service that publishes."""
    return services.publish(
        translation or make_translation(), change=change, live_from=live_from, **fields
    )


def make_published_article(*, languages=("zh-hans", "en"), **fields) -> Article:
    """An article that readers can read in the languages given."""
    article = make_article(**fields)
    for code in languages:
        make_publication(translation=make_translation(article=article, language=code))
    return article


def make_reference(*, article: Article, key: str = "smith2020", **fields) -> Reference:
    values = {
        "study_type": "review",
        "title": "A title",
        "doi": "10.1234/example",
        **fields,
    }
    return Reference.objects.create(article=article, key=key, **values)


def make_claim(
    *, article: Article, key: str = "C1", grade: str = "limited", references=()
) -> Claim:
    claim = Claim.objects.create(article=article, key=key, grade=grade)
    claim.references.set(references)
    return claim


def make_statement(*, translation: ArticleTranslation, claim: Claim, **fields) -> Statement:
    values = {"text": "A statement.", "basis": "A reason.", **fields}
    return Statement.objects.create(translation=translation, claim=claim, **values)


def make_image(*, article: Article | None = None, key: str = "pathway", **fields) -> Image:
    values = {
        "file": f"images/{key}-0123456789abcdef.svg",
        "width": 100,
        "height": 50,
        "svg": SVG,
        **fields,
    }
    return Image.objects.create(article=article, key=key, **values)


def make_product(*, key: str = "example", relationship: str = "unconfirmed", **fields) -> Product:
    values = {
        "name": "Example D3",
        "name_language": "en",
        "brand": "ExampleBrand",
        "relationship": relationship,
        **fields,
    }
    product = Product.objects.create(key=key, **values)
    for code in ("zh-hans", "en"):
        ProductTranslation.objects.create(product=product, language=code, components="D3")
    return product


def make_term(
    *, key: str = "calcidiol", zh: str = "骨化二醇", en: str = "calcidiol"
) -> GlossaryTerm:
    term = GlossaryTerm.objects.create(key=key)
    for code, name in (("zh-hans", zh), ("en", en)):
        GlossaryTermTranslation.objects.create(term=term, language=code, name=name, definition="…")
    return term


def make_signature(*, publication: Publication, author: Author, **fields) -> ReviewSignature:
    """A reviewer's signature under the very text of a publication."""
    revision = publication.revision
    values = {
        "translation": publication.translation,
        "revision": revision,
        "author": author,
        "content_hash": revision.content_hash,
        "unit_digests": digests_of(revision.as_document()),
        **fields,
    }
    return ReviewSignature.objects.create(**values)


REVISED = {
    "zh-hans": (
        "晚上的光线会影响睡眠。\n\n## 为什么 {#why}\n\n眼睛里的感光细胞会把光线告诉大脑。\n\n"
        "大脑于是推迟分泌褪黑素。\n\n## 怎么做 {#how}\n\n睡前1小时放下手机。\n",
        "晚上的光线会影响睡眠。\n\n## 为什么 {#why}\n\n眼睛里的感光细胞会把光线告诉大脑。\n\n"
        "大脑于是推迟分泌褪黑激素。\n\n## 怎么做 {#how}\n\n睡前1小时放下手机。\n",
        "晚上的光线会影响睡眠。\n\n## 怎么做 {#how}\n\n睡前2小时放下手机，灯光也要调暗。\n\n"
        "读纸书不受影响。\n\n## 为什么 {#why}\n\n眼睛里的感光细胞会把光线告诉大脑。\n",
    ),
    "en": (
        "Evening light affects sleep.\n\n## Why {#why}\n\nCells in the eye tell the brain.\n\n"
        "The brain delays melatonin.\n\n## How {#how}\n\nPut the phone away 1 hour before.\n",
        "Evening light affects sleep.\n\n## Why {#why}\n\nCells in the eye tell the brain.\n\n"
        "The brain puts melatonin off.\n\n## How {#how}\n\nPut the phone away 1 hour before.\n",
        "Evening light affects sleep.\n\n## Why {#why}\n\nCells in the eye tell the brain.\n\n"
        "The brain puts melatonin off.\n\n## How {#how}\n\nPut it away 1 hour before bed.\n",
    ),
}
"""Three bodies in each language; the last Chinese one says more than the last English one."""


def make_revised_article(*, slug: str = "", **fields) -> Article:
    """An article published three times in each language; the second version is signed.

    Chinese is the source, and the English text does not follow its last change.
    """
    author, reviewer = (make_author(name=name) for name in ("Ada Example", "Bo Example"))
    article = make_article(slug=slug, authors=[author], **fields)
    Contribution.objects.create(article=article, author=reviewer, role="reviewer", position=1)
    notes = {"zh-hans": "写明时间，并说明灯光。", "en": "Say what to put away."}
    changes = ("first", "typo", "evidence")
    texts = {
        code: make_translation(article=article, language=code, body=bodies[0])
        for code, bodies in REVISED.items()
    }
    for place, change in enumerate(changes):
        for code, text in texts.items():
            text.refresh_from_db()
            text.body = REVISED[code][place]
            text.save()
            note = notes[code] if change == "evidence" else ""
            publication = make_publication(translation=text, change=change, public_note=note)
            if change == "typo":
                make_signature(publication=publication, author=reviewer)
    return article
