"""What hangs on a text without being in it: nobody publishes or signs what was not shown."""

import pytest

from articles import services
from articles.building import build_document
from articles.models import ArticleTranslation, Claim, Publication, Reference
from tests.articles.admin.desk.conftest import address
from tests.articles.admin.desk.forms import get
from tests.factories import (
    make_author,
    make_claim,
    make_publication,
    make_reference,
    make_statement,
)

pytestmark = pytest.mark.django_db

SIGN = 'form[action$="review/sign/"]'
ANSWER = 'form[action$="review/answer/"]'
ACTS = ("ask_review", "sign", "answer_review")


@pytest.fixture
def text(pair) -> ArticleTranslation:
    """A published text with a reference, which somebody changes without saving the text."""
    make_reference(article=pair["en"].article, authors="Smith J")
    pair["en"].body += "\nA word.[@smith2020]\n\n[[references]]\n"
    pair["en"].save()
    make_publication(translation=pair["en"])
    return pair["en"]


def change_the_reference(name: str = "Jones K") -> None:
    """As a product changes, and a name: no text gets a revision of it."""
    Reference.objects.update(authors=name)


def hash_now(text) -> str:
    fresh = ArticleTranslation.objects.select_related("article").get(pk=text.pk)
    return build_document(fresh).content_hash


@pytest.mark.parametrize("later", [{}, {"live_from": "2099-01-01T09:00", "confirm": "1"}])
def test_nobody_publishes_what_the_screen_did_not_show(text, client_of, later):
    page = get(client_of("managing"), address("publish", text))
    change_the_reference()
    answer = page.send("form.publish-form", change="clarification", **later)
    assert answer.status == 409
    assert "Jones K" in answer.soup.select_one("[aria-labelledby=changes-h]").get_text()
    assert Publication.objects.count() == 1
    page = get(client_of("managing"), address("publish", text))
    assert page.send("form.publish-form", change="clarification", **later).status == 302
    published = Publication.objects.latest("number")
    assert published.revision.content_hash == hash_now(text)


def test_another_grade_is_no_typing_error(pair, client_of):
    text = pair["en"]
    claim = make_claim(article=text.article, references=[make_reference(article=text.article)])
    make_statement(translation=text, claim=claim)
    text.body += "\nA word.[[claim:C1]][@smith2020]\n\n[[references]]\n"
    text.save()
    make_publication(translation=text)
    Claim.objects.update(grade="strong")
    page = get(client_of("managing"), address("publish", text))
    assert page.soup.select(".change")
    assert page.send("form.publish-form", change="typo").status == 422
    assert page.send("form.publish-form", change="evidence").status == 302


def test_a_form_that_does_not_say_what_it_showed_publishes_nothing(text, client_of):
    page = get(client_of("managing"), address("publish", text))
    for content_hash in (None, "", "x"):
        answer = page.send("form.publish-form", change="typo", content_hash=content_hash)
        assert answer.status == 409
        assert answer.soup.select_one(".notice--conflict")
    assert Publication.objects.count() == 1


def test_a_signature_is_under_what_the_screen_showed(text, client_of, user_of):
    make_author(user=user_of("reviewer"))
    change_the_reference()
    page = get(client_of("reviewer"), address("review", text))
    assert page.send(SIGN).status == 302
    signature = text.signatures.get()
    assert signature.content_hash == signature.revision.content_hash == hash_now(text)
    assert not get(client_of("reviewer"), address("review", text)).soup.select(SIGN)


def test_nobody_signs_what_the_screen_did_not_show(text, client_of, user_of):
    make_author(user=user_of("reviewer"))
    page = get(client_of("reviewer"), address("review", text))
    before = text.revisions.count()
    change_the_reference()
    page.send(SIGN)
    assert not text.signatures.exists()
    assert text.revisions.count() == before


def test_an_answer_to_a_request_that_was_cancelled_is_kept(text, client_of, user_of):
    reviewer = make_author(user=user_of("reviewer"))
    request = services.request_review(text, reviewer=reviewer)
    page = get(client_of("reviewer"), address("review", text))
    services.answer_review_request(request, outcome="cancelled")
    answer = page.send(ANSWER, answer="The dose of the second table is wrong.")
    assert answer.status == 422
    assert "The dose of the second table is wrong." in answer.text


@pytest.mark.parametrize("name", ACTS)
def test_opening_the_address_of_an_act_leads_to_its_screen(text, client_of, name):
    response = client_of("managing").get(address(name, text))
    if name == "sign":
        assert response.status_code == 403
    else:
        assert response.headers["Location"] == address("review", text)


def test_opening_the_address_of_what_has_no_screen_leads_to_the_desk(text, client_of):
    response = client_of("managing").get(address("autosave", text))
    assert response.headers["Location"] == address("change", text)
