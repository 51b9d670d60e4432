"""Links say where they lead, and lead there."""

import datetime

import pytest

from articles.desk import NOTE, WARN, DeskContext
from articles.desk.links import (
    internal_links_lead_somewhere,
    link_texts_say_something,
    outside_links_are_encrypted,
    own_addresses_exist,
)
from tests.articles.desk.documents import (
    make_document,
    make_figure,
    make_mention,
    make_reference,
    make_term,
    summary,
)

CONTEXT = DeskContext(
    today=datetime.date(2026, 11, 22),
    paths=frozenset({"/en/about/", "/en/about/#team", "/en/"}),
    site_hosts=frozenset({"site.example"}),
)


@pytest.mark.parametrize(
    "words",
    [
        *("here", "Click here", "**Read more**", "this link", "more…", "Link", ""),
        *("点击这里", "这里", "点此", "更多", "【链接】", "了解更多 »"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_empty_link_text_is_a_warning(words, language):
    document = make_document(language=language, body=f"First.\n\nSee\n[{words}](/en/about/).\n")
    (finding,) = link_texts_say_something(document)
    assert summary([finding]) == [("link-text", WARN, "", 4)]


@pytest.mark.parametrize(
    "body",
    ["<https://example.org/a>", "[https://example.org](https://example.org)", "[www.a.nz](/en/)"],
)
def test_address_as_link_text_is_a_note(body):
    (finding,) = link_texts_say_something(make_document(body=f"{body}\n"))
    assert summary([finding]) == [("link-text", NOTE, "", 1)]


@pytest.mark.parametrize(
    "body",
    [
        "[how we grade evidence](/en/evidence-grades/)",
        "[更正与更新](/zh-hans/corrections/)",
        "[read more about iron](/en/iron/)",
        "[[term:calcidiol|here]]",
        "Click here.[@dai2018]",
    ],
)
def test_link_text_that_says_something_has_no_finding(body):
    document = make_document(body=f"{body}\n", terms=(make_term(),))
    assert list(link_texts_say_something(document)) == []


def test_links_in_fields_are_found_with_their_unit():
    document = make_document(figures=(make_figure(caption="See [here](/en/)."),))
    (finding,) = link_texts_say_something(document)
    assert finding.anchor == "unit-figure-pathway-caption"


# Own addresses

PAGE = (
    "## One {{#one}}\n\n[[figure:pathway]]\n\n[[tip]]\n\n### Two {{#two}}\n\n[[/tip]]\n\n"
    "[Link]({target})\n\n[[glossary]]\n\n[[references]]\n"
)


def _page(target: str):
    return make_document(
        body=PAGE.format(target=target),
        figures=(make_figure(), make_figure(key="unplaced")),
        terms=(make_term(),),
        references=(make_reference(),),
    )


@pytest.mark.parametrize(
    "target",
    [
        *("#one", "#two", "#fig-pathway", "#g-calcidiol", "#t-calcidiol", "#r1", "#authors"),
        *("/en/articles/example/#one", "./#two", "mailto:editor@example.org"),
        *("https://example.org/#nowhere", "/en/articles/other/#nowhere"),
    ],
)
def test_address_that_exists_on_the_page_has_no_finding(target):
    assert list(own_addresses_exist(_page(target))) == []


@pytest.mark.parametrize(
    "target",
    [
        *("#nowhere", "#fig-unplaced", "#fig-nothing", "#g-iron", "#r2", "#One"),
        *("/en/articles/example/#three", "", "javascript:alert(1)", "https:", "tel:111"),
    ],
)
def test_address_that_does_not_exist_is_a_warning_where_it_stands(target):
    (finding,) = own_addresses_exist(_page(target))
    assert summary([finding]) == [("link-broken", WARN, "", 11)]


def test_every_heading_can_be_linked_by_the_id_of_its_block():
    document = make_document(body="## Heading\n")
    assert (
        list(
            own_addresses_exist(
                make_document(body=f"## Heading\n\n[A](#{document.blocks[0].id})\n")
            )
        )
        == []
    )


# Other pages


@pytest.mark.parametrize(
    "target",
    [
        *("/en/about/", "/en/about/#team", "../../about/", "/en/about/?page=2"),
        *("https://site.example/en/about/#team", "https://other.example/en/gone/"),
        *("#one", "/en/articles/example/", "mailto:a@example.org"),
    ],
)
def test_page_that_exists_has_no_finding(target):
    assert list(internal_links_lead_somewhere(_page(target), CONTEXT)) == []


@pytest.mark.parametrize(
    "target",
    ["/en/gone/", "/en/about/#gone", "about/", "https://site.example/en/gone/", "/zh-hans/about/"],
)
def test_page_that_is_not_public_is_a_warning(target):
    (finding,) = internal_links_lead_somewhere(_page(target), CONTEXT)
    assert summary([finding]) == [("link-broken-page", WARN, "", 11)]


def test_paths_may_be_asked_instead_of_listed():
    asked = []

    def knows(path: str) -> bool:
        asked.append(path)
        return False

    context = DeskContext(today=CONTEXT.today, paths=knows)
    (finding,) = internal_links_lead_somewhere(_page("/en/gone/#x"), context)
    assert asked == ["/en/gone/#x"]
    assert "/en/gone/#x" in finding.message


# Encryption


def test_unencrypted_addresses_are_warnings_wherever_they_stand():
    document = make_document(
        body="[A page](http://example.org/)\n",
        references=(make_reference(url="http://example.org/"),),
        mention=make_mention(website="HTTP://example.org/"),
    )
    findings = list(outside_links_are_encrypted(document))
    assert [finding.severity for finding in findings] == [WARN] * 3
    assert [finding.anchor for finding in findings] == [
        f"unit-{document.blocks[0].id}",
        "unit-references",
        "unit-mention-text",
    ]


def test_encrypted_addresses_have_no_finding():
    document = make_document(
        body="[A page](https://example.org/) and [ours](/en/), http://example.org in words.\n",
        references=(make_reference(url="https://example.org/"), make_reference(key="b2019")),
        mention=make_mention(website="https://example.org/"),
    )
    assert list(outside_links_are_encrypted(document)) == []
