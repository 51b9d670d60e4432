"""What articles, authors and lists say of themselves in JSON-LD. Pure: from what views hold.

Every function takes the page's ``PageMeta`` and gives the nodes for ``PageMeta.graph``; the words
are in the language in force. ``policies`` are what ``published_policies`` gives.
"""

from articles.structured_data.lists import (
    glossary_graph,
    home_graph,
    topic_graph,
    topic_list_graph,
)
from articles.structured_data.people import author_graph
from articles.structured_data.policies import published_policies
from articles.structured_data.texts import article_graph, history_graph, page_graph

__all__ = [
    "article_graph",
    "author_graph",
    "glossary_graph",
    "history_graph",
    "home_graph",
    "page_graph",
    "published_policies",
    "topic_graph",
    "topic_list_graph",
]
