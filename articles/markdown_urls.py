"""Texts as Markdown, and the list of them."""

from django.urls import path

from articles import llms, markdown_views

app_name = "markdown"
urlpatterns = [
    path("llms.txt", llms.llms, name="llms"),
    path(
        "<lang:language>/articles/<slug:slug>.md",
        markdown_views.text_as_markdown,
        {"kind": "article"},
        name="article",
    ),
    path(
        "<lang:language>/<slug:slug>.md",
        markdown_views.text_as_markdown,
        {"kind": "page"},
        name="page",
    ),
]
