"""Whatever is sent to the desk, the answer is an answer: never an internal error."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import services
from articles.admin.desk.views import VIEWS
from articles.building import build_document
from articles.models import ArticleTranslation, Statement
from tests.articles.admin.desk.conftest import address
from tests.articles.admin.desk.forms import get
from tests.factories import (
    make_article,
    make_author,
    make_claim,
    make_publication,
    make_reference,
    make_signature,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NUMBERS = ("", "-1", "²", "9" * 30, "9" * 5000, "1e9", "\x00", "NaN")
FIELDS = (
    *("title", "standfirst", "seal", "body", "body-unit", "version", "base", "note", "view"),
    *("still-correct", "scheme", "change", "public_note", "live_from", "override_reason"),
    *("revision", "reviewer", "content_hash", "request", "outcome", "answer", "recipient"),
    *("days", "link", "figures-0-key", "figures-0-image", "figures-0-ORDER", "callouts-0-icon"),
    *("statements-0-claim", "statements-0-text", "mention-product", "mention-text"),
)
FORMSETS = ("figures", "callouts", "statements")
MANAGEMENT = ("TOTAL_FORMS", "INITIAL_FORMS")

JUNK = {
    "nothing": {},
    "files instead of words": None,
    **{
        f"every field {value[:6]!r} {len(value)}": dict.fromkeys(FIELDS, value)
        for value in (*NUMBERS, "\ud83d", "<script>", "x" * 100_000)
    },
    **{
        f"management {value[:6]!r} {len(value)}": {
            f"{prefix}-{name}": value for prefix in FORMSETS for name in MANAGEMENT
        }
        for value in NUMBERS
    },
    "too many rows": {f"{prefix}-TOTAL_FORMS": "100000" for prefix in FORMSETS},
    **{
        f"time {value}": {"live_from": value, "change": "typo", "confirm": "1"}
        for value in ("0001-01-01T00:00", "9999-12-31T23:59", "2027-09-26T02:30", "soon", "\x00")
    },
}


@pytest.fixture
def text(pair) -> ArticleTranslation:
    publication = make_publication(translation=pair["en"])
    make_signature(publication=publication, author=make_author())
    return pair["en"]


def sendable(values: dict) -> dict:
    return {
        name: value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        for name, value in values.items()
    }


def shown_form(client, text) -> dict[str, list[str]]:
    return get(client, address("change", text)).fields()


@pytest.mark.parametrize("junk", JUNK)
def test_no_view_of_a_text_fails_on_junk(text, client_of, junk):
    client = client_of("managing")
    document = build_document(text)
    for name in VIEWS:
        values = JUNK[junk]
        if values is None:
            values = {field: SimpleUploadedFile("x.txt", b"x") for field in FIELDS}
            response = client.post(address(name, text), values)
        else:
            response = client.post(address(name, text), sendable(values))
        assert response.status_code < 500, name
        if response.status_code == 200:
            assert name in {"preview", "checks", "autosave", "presence"}, name
    now = ArticleTranslation.objects.select_related("article").get(pk=text.pk)
    assert build_document(now) == document
    assert text.publications.count() == 1


@pytest.mark.parametrize("field", [*FIELDS, *(f"{p}-{m}" for p in FORMSETS for m in MANAGEMENT)])
def test_one_wrong_field_in_a_right_form_is_an_answer(text, client_of, field):
    client = client_of("managing")
    form = shown_form(client, text)
    for value in ("", "9" * 30, "\x00", None):
        version = ArticleTranslation.objects.get(pk=text.pk).version
        data = {**form, "version": [str(version)], "_save": ["1"]}
        data.pop(field, None)
        if value is not None:
            data[field] = [value]
        response = client.post(address("change", text), data)
        assert response.status_code in {302, 409, 422}, (field, value)
    # The preview reads the form as saving does; one wrong value and a missing one stand for all.
    for value in ("\x00", None):
        data = {name: words for name, words in form.items() if name != field}
        if value is not None:
            data[field] = [value]
        assert client.post(address("preview", text), data).status_code == 200, (field, value)


def test_a_form_without_its_body_does_not_empty_the_text(text, client_of):
    client = client_of("managing")
    form = shown_form(client, text)
    del form["body"], form["body-unit"]
    assert client.post(address("change", text), {**form, "_save": "1"}).status_code == 422
    assert ArticleTranslation.objects.get(pk=text.pk).body == text.body


@pytest.mark.parametrize("number", ["0", "999999", "²", "9" * 30, "9" * 5000, "x", "-1"])
def test_a_text_that_is_not_there_is_404(text, client_of, number):
    client = client_of("managing")
    for name in VIEWS:
        path = address(name, text).replace(f"/{text.pk}/", f"/{number}/")
        for method in (client.get, client.post):
            assert method(path).status_code in {404, 405}, (name, method)


@pytest.mark.parametrize(
    "query", ["from=1", "from=x&to=y", f"from={'9' * 30}&to=1", "to=²", "from=0&to=1"]
)
def test_revisions_that_are_not_there_are_404(text, client_of, query):
    response = client_of("managing").get(address("revisions", text) + f"?{query}")
    assert response.status_code == 404


@pytest.mark.parametrize("page", ["x", "-1", "9" * 30, "\x00"])
def test_a_page_of_revisions_that_is_not_there_is_the_nearest(text, client_of, page):
    response = client_of("managing").get(address("revisions", text), {"page": page})
    assert response.status_code == 200


@pytest.mark.parametrize("junk", JUNK)
def test_no_view_of_an_article_fails_on_junk(text, client_of, junk):
    client = client_of("managing")
    values = sendable(JUNK[junk] or {}) | {
        "slug": "\x00",
        "title_en": "\x00",
        "title_zh-hans": "x" * 500,
        "authors": "x",
        "topics": "9" * 30,
    }
    services.save_revision(text)
    for name, args in (
        ("start", []),
        ("rename", [text.article_id]),
        ("start_translation", [text.article_id, "en"]),
        ("start_translation", [text.article_id, "fr"]),
        ("start_translation", [999999, "en"]),
        ("rename", [999999]),
        ("change", [text.article_id]),
        ("change", ["²"]),
        ("change", ["9" * 5000]),
    ):
        path = reverse(f"admin:articles_article_{name}", args=args)
        assert client.post(path, values).status_code < 500, (name, args)


def test_one_claim_stated_twice_or_of_another_article_is_refused(text, client_of):
    claim = make_claim(article=text.article)
    foreign = make_claim(article=make_article(), key="C9")
    client = client_of("managing")
    form = shown_form(client, text)
    for first, second in ((claim.pk, claim.pk), (claim.pk, foreign.pk)):
        data = {
            **form,
            "_save": "1",
            "statements-TOTAL_FORMS": "2",
            "statements-0-claim": str(first),
            "statements-0-text": "One.",
            "statements-0-basis": "Why.",
            "statements-1-claim": str(second),
            "statements-1-text": "Two.",
            "statements-1-basis": "Why.",
        }
        assert client.post(address("change", text), data).status_code == 422
    assert not text.statements.exists()


@pytest.mark.parametrize("act", ["preview", "checks", "change"])
def test_the_queries_of_what_is_typed_do_not_grow_with_the_claims(text, client_of, act):
    client = client_of("managing")
    counts = []
    reference = make_reference(article=text.article)
    make_claim(article=text.article, references=[reference])
    for step in range(2):
        data = {**shown_form(client, text), "standfirst": f"Typed {step}.", "_save": "1"}
        with CaptureQueriesContext(connection) as queries:
            assert client.post(address(act, text), data).status_code in {200, 302}
        counts.append(len(queries))
        for number in range(12):
            claim = make_claim(article=text.article, key=f"C{step}-{number}")
            claim.references.set([reference])
            Statement.objects.create(translation=text, claim=claim, text="S", basis="B")
        services.save_revision(ArticleTranslation.objects.get(pk=text.pk))
    assert counts[1] <= counts[0] + 3, queries.captured_queries
