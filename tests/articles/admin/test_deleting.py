"""Nobody deletes what somebody else has saved since the question was asked."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from articles.models import Reference, Topic
from tests.articles.admin.conftest import MANAGER
from tests.factories import make_article, make_claim, make_reference, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[Reference, Topic], ids=["reference", "topic"])
def row(request):
    """A row that others name, and a row with rows of an inline."""
    if request.param is Reference:
        reference = make_reference(article=make_article(), key="a2020")
        make_claim(article=reference.article, references=[reference])
        return reference
    topic = make_topic(slug="magnesium")
    make_article(topics=[topic])
    return topic


def save_something(row) -> None:
    """What another editor does meanwhile: in a topic, to a name and not to the row itself."""
    if isinstance(row, Reference):
        Reference.objects.filter(pk=row.pk).update(title="Another title")
    else:
        row.translations.update(name="Another name")


def address(row, name: str, *args) -> str:
    return reverse(f"admin:articles_{row._meta.model_name}_{name}", args=args)


def question(answer):
    return BeautifulSoup(answer.content, "html.parser").select_one("#content form")


def hidden(form) -> dict[str, list[str]]:
    names = {item["name"] for item in form.select("input[type=hidden]")}
    return {name: [item["value"] for item in form.select(f"[name={name}]")] for name in names}


def remains(row) -> bool:
    return type(row).objects.filter(pk=row.pk).exists()


class One:
    """The question before one row is deleted."""

    def __init__(self, client, row):
        self.client, self.path = client, address(row, "delete", row.pk)
        self.back = address(row, "change", row.pk)

    def ask(self):
        return question(self.client.get(self.path))

    def answer(self, form):
        return self.client.post(self.path, hidden(form), follow=True)


class Many(One):
    """The question before the rows that were ticked are deleted."""

    def __init__(self, client, row):
        super().__init__(client, row)
        self.path = self.back = address(row, "changelist")
        self.ticked = {"action": "delete_selected", "_selected_action": [row.pk]}

    def ask(self):
        return question(self.client.post(self.path, self.ticked))


@pytest.fixture(params=[One, Many])
def deletion(request, client_for, row):
    return request.param(client_for(MANAGER), row)


def test_what_the_question_showed_is_deleted(deletion, row):
    form = deletion.ask()
    assert form.select_one("a.cancel-link")["href"] == deletion.back
    assert deletion.answer(form).status_code == 200
    assert not remains(row)


def test_the_question_names_what_goes_and_nothing_without_a_name(client_for, row):
    page = client_for(MANAGER).get(address(row, "delete", row.pk))
    soup = BeautifulSoup(page.content, "html.parser")
    gone = soup.select_one("#deleted-objects").get_text()
    assert str(row) in gone
    assert "object (" not in gone
    assert "relationship" not in soup.select_one("#content").get_text()
    namer = row.claims.get() if isinstance(row, Reference) else row.articles.get()
    assert str(namer) in soup.select_one("#bereft").get_text()
    # In the words of the desk, not in Django's.
    assert soup.select_one(".breadcrumbs a").get_text() == "Overview"


def test_what_somebody_saved_meanwhile_is_asked_about_again(deletion, row):
    form = deletion.ask()
    save_something(row)
    answer = deletion.answer(form)
    assert BeautifulSoup(answer.content, "html.parser").select(".messagelist .error")
    assert remains(row)
    deletion.answer(deletion.ask())
    assert not remains(row)


def test_a_reference_that_a_claim_has_come_to_rest_on_is_asked_about_again(client_for):
    reference = make_reference(article=make_article(), key="b2021")
    deletion = One(client_for(MANAGER), reference)
    form = deletion.ask()
    make_claim(article=reference.article, references=[reference])
    deletion.answer(form)
    assert remains(reference)
