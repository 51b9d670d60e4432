"""What was typed into a form that could not be taken is on the page that says so."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory

from healthsite.unsaved import typed_in

pytestmark = pytest.mark.django_db

TOPIC = "/admin/articles/topic/add/"
TYPED = {"slug": "sleep", "translations-TOTAL_FORMS": "2", "_save": "1", "action": "x"}


def shown(response) -> dict[str, str]:
    soup = BeautifulSoup(response.content, "html.parser")
    return {
        term.get_text(strip=True): term.find_next_sibling("dd").get_text(strip=True)
        for term in soup.select("dl.typed dt")
    }


def owner(**options) -> Client:
    client = Client(**options)
    client.force_login(get_user_model().objects.create_superuser("owner"))
    return client


def test_a_form_that_expired(client):
    """Signing in again elsewhere gives a new token."""
    response = owner(enforce_csrf_checks=True).post(TOPIC, TYPED)
    assert response.status_code == 403
    assert shown(response) == {"slug": "sleep"}
    assert "no-store" in response.headers["Cache-Control"]


def test_a_session_that_ended():
    response = Client().post(TOPIC, TYPED, headers={"accept": "text/html,*/*"})
    assert response.status_code == 403
    assert shown(response) == {"slug": "sleep"}


@pytest.mark.parametrize("typed", [{}, {"slug": "sleep"}])
def test_scripts_and_empty_forms_are_asked_to_sign_in(typed):
    accept = "*/*" if typed else "text/html"
    response = Client().post(TOPIC, typed, headers={"accept": accept})
    assert response.headers["Location"].startswith("/admin/login/")


def test_a_thing_that_was_deleted_meanwhile():
    response = owner().post("/admin/articles/articletranslation/99/change/", {"title": "Sleep"})
    assert response.status_code == 404
    assert shown(response) == {"title": "Sleep"}


def test_a_password_is_never_shown():
    data = {"username": "owner", "password": "secret-1", "new_password2": "secret-2"}
    response = Client(enforce_csrf_checks=True).post("/admin/login/", data)
    assert response.status_code == 403
    assert shown(response) == {"username": "owner"}
    assert "secret" not in response.content.decode()


def test_a_body_that_cannot_be_read_is_no_second_error(settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1
    request = RequestFactory().post("/admin/", {"a": "1", "b": "2"})
    assert typed_in(request) == []


def test_a_form_in_another_charset_is_a_mistake_and_no_failure():
    """Django reads a form in UTF-8 alone, and says so only when it is read."""
    client = Client(raise_request_exception=False)
    media_type = "application/x-www-form-urlencoded; charset=latin-1"
    for path in ("/admin/", "/admin/articles/topic/add/"):
        assert client.post(path, b"a=b", content_type=media_type).status_code == 400
