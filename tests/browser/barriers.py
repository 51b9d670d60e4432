"""What axe-core finds on a page: WCAG 2.2 A and AA, and best practice."""

from axe_playwright_python.sync_playwright import Axe

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]
"""The rules that can answer otherwise once the colours change and nothing else does."""


def violations(page, *, of_colour_alone: bool = False) -> list:
    """Rules that the page breaks, with some of the places.

    ``of_colour_alone`` for a second look at the same page in the other colour scheme.
    """
    rules = {"type": "rule", "values": OF_COLOUR} if of_colour_alone else None
    options = {
        "runOnly": rules or {"type": "tag", "values": TAGS},
        # Without this axe describes every element that passes, which takes most of its time.
        "resultTypes": ["violations"],
        # axe would copy imported style sheets into the page, against the policy.
        "preload": False,
    }
    found = Axe().run(page, options=options).response["violations"]
    return [(item["id"], [node["target"] for node in item["nodes"]][:5]) for item in found]


def assert_no_violation_in_light_and_dark(page) -> None:
    """Everything in light, and what depends on colours once more in dark."""
    page.emulate_media(color_scheme="light")
    assert violations(page) == [], "light"
    page.emulate_media(color_scheme="dark")
    assert violations(page, of_colour_alone=True) == [], "dark"
