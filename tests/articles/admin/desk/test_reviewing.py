"""Ask, sign, send back, cancel: who may, and what exactly is signed."""

import pytest

from articles import services
from articles.models import ArticleTranslation, AuditEntry, Contribution
from tests.articles.admin.desk.conftest import address
from tests.articles.admin.desk.forms import get
from tests.factories import make_author

pytestmark = pytest.mark.django_db

ASK = 'form[action$="review/ask/"]'
SIGN = 'form[action$="review/sign/"]'
ANSWER = 'form[action$="review/answer/"]'


def fresh(text) -> ArticleTranslation:
    return ArticleTranslation.objects.select_related("article").get(pk=text.pk)


@pytest.fixture
def reviewer(user_of):
    return make_author(name="Bo Example", user=user_of("reviewer"))


@pytest.fixture
def screen(client_of):
    def open_(text, role: str, name: str = ""):
        return get(client_of(role, name), address("review", text))

    return open_


def test_a_review_is_asked_for_and_signed(pair, reviewer, screen):
    text = pair["en"]
    asked = screen(text, "writer").send(ASK, reviewer=str(reviewer.pk), note="The doses.")
    assert asked.status == 302
    request = text.review_requests.get()
    assert (request.reviewer, request.note, request.revision.number) == (reviewer, "The doses.", 1)
    page = screen(text, "reviewer")
    assert "The doses." in page.text
    assert page.send(SIGN).status == 302
    signature = text.signatures.get()
    assert (signature.author, signature.signed_by.username) == (reviewer, "reviewer")
    assert signature.content_hash == text.revisions.get().content_hash
    request.refresh_from_db()
    assert request.outcome == "signed"
    assert not screen(text, "reviewer").soup.select(SIGN)
    acts = set(AuditEntry.objects.values_list("act", flat=True))
    assert {"asked_review", "signed"} <= acts


def test_a_signature_under_a_text_that_has_changed_is_refused(pair, reviewer, screen):
    text = pair["en"]
    page = screen(text, "reviewer")
    row = fresh(text)
    row.title = "Another title"
    row.save()
    services.save_revision(row)
    assert page.send(SIGN).status == 302
    assert not text.signatures.exists()
    assert screen(text, "reviewer").send(SIGN).status == 302
    assert text.signatures.get().revision.number == 2


@pytest.mark.parametrize("content_hash", ["", "x", "0" * 64])
def test_a_signature_under_nothing_that_was_shown_is_refused(
    pair, reviewer, client_of, content_hash
):
    text = pair["en"]
    client_of("reviewer").post(address("sign", text), {"content_hash": content_hash})
    assert not text.signatures.exists()


@pytest.mark.parametrize("role", ["writer", "translator", "managing"])
def test_only_a_reviewer_may_sign(pair, user_of, client_of, screen, role):
    text = pair["en"]
    make_author(user=user_of(role))
    assert not screen(text, role).soup.select(SIGN)
    data = {"content_hash": text.revisions.get().content_hash}
    assert client_of(role).post(address("sign", text), data).status_code == 403
    assert not text.signatures.exists()


@pytest.mark.parametrize("state", ["nobody", "inactive"])
def test_an_account_without_an_active_author_has_no_name_to_sign_with(
    pair, user_of, client_of, state
):
    text = pair["en"]
    if state == "inactive":
        make_author(user=user_of("reviewer"), is_active=False)
    data = {"content_hash": text.revisions.get().content_hash}
    assert client_of("reviewer").post(address("sign", text), data).status_code == 403
    assert not text.signatures.exists()


def test_an_author_of_the_article_hears_that_the_review_is_not_independent(pair, reviewer, screen):
    text = pair["en"]
    before = screen(text, "reviewer").soup.select("section[aria-labelledby=sign-h] p b")
    Contribution.objects.create(article=text.article, author=reviewer, role="author")
    after = screen(text, "reviewer").soup.select("section[aria-labelledby=sign-h] p b")
    assert len(after) == len(before) + 1


