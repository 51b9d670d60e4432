"""Exactly what the checks find in the demo content: every line here was read and is true."""

import pytest

from articles.desk import check_document

ADDRESSES = ("reference-address", "unit-references")
EXPECTED = {
    ("about", "zh-hans"): [],
    ("about", "en"): [],
    ("contact", "zh-hans"): [],
    ("contact", "en"): [],
    ("corrections", "zh-hans"): [],
    ("corrections", "en"): [],
    ("editorial-policy", "zh-hans"): [],
    ("editorial-policy", "en"): [("sentence-length", "unit-b3707")],
    ("evidence-grades", "zh-hans"): [("abbreviation", "unit-b737a")],
    ("evidence-grades", "en"): [("abbreviation", "unit-b737a")],
    ("privacy", "zh-hans"): [],
    ("privacy", "en"): [],
    ("d3-k2-magnesium", "zh-hans"): [
        ADDRESSES,
        ("sentence-length", "unit-statement-C20-basis"),
        # The original article's own title, kept as it was printed.
        ("half-width", "unit-title"),
        ("sentence-length", "unit-bbfe0"),
        ("abbreviation", "unit-b0193"),
    ],
    ("d3-k2-magnesium", "en"): [
        ADDRESSES,
        ("sentence-length", "unit-statement-C20-basis"),
        ("abbreviation", "unit-statement-C18s-basis"),
        ("sentence-length", "unit-bcb5c"),
        ("sentence-length", "unit-bf097"),
        ("abbreviation", "unit-b0193"),
    ],
}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_demo_content_has_exactly_these_findings(demo_documents, language):
    other = {"zh-hans": "en", "en": "zh-hans"}[language]
    found = {
        (slug, language): [
            (finding.rule, finding.anchor)
            for finding in check_document(document, demo_documents[slug, other])
        ]
        for (slug, code), document in demo_documents.items()
        if code == language
    }
    assert found == {key: value for key, value in EXPECTED.items() if key[1] == language}
