"""Speculation rules: a browser may fetch the page behind a link while a finger goes down on it.

As a header that names a file, so that the content security policy needs no exception for a script
inside the page. Conservative, because many readers pay for every page: nothing is fetched before a
link is pressed, and no page is run before it is opened (developer.chrome.com: speculation rules).
"""

import json

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from healthsite.pages import machine_response, public_view

NO_PAGES = ("/admin/*", "/preview/*", "/media/*", "/static/*", "/feeds/*", "/*.*")
"""Addresses that are not for readers, or that a browser does not show as a page."""

RULES = {
    "prefetch": [
        {
            "where": {
                "and": [{"href_matches": "/*"}, {"not": {"href_matches": list(NO_PAGES)}}],
            },
            "eagerness": "conservative",
        }
    ]
}


@public_view
def speculation_rules(request: HttpRequest) -> HttpResponseBase:
    """The rules as the file that the header of every page names."""
    return machine_response(json.dumps(RULES), "application/speculationrules+json")
