"""Every address of the site (see the README's map)."""

from django.contrib import admin
from django.urls import include, path, register_converter
from django.views.i18n import set_language

from articles import author_views
from articles.admin.desk import previews
from healthsite import languages, machine_urls, media, views
from healthsite.speculation import speculation_rules

register_converter(languages.LanguageConverter, "lang")

# Wired here: the addresses are the authors', the pages know their articles.
author_urls = (
    [
        path("", author_views.author_list, name="list"),
        path("<slug:slug>/", author_views.author_detail, name="detail"),
    ],
    "authors",
)

urlpatterns = [
    # Not public pages
    path("admin/language/", set_language, name="desk-language"),
    path("admin/", admin.site.urls),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("preview/<str:signed>/", previews.shared_preview, name="shared-preview"),
    path("media/<path:name>", media.serve_media, name="media"),
    # Public pages
    path("", views.choose_language, name="choose-language"),
    path("feeds/<lang:language>/", include("articles.feed_urls")),
    path("", include("articles.markdown_urls")),
    path("speculation-rules.json", speculation_rules, name="speculation-rules"),
    *machine_urls.urlpatterns,
    path("<lang:language>/", views.home, name="home"),
    path("<lang:language>/style-guide/", views.style_guide, name="style-guide"),
    path("<lang:language>/authors/", include(author_urls)),
    path("<lang:language>/search/", include("articles.search_urls")),
    path("<lang:language>/", include("articles.urls")),
    path("<lang:language>/", include("articles.page_urls")),
]

handler400 = "healthsite.views.bad_request"
handler403 = "healthsite.views.permission_denied"
handler404 = "healthsite.views.page_not_found"
handler500 = "healthsite.views.server_error"
