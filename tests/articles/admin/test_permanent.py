"""What a publication names an author, a topic or a term by is typed once."""

import pytest
from django.urls import reverse

from articles.models import GlossaryTerm, Topic
from authors.models import Author
from tests.articles.admin.conftest import MANAGER
from tests.articles.admin.desk.forms import get
from tests.factories import make_author, make_term, make_topic

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "make", "field"),
    [(Author, make_author, "slug"), (Topic, make_topic, "slug"), (GlossaryTerm, make_term, "key")],
)
def test_the_address_can_be_typed_once(client_for, model, make, field):
    client, name = client_for(MANAGER), model._meta.model_name
    add = get(client, reverse(f"admin:{model._meta.app_label}_{name}_add"))
    assert field in add.fields(f"#{name}_form")
    assert add.soup.select_one(f".field-{field} .help").get_text(strip=True)
    row = make(**{field: "the-first"})
    page = get(client, reverse(f"admin:{model._meta.app_label}_{name}_change", args=[row.pk]))
    assert field not in page.fields(f"#{name}_form")
    assert page.send(f"#{name}_form", **{field: "the-second"}).status == 302
    row.refresh_from_db()
    assert getattr(row, field) == "the-first"
