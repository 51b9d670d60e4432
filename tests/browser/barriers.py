"""What axe-core finds on a page: WCAG 2.2 A and AA, and best practice."""

from axe_playwright_python.sync_playwright import Axe

AXE = Axe().axe_script
RUN = """async options => {
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    return axe.run(options);
}"""
"""After the next frame, which shows what was changed last."""

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]
"""The rules that can answer otherwise once the colours change and nothing else does."""


def violations(page, *, of_colour_alone: bool = False) -> list:
    """Rules that the page breaks, with some of the places.

    ``of_colour_alone`` for a second look at the same page in the other colour scheme.
    """
    rules = {"type": "rule", "values": OF_COLOUR} if of_colour_alone else None
    # axe is half a megabyte, and stays in a page that has it.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    options = {
        "runOnly": rules or {"type": "tag", "values": TAGS},
        # Without this axe describes every element that passes, which takes most of its time.
        "resultTypes": ["violations"],
        # axe would copy imported style sheets into the page, against the policy.
        "preload": False,
        # axe is in this page alone, and would wait half a second for a frame to answer.
        "iframes": False,
    }
    found = page.evaluate(RUN, options)["violations"]
    if found:
        # A busy browser may still be painting the scheme or width it was just told. What a page
        # really breaks, it breaks again.
        page.wait_for_timeout(500)
        found = page.evaluate(RUN, options)["violations"]
    return [(item["id"], [node["target"] for node in item["nodes"]][:5]) for item in found]


def assert_no_violation(page) -> None:
    """Everything at 320 and 1440 px in light, and what depends on colours once more in dark."""
    for width in (320, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="light")
        assert violations(page) == [], (width, "light")
        page.emulate_media(color_scheme="dark")
        assert violations(page, of_colour_alone=True) == [], (width, "dark")