def test_a_request_is_sent_back_with_what_has_to_change(pair, reviewer, screen):
    text = pair["en"]
    screen(text, "writer").send(ASK, reviewer=str(reviewer.pk))
    page = screen(text, "reviewer")
    page.send(ANSWER, answer="  ")
    assert text.review_requests.open().exists()
    page.send(ANSWER, answer="The dose is wrong.")
    request = text.review_requests.get()
    assert (request.outcome, request.answer) == ("declined", "The dose is wrong.")


def test_a_request_is_cancelled_by_who_may_ask_and_can_be_made_again(pair, reviewer, screen):
    text = pair["en"]
    screen(text, "writer").send(ASK, reviewer=str(reviewer.pk))
    twice = screen(text, "writer").send(ASK, reviewer=str(reviewer.pk), note="Again.")
    assert twice.status == 422
    assert twice.fields(ASK)["note"] == ["Again."]
    assert screen(text, "writer").send(ANSWER).status == 302
    assert text.review_requests.get().outcome == "cancelled"
    assert screen(text, "writer").send(ASK, reviewer=str(reviewer.pk)).status == 302


@pytest.mark.parametrize(
    ("role", "outcome"),
    [
        *(("translator", "cancelled"), ("translator", "declined"), ("reviewer", "cancelled")),
        *(("writer", "declined"), ("managing", "declined"), ("managing", "signed")),
        ("managing", ""),
    ],
)
def test_nobody_answers_for_somebody_else(pair, reviewer, screen, client_of, role, outcome):
    text = pair["en"]
    screen(text, "writer").send(ASK, reviewer=str(reviewer.pk))
    request = text.review_requests.get()
    data = {"request": str(request.pk), "outcome": outcome, "answer": "No."}
    response = client_of(role).post(address("answer_review", text), data)
    assert response.status_code == 403
    assert text.review_requests.open().exists()


def test_another_reviewer_cannot_send_a_request_back(pair, reviewer, screen, client_of, user_of):
    text = pair["en"]
    screen(text, "writer").send(ASK, reviewer=str(reviewer.pk))
    make_author(user=user_of("reviewer", "second"))
    request = text.review_requests.get()
    data = {"request": str(request.pk), "outcome": "declined", "answer": "No."}
    response = client_of("reviewer", "second").post(address("answer_review", text), data)
    assert response.status_code == 403


def test_a_request_of_another_text_is_404(pair, reviewer, screen, client_of):
    screen(pair["en"], "writer").send(ASK, reviewer=str(reviewer.pk))
    number = str(pair["en"].review_requests.get().pk)
    response = client_of("managing").post(
        address("answer_review", pair["zh-hans"]), {"request": number, "outcome": "cancelled"}
    )
    assert response.status_code == 404


@pytest.mark.parametrize("role", ["translator", "reviewer"])
def test_who_may_not_ask_cannot(pair, reviewer, screen, client_of, role):
    text = pair["en"]
    assert not screen(text, role).soup.select(ASK)
    data = {"version": "1", "reviewer": str(reviewer.pk)}
    assert client_of(role).post(address("ask_review", text), data).status_code == 403


def test_only_authors_with_an_account_are_offered(pair, reviewer, screen):
    without = make_author()
    page = screen(pair["en"], "writer")
    offered = {item["value"] for item in page.soup.select(f"{ASK} option[value]")} - {""}
    assert offered == {str(reviewer.pk)}
    assert page.send(ASK, reviewer=str(without.pk)).status == 422


def test_what_changed_since_the_signature_is_shown(pair, reviewer, screen):
    text = pair["en"]
    screen(text, "reviewer").send(SIGN)
    row = fresh(text)
    row.title = "Another title"
    row.save()
    services.save_revision(row)
    signed = screen(text, "reviewer").soup.select_one("section[aria-labelledby=signed-h]")
    assert "Another title" in signed.get_text()
    assert not signed.select(".chip--published")
