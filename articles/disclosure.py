"""What a page must say about a product it names. Decided by the recorded relationship alone.

Editors never type a disclosure, so it can be neither forgotten nor softened.
"""

from django.utils.translation import gettext as _

from articles.document import ProductMentionData


def disclosure_text(mention: ProductMentionData) -> str:
    """The disclosure printed at the top of the page and beside the product."""
    values = {"name": mention.name, "brand": mention.brand}
    texts = {
        "none": _(
            "Disclosure: this article mentions “%(name)s” of the brand %(brand)s. The publisher "
            "has no commercial interest in the brand. Naming a product does not mean it can "
            "diagnose, treat or prevent any disease."
        ),
        "own_brand": _(
            "Disclosure: “%(name)s” belongs to the brand %(brand)s, which the publisher owns and "
            "profits from. Naming it does not mean it can diagnose, treat or prevent any disease."
        ),
        "sponsored": _(
            "Disclosure: the brand %(brand)s has paid for “%(name)s” to be mentioned here. Naming "
            "it does not mean it can diagnose, treat or prevent any disease."
        ),
        "affiliate": _(
            "Disclosure: the publisher earns a commission when “%(name)s” of the brand %(brand)s "
            "is bought through this page. Naming it does not mean it can diagnose, treat or "
            "prevent any disease."
        ),
        "unconfirmed": _(  # xgettext:no-python-format
            "Disclosure: the product mentioned belongs to the %(brand)s brand, in which the "
            "publisher may have a commercial interest (to be confirmed by the publisher). Naming "
            "it does not mean it can diagnose, treat or prevent any disease."
        ),
    }
    return texts[mention.relationship] % values


def link_rel(mention: ProductMentionData) -> str:
    """The ``rel`` of links to the product (Google: qualify outbound links)."""
    return "nofollow noopener" if mention.relationship == "none" else "sponsored nofollow noopener"
