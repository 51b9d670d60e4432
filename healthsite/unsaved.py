"""What an editor had typed into a form that could not be taken, so that nothing is lost.

A session that ended, a form that expired, a text that somebody deleted meanwhile: the answer is a
page without the form, and a browser that goes back may show the form empty.
"""

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

_MACHINERY = frozenset(
    ("csrfmiddlewaretoken", "_seen", "version", "base", "content_hash", "confirm", "next", "action")
)
"""Fields that nobody types."""


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """Names and texts of a form that was sent, without its machinery and without passwords.

    Empty for a request that is no POST, and for one whose body cannot be read.
    """
    if request.method != "POST":
        return []
    try:
        lists = list(request.POST.lists())
    except (BadRequest, SuspiciousOperation, UnreadablePostError, MultiPartParserError):
        return []
    return [
        (name, value)
        for name, values in lists
        for value in values
        if value.strip() and _is_typed(name)
    ]


def _is_typed(name: str) -> bool:
    is_secret = "password" in name
    is_counter = name.endswith(("_FORMS", "-id", "-ORDER"))
    # Buttons and hidden marks of the admin begin with an underscore.
    return not (is_secret or is_counter or name in _MACHINERY or name.startswith("_"))
