"""Addresses of articles and topics, below the language."""

from django.urls import path

from articles import views
from articles.history_urls import history_patterns

app_name = "articles"
urlpatterns = [
    path("articles/<slug:slug>/", views.article_detail, name="detail"),
    *history_patterns("articles/<slug:slug>/", "article"),
    path("topics/", views.topic_list, name="topics"),
    path("topics/<slug:slug>/", views.topic_detail, name="topic"),
    path("glossary/", views.glossary, name="glossary"),
]
