"""Addresses of site pages. Last in the list: they take whatever no other address takes."""

from django.urls import path

from articles import views
from articles.history_urls import history_patterns

app_name = "pages"
urlpatterns = [
    path("<slug:slug>/", views.page_detail, name="detail"),
    *history_patterns("<slug:slug>/", "page"),
]
