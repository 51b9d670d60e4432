"""Feeds of each language, of topics and of authors."""

from django.urls import path

from articles import feed_views
from articles.feeds import ATOM, JSON

app_name = "feeds"
urlpatterns = [
    path(f"{prefix}{file}", view, {"form": form}, name=f"{name}{form.name}")
    for prefix, name, view in (
        ("", "", feed_views.language_feed),
        ("topics/<slug:slug>/", "topic-", feed_views.topic_feed),
        ("authors/<slug:slug>/", "author-", feed_views.author_feed),
    )
    for file, form in (("atom.xml", ATOM), ("feed.json", JSON))
]
