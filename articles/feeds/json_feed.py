"""A feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from typing import Any

from articles.characters import xml_text
from articles.feeds.data import Entry, Feed, Person, moment

VERSION = "https://jsonfeed.org/version/1.1"


def write_json(feed: Feed) -> bytes:
    """The feed document, in UTF-8."""
    document = _without_empty(
        {
            "version": VERSION,
            "title": feed.title,
            "home_page_url": feed.url,
            "feed_url": feed.json_url,
            "description": feed.subtitle,
            "icon": feed.icon,
            "favicon": feed.icon,
            "language": feed.language.tag,
            "authors": [_person(feed.publisher)],
        }
    )
    document["items"] = [_item(entry, feed) for entry in feed.entries]
    return json.dumps(_clean(document), ensure_ascii=False).encode()


def _item(entry: Entry, feed: Feed) -> dict[str, Any]:
    return _without_empty(
        {
            "id": entry.id,
            "url": entry.url,
            "title": entry.title,
            "content_html": entry.content_html,
            "summary": entry.summary,
            "image": entry.image,
            "banner_image": entry.image,
            "date_published": moment(entry.published),
            "date_modified": moment(entry.updated),
            "authors": [_person(person) for person in entry.authors],
            "tags": [topic.name for topic in entry.topics],
            "language": feed.language.tag,
        }
    )


def _person(person: Person) -> dict[str, str]:
    return {"name": person.name, "url": person.url}


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}


def _clean(value: Any) -> Any:
    """Without characters that many programs choke on; half a pair could not even be sent."""
    if isinstance(value, str):
        return xml_text(value)
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value]
