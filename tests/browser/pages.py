"""Every kind of public page, once in each language."""

ARTICLE = "articles/d3-k2-magnesium/"

KINDS = {
    "home": "",
    "article": ARTICLE,
    "topics": "topics/",
    "topic": "topics/supplements/",
    "authors": "authors/",
    "author": "authors/louise-w-lu/",
    "glossary": "glossary/",
    "site-page": "about/",
    "grades": "evidence-grades/",
    "contact": "contact/",
    "style-guide": "style-guide/",
    "not-found": "no-such-page/",
    "gone": "articles/withdrawn/",
}

PATHS = [
    ("choice", "/"),
    ("other-language", "/en/articles/chinese-only/"),
    *((kind, f"/{code}/{path}") for kind, path in KINDS.items() for code in ("zh-hans", "en")),
]
