"""Feeds of the newest articles: of a language, of a topic, of an author; as Atom and as JSON.

``building`` reads the database once and gives plain data, ``content`` makes a frozen page fit for a
feed reader, ``atom`` and ``json_feed`` write, ``links`` says where the feeds are.
"""

from articles.feeds.building import author_feed, language_feed, topic_feed
from articles.feeds.data import Entry, Feed, Person, Topic
from articles.feeds.links import ATOM, JSON, FeedLink, Format, feed_links

__all__ = [
    "ATOM",
    "JSON",
    "Entry",
    "Feed",
    "FeedLink",
    "Format",
    "Person",
    "Topic",
    "author_feed",
    "feed_links",
    "language_feed",
    "topic_feed",
]
