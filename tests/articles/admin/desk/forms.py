"""Send the forms of a page as a browser without scripts would."""

from urllib.parse import urlencode

from bs4 import BeautifulSoup, Tag
from django.http import HttpResponse
from django.test import Client

TYPED = {"text", "hidden", "number", "datetime-local", "url", "search", None}


class Page:
    """A page that was got, and what can be done with its forms."""

    def __init__(self, client: Client, response: HttpResponse, path: str):
        self.client, self.response, self.path = client, response, path
        self.soup = BeautifulSoup(response.content.decode(), "html.parser")

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        return " ".join(self.soup.get_text(" ").split())

    def fields(self, selector: str = "form#desk") -> dict[str, list[str]]:
        """What the form would send if no button were pressed; names to all their values."""
        form = self.soup.select_one(selector)
        assert form is not None, f"no {selector} on {self.path}"
        return fields_of(form)

    def send(self, selector: str = "form#desk", **changes) -> "Page":
        """Send a form with some values changed; ``None`` leaves a field out."""
        form = self.soup.select_one(selector)
        data = self.fields(selector)
        for name, value in changes.items():
            if value is None:
                data.pop(name, None)
            else:
                data[name] = value if isinstance(value, list) else [value]
        data = {name: [_as_sent(value) for value in values] for name, values in data.items()}
        path = form.get("action") or self.path
        files = any(not isinstance(value, str) for values in data.values() for value in values)
        if files:
            response = self.client.post(path, data)
        else:
            response = self.client.post(
                path, urlencode(data, doseq=True), content_type="application/x-www-form-urlencoded"
            )
        return Page(self.client, response, path)


def fields_of(form: Tag) -> dict[str, list[str]]:
    """What a form would send if no button were pressed; names to all their values."""
    found: dict[str, list[str]] = {}
    for item in form.select("input, textarea, select"):
        is_sent = not item.has_attr("disabled") and not item.find_parent("template")
        if item.get("name") and is_sent:
            found.setdefault(item["name"], []).extend(_values(item))
    return {name: values for name, values in found.items() if values}


def _as_sent(value):
    """Browsers send line ends as CR LF."""
    return value.replace("\n", "\r\n") if isinstance(value, str) else value


def _values(item: Tag) -> list[str]:
    if item.name == "textarea":
        # A browser drops the line end that follows the opening tag.
        return [(item.string or "").removeprefix("\n")]
    if item.name == "select":
        chosen = [option["value"] for option in item.select("option[selected]")]
        return chosen or [""]
    if item.get("type") in {"checkbox", "radio"}:
        return [item.get("value", "on")] if item.has_attr("checked") else []
    if item.get("type") in TYPED:
        return [item.get("value", "")]
    return []


def get(client: Client, path: str) -> Page:
    return Page(client, client.get(path), path)
