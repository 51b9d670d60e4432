"""Pages that list articles, topics or terms."""

from collections.abc import Iterable, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from articles.cards import Card
from articles.models import GlossaryTermTranslation, TopicTranslation
from healthsite import languages
from healthsite.metadata import PageMeta
from healthsite.structured_data import (
    Links,
    Node,
    linked_graph,
    list_graph,
    node,
    organization_id,
    ref,
)

Policies = Mapping[str, str]
Entry = GlossaryTermTranslation


def home_graph(
    meta: PageMeta, cards: Sequence[Card], policies: Policies, first: int = 1
) -> list[Node]:
    """The home page in one language. ``first`` is the place of its first card in the whole list."""
    return list_graph(meta, policies, _card_items(cards), first=first, about=ref(organization_id()))


def topic_graph(
    meta: PageMeta,
    topic: TopicTranslation,
    cards: Sequence[Card],
    policies: Policies,
    first: int = 1,
) -> list[Node]:
    """The articles of a topic, as many as this page shows."""
    trail = [(_("Topics"), reverse("articles:topics", args=[meta.language]))]
    items = _card_items(cards)
    return list_graph(meta, policies, items, here=topic.name, trail=trail, first=first)


def topic_list_graph(
    meta: PageMeta, topics: Iterable[TopicTranslation], policies: Policies
) -> list[Node]:
    """All topics."""
    items = [(topic.name, topic.get_absolute_url()) for topic in topics]
    return list_graph(meta, policies, items, here=_("Topics"))


def glossary_graph(
    meta: PageMeta, entries: Iterable[tuple[Entry, Entry | None]], policies: Policies
) -> list[Node]:
    """The glossary. Each entry is a term in this language, and the same in the other or None."""
    set_id = f"{meta.canonical}#terms"
    terms = node(
        "DefinedTermSet",
        set_id,
        name=_("Glossary"),
        url=meta.canonical,
        inLanguage=languages.BY_CODE[meta.language].tag,
        hasDefinedTerm=[_term(meta, set_id, own, other) for own, other in entries],
    )
    return linked_graph(
        meta,
        "CollectionPage",
        policies,
        here=_("Glossary"),
        nodes=[terms],
        mainEntity=ref(set_id),
    )


def _term(meta: PageMeta, set_id: str, own: Entry, other: Entry | None) -> Node:
    """A term under the address of its place on the page."""
    names = [own.abbreviation, other.name if other and other.name != own.name else ""]
    address = f"{meta.canonical}#{own.term.key}"
    return node(
        "DefinedTerm",
        address,
        url=address,
        name=own.name,
        alternateName=[name for name in names if name],
        description=own.definition,
        termCode=own.term.key,
        inDefinedTermSet=ref(set_id),
    )


def _card_items(cards: Iterable[Card]) -> Links:
    return [(card.page["title"], card.url) for card in cards]
