"""Addresses for machines: sitemaps, robots.txt, the key of IndexNow."""

from django.urls import path, re_path

from healthsite import robots
from healthsite.sitemaps import views

urlpatterns = [
    path("sitemap.xml", views.sitemap_index, name="sitemap"),
    # One spelling for each number: <int:…> would also take 01.
    re_path(
        r"^sitemap-(?P<section>[a-z]+)-(?P<number>[1-9][0-9]{0,4})\.xml\Z",
        views.sitemap_section,
        name="sitemap-section",
    ),
    path("robots.txt", robots.robots, name="robots"),
    # Last: a name that is not the key is 404, whatever else could have stood there.
    re_path(r"^(?P<key>[A-Za-z0-9-]{8,128})\.txt\Z", robots.indexnow_key, name="indexnow-key"),
]
