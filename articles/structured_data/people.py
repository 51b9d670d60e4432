"""Authors as Person, and their own pages."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _

from articles.structured_data.pictures import portrait_image
from articles.structured_data.printed import plain_blocks
from authors.bylines import Profile
from authors.models import RegistrationTranslation
from healthsite.metadata import PageMeta, absolute_url
from healthsite.structured_data import Node, linked_graph, node, ref


def person_id(slug: str) -> str:
    """One person has one id, in every language and on every page."""
    return absolute_url(f"/#person-{slug}")


def person(profile: Profile) -> Node:
    """Somebody a byline names: the name, the profile, and what credentials are beyond doubt."""
    return node("Person", person_id(profile.slug), **_basics(profile))


def _basics(profile: Profile) -> Node:
    words = profile.words
    return {
        "name": words.name,
        "url": absolute_url(words.get_absolute_url()),
        "hasCredential": credentials(profile),
    }


def credentials(profile: Profile) -> list[Node]:
    """Registrations that an editor has confirmed, and the printed line of credentials.

    Markup has no room for “not yet checked” or “lapsed”, which the page says in words. So an entry
    that is not confirmed stays out, and the line stays out with it: it may repeat the same title.
    """
    confirmed = _confirmed(profile)
    line = profile.words.credentials if len(confirmed) == len(profile.registrations) else ""
    printed = [node("EducationalOccupationalCredential", name=line)] if line else []
    return [*printed, *(_registration(item) for item in confirmed)]


def _confirmed(profile: Profile) -> list[RegistrationTranslation]:
    return [item for item in profile.registrations if item.registration.is_confirmed]


def _registration(item: RegistrationTranslation) -> Node:
    entry = item.registration
    return node(
        "EducationalOccupationalCredential",
        name=item.title,
        identifier=entry.number,
        recognizedBy=node("Organization", name=item.body) if item.body else {},
        # The page links the register's name, so without one it shows no address.
        url=entry.register_url if item.body else "",
        expires=entry.valid_until.isoformat() if entry.valid_until else "",
    )


def author_graph(meta: PageMeta, profile: Profile, policies: Mapping[str, str]) -> list[Node]:
    """An author's own page (Google: profile page structured data).

    The biography is given whole: what it says of unchecked details must not be cut off. Nobody's
    social accounts are guessed: ``sameAs`` is the official website that the page links.
    """
    words = profile.words
    whole = node(
        "Person",
        person_id(profile.slug),
        **_basics(profile),
        description=plain_blocks(words.bio_html),
        image=portrait_image(words.author.portrait, words.name),
        identifier=[_identifier(item) for item in _confirmed(profile)],
        affiliation=node("Organization", name=words.affiliation) if words.affiliation else {},
        sameAs=[words.author.website] if words.author.website else [],
    )
    return linked_graph(
        meta,
        "ProfilePage",
        policies,
        here=words.name,
        trail=[(_("Authors"), reverse("authors:list", args=[meta.language]))],
        nodes=[whole],
        mainEntity=ref(whole["@id"]),
    )


def _identifier(item: RegistrationTranslation) -> Node:
    return node("PropertyValue", propertyID=item.body or item.title, value=item.registration.number)
