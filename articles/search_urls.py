"""The search of each language."""

from django.urls import path

from articles import search_views

app_name = "search"
urlpatterns = [path("", search_views.results, name="results")]
