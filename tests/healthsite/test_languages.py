"""Codes and tags, the language of an address, and a middleware that leaves no trace."""

import pytest
from django.http import HttpResponse
from django.utils import translation

from healthsite import languages
from healthsite.languages import LanguageMiddleware


def test_each_language_has_one_code_one_tag_and_its_own_name():
    assert languages.CODES == ("zh-hans", "en")
    assert [item.tag for item in languages.LANGUAGES] == ["zh-Hans", "en"]
    assert languages.CHOICES == [("zh-hans", "简体中文"), ("en", "English")]
    assert [item.is_chinese for item in languages.LANGUAGES] == [True, False]
    assert languages.BY_CODE[languages.DEFAULT.code] is languages.CHINESE


def test_other_languages_are_all_but_the_one_given():
    assert languages.other_languages("en") == (languages.CHINESE,)
    assert languages.other_languages("zh-hans") == (languages.ENGLISH,)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/zh-hans/", "zh-hans"),
        ("/en/articles/x/", "en"),
        ("/en", "en"),
        ("en/", "en"),
        ("//en/", "en"),
        ("/", None),
        ("", None),
        ("/english/", None),
        ("/EN/", None),
        ("/zh/", None),
        ("/zh-Hans/", None),
        ("/admin/en/", None),
        ("/en%2F/", None),
    ],
)
def test_language_of_an_address_is_its_first_part(path, code):
    found = languages.language_of_path(path)
    assert (found and found.code) == code


def test_address_decides_and_the_browser_does_not(rf):
    request = rf.get("/en/", headers={"accept-language": "zh-CN"})
    seen = []
    LanguageMiddleware(lambda request: seen.append(translation.get_language()))(request)
    assert seen == ["en"]
    assert request.LANGUAGE_CODE == "en"


@pytest.mark.parametrize(
    ("header", "code"), [("zh-CN,zh;q=0.9", "zh-hans"), ("en-GB", "en"), ("fr", "zh-hans")]
)
def test_address_without_language_follows_the_browser(rf, header, code):
    seen = []
    request = rf.get("/admin/", headers={"accept-language": header})
    LanguageMiddleware(lambda request: seen.append(request.LANGUAGE_CODE))(request)
    assert seen == [code]


@pytest.mark.parametrize("path", ["/en/", "/zh-hans/", "/admin/", "/"])
def test_middleware_adds_no_header(rf, path):
    request = rf.get(path, headers={"accept-language": "en"})
    response = LanguageMiddleware(lambda request: HttpResponse())(request)
    assert dict(response.headers) == dict(HttpResponse().headers)
    assert not response.cookies


def test_language_is_put_back_after_the_request_even_if_it_fails(rf):
    def fail(request):
        raise RuntimeError

    with translation.override("en"):
        LanguageMiddleware(lambda request: HttpResponse())(rf.get("/zh-hans/"))
        assert translation.get_language() == "en"
        with pytest.raises(RuntimeError):
            LanguageMiddleware(fail)(rf.get("/zh-hans/"))
        assert translation.get_language() == "en"


@pytest.mark.parametrize(("accepted", "code"), [("zh-CN", "zh-hans"), ("en", "en")])
def test_admin_speaks_the_language_of_the_editors_browser(admin_client, accepted, code):
    response = admin_client.get("/admin/", headers={"accept-language": accepted})
    with translation.override(code):
        assert translation.gettext("Log out") in response.content.decode()
