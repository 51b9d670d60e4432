"""The editor's desk: its names, its order, its language, its errors."""

import pytest
from bs4 import BeautifulSoup
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import translation

from healthsite import languages
from healthsite.desk_site import GROUPS, DeskSite, desk_error
from healthsite.templatetags.desk import foreign_run

CODES = languages.CODES


def staff(*permissions: str, is_superuser: bool = False):
    user = get_user_model().objects.create_user(
        "chen", password="five-layers", is_staff=True, is_superuser=is_superuser
    )
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


@pytest.fixture
def desk(db):
    """``desk(code, *permissions)`` → a client signed in to the desk in a language."""

    def client(code: str, *permissions: str) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(staff(*permissions, is_superuser=not permissions))
        client.cookies["django_language"] = code
        return client

    return client


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def rail(response) -> list[str]:
    """The addresses of the desk's sections, in order."""
    return [link["href"] for link in soup(response).select("#rail ul a")]


def test_the_admin_site_everybody_registers_with_is_the_desk():
    assert isinstance(admin.site, DeskSite)


@pytest.mark.parametrize("code", CODES)
def test_desk_carries_the_sites_name_and_tag_of_its_language(desk, code, settings):
    page = soup(desk(code).get("/admin/articles/article/"))
    assert page.html["lang"] == languages.BY_CODE[code].tag
    assert page.select_one(".wordmark b").text == settings.SITE_NAMES[code]
    assert settings.SITE_NAMES[code] in page.title.text
    assert page.select_one("#user-tools a")["href"] == f"/{code}/"


def test_what_is_opened_daily_comes_first_and_access_last(desk):
    links = rail(desk("en").get("/admin/articles/article/"))
    wanted = ("articletranslation", "author", "publication", "user")
    places = [
        next(place for place, link in enumerate(links) if link.endswith(f"/{model}/"))
        for model in wanted
    ]
    assert places[0] == 0
    assert places == sorted(places)


def test_every_model_an_owner_may_open_is_on_the_desk_exactly_once(desk):
    response = desk("en").get("/admin/articles/article/")
    request = response.wsgi_request
    lists = {
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model, model_admin in admin.site._registry.items()
        if model_admin.has_module_permission(request)
        and any(model_admin.get_model_perms(request).values())
    }
    links = rail(response)
    assert set(links) == lists
    assert len(links) == len(lists)


def test_models_that_no_section_names_keep_a_section_of_their_own(rf, monkeypatch, db):
    monkeypatch.setattr("healthsite.desk_site._PLACES", {})
    monkeypatch.setattr("healthsite.desk_site.GROUPS", ())
    request = rf.get("/admin/")
    request.user = staff(is_superuser=True)
    sections = admin.site.get_app_list(request)
    assert {"articles", "authors", "auth"} <= {section["app_label"] for section in sections}


def test_sections_name_no_model_twice():
    names = [label for _key, _name, labels in GROUPS for label in labels]
    assert len(names) == len(set(names))


def test_editors_see_only_what_they_may_open(desk):
    links = rail(desk("en", "view_article").get("/admin/articles/article/"))
    assert links == ["/admin/articles/article/"]


def test_an_apps_own_page_lists_its_models_in_the_desks_order(desk):
    page = soup(desk("en").get("/admin/articles/"))
    names = [row["id"] for row in page.select("#content-main th[scope=row]")]
    assert names.index("articles-articletranslation") < names.index("articles-topic")
    assert not any("author" in name for name in names)


@pytest.mark.parametrize("code", CODES)
def test_choosing_a_language_leads_back_and_is_remembered_by_the_desk_alone(client, db, code):
    response = client.post(
        "/admin/language/", {"language": code, "next": "/admin/login/?next=/admin/"}
    )
    assert response.url == "/admin/login/?next=/admin/"
    cookie = response.cookies["django_language"]
    assert cookie.value == code
    assert cookie["path"] == "/admin/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert soup(client.get("/admin/login/")).html["lang"] == languages.BY_CODE[code].tag


def test_choosing_a_language_leads_to_no_other_site(client, db):
    response = client.post(
        "/admin/language/", {"language": "en", "next": "https://elsewhere.example/"}
    )
    assert "elsewhere" not in response.url


def test_choosing_a_language_asks_for_a_token(db):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/admin/language/", {"language": "en"}).status_code == 403


def test_public_pages_ignore_the_desks_language(client, demo_site):
    client.cookies["django_language"] = "en"
    assert soup(client.get("/zh-hans/")).html["lang"] == "zh-Hans"


def test_every_field_in_a_row_of_fields_has_a_label(desk, demo_site):
    page = soup(desk("en").get("/admin/articles/topic/1/change/"))
    labelled = {label["for"] for label in page.select("label[for]")}
    fields = page.select(".tabular tr.form-row :is(select, textarea, input:not([type=hidden]))")
    assert fields
    assert {field["id"] for field in fields} <= labelled


@pytest.mark.parametrize(
    ("code", "text", "tag"),
    [
        ("en", "补镁", "zh-Hans"),
        ("zh-hans", "Taking magnesium", "en"),
        ("en", "Taking magnesium", None),
        ("zh-hans", "补充维生素D3", None),
        ("zh-hans", "3 / 4", None),
    ],
)
def test_words_in_the_other_language_are_marked(code, text, tag):
    with translation.override(code):
        marked = BeautifulSoup(f"<p>{foreign_run(text)}</p>", "html.parser").p
    assert marked.text == text
    assert (marked.span["lang"] if marked.span else None) == tag


def test_marking_words_lets_no_markup_through():
    with translation.override("en"):
        assert "<b>" not in foreign_run("<b>镁</b>")


@pytest.mark.parametrize("code", CODES)
def test_missing_page_of_the_desk_is_answered_by_the_desk(desk, code):
    response = desk(code).get("/admin/nothing-here/")
    page = soup(response)
    assert response.status_code == 404
    assert page.html["lang"] == languages.BY_CODE[code].tag
    assert page.select_one("#rail")
    assert response.headers["Cache-Control"] == "no-store"


def test_refusal_is_answered_by_the_desk(desk):
    response = desk("en", "view_article").get("/admin/articles/topic/")
    assert response.status_code == 403
    assert rail(response) == ["/admin/articles/article/"]


def test_failure_is_answered_without_asking_the_database(rf, django_assert_num_queries, db):
    request = rf.get("/admin/articles/article/")
    with django_assert_num_queries(0):
        response = desk_error(request, 500)
    assert response.status_code == 500
    assert soup(response).select_one("h1")


def test_a_readers_missing_page_is_no_desk_page(client, demo_site):
    assert not soup(client.get("/en/no-such-page/")).select("#rail, .masthead")


def test_overview_fills_the_first_screen(desk, monkeypatch):
    """The overview is a module of the articles; the desk asks it once per visit."""
    asked = []

    def overview_context(request):
        asked.append(request.user.get_username())
        return {"asked": True}

    monkeypatch.setattr("articles.admin.overview.overview_context", overview_context)
    response = desk("en").get("/admin/")
    assert response.context["asked"]
    assert asked == ["chen"]
