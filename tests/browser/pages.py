"""Every kind of public page, once in each language."""

ARTICLE = "articles/d3-k2-magnesium/"

KINDS = {
    "home": "",
    "article": ARTICLE,
    "history": f"{ARTICLE}history/",
    "lagging": "articles/revised/",
    "long-history": "articles/revised/history/",
    "old-version": "articles/revised/history/1/",
    "version": "articles/revised/history/3/",
    "comparison": "articles/revised/history/1..3/",
    "topics": "topics/",
    "topic": "topics/supplements/",
    "authors": "authors/",
    "author": "authors/louise-w-lu/",
    "glossary": "glossary/",
    "site-page": "about/",
    "grades": "evidence-grades/",
    "contact": "contact/",
    "search": "search/",
    "search-results": "search/?q=D3",
    "search-nothing": "search/?q=zzzz+D3",
    "style-guide": "style-guide/",
    "not-found": "no-such-page/",
    "gone": "articles/withdrawn/",
}

PATHS = [
    ("choice", "/"),
    ("other-language", "/en/articles/chinese-only/"),
    *((kind, f"/{code}/{path}") for kind, path in KINDS.items() for code in ("zh-hans", "en")),
]
