from articles.models.blocks import Callout, Figure, ProductMention, Statement
from articles.models.content import (
    Article,
    ArticleSlug,
    ArticleTranslation,
    Contribution,
    Topic,
    TopicTranslation,
)
from articles.models.evidence import Claim, Reference
from articles.models.library import (
    GlossaryTerm,
    GlossaryTermTranslation,
    Image,
    Product,
    ProductTranslation,
)
from articles.models.publishing import Publication, PublicationIsFrozen, Revision

__all__ = [
    "Article",
    "ArticleSlug",
    "ArticleTranslation",
    "Callout",
    "Claim",
    "Contribution",
    "Figure",
    "GlossaryTerm",
    "GlossaryTermTranslation",
    "Image",
    "Product",
    "ProductMention",
    "ProductTranslation",
    "Publication",
    "PublicationIsFrozen",
    "Reference",
    "Revision",
    "Statement",
    "Topic",
    "TopicTranslation",
]
