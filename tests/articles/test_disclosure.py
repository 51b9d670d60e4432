"""What a page says about a product follows from the recorded relationship alone."""

import pytest
from django.utils import translation

from articles.disclosure import disclosure_text, link_rel
from articles.models import Product
from tests.articles.rendered import make_mention

RELATIONSHIPS = Product.Relationship.values
ENGLISH = {
    "none": "Disclosure: this article mentions “Seaweed Plus” of the brand Blue Ocean. The "
    "publisher has no commercial interest in the brand. Naming a product does not mean it can "
    "diagnose, treat or prevent any disease.",
    "own_brand": "Disclosure: “Seaweed Plus” belongs to the brand Blue Ocean, which the publisher "
    "owns and profits from. Naming it does not mean it can diagnose, treat or prevent any disease.",
    "sponsored": "Disclosure: the brand Blue Ocean has paid for “Seaweed Plus” to be mentioned "
    "here. Naming it does not mean it can diagnose, treat or prevent any disease.",
    "affiliate": "Disclosure: the publisher earns a commission when “Seaweed Plus” of the brand "
    "Blue Ocean is bought through this page. Naming it does not mean it can diagnose, treat or "
    "prevent any disease.",
    "unconfirmed": "Disclosure: the product mentioned belongs to the Blue Ocean brand, in which "
    "the publisher may have a commercial interest (to be confirmed by the publisher). Naming it "
    "does not mean it can diagnose, treat or prevent any disease.",
}


def test_every_relationship_of_a_product_has_a_disclosure():
    assert set(RELATIONSHIPS) == set(ENGLISH)


@pytest.mark.parametrize("relationship", RELATIONSHIPS)
def test_the_disclosure_says_what_is_known(relationship):
    with translation.override("en"):
        assert disclosure_text(make_mention(relationship=relationship)) == ENGLISH[relationship]


@pytest.mark.parametrize("relationship", RELATIONSHIPS)
def test_the_disclosure_is_in_chinese_on_chinese_pages(relationship):
    mention = make_mention(relationship=relationship)
    with translation.override("zh-hans"):
        text = disclosure_text(mention)
    assert text != ENGLISH[relationship]
    assert mention.brand in text
    assert "疾病" in text
    assert text.endswith("。")


def test_disclosures_differ_from_each_other():
    for language in ("zh-hans", "en"):
        with translation.override(language):
            texts = {disclosure_text(make_mention(relationship=name)) for name in RELATIONSHIPS}
        assert len(texts) == len(RELATIONSHIPS)


def test_names_with_signs_of_the_formatter_do_no_harm():
    mention = make_mention(name="100%(name)s %d {brand}", brand="%", relationship="none")
    assert "100%(name)s %d {brand}" in disclosure_text(mention)


def test_an_unknown_relationship_is_an_error_and_never_silence():
    with pytest.raises(KeyError):
        disclosure_text(make_mention(relationship="friends"))


@pytest.mark.parametrize("relationship", RELATIONSHIPS)
def test_every_link_to_a_product_is_qualified(relationship):
    rel = link_rel(make_mention(relationship=relationship)).split()
    assert {"nofollow", "noopener"} <= set(rel)
    assert ("sponsored" in rel) == (relationship != "none")
