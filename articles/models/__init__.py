from articles.models.blocks import Callout, Figure, ProductMention, Statement
from articles.models.content import (
    Article,
    ArticleSlug,
    ArticleTranslation,
    Contribution,
    Topic,
    TopicTranslation,
)
from articles.models.editing import (
    AuditEntry,
    Autosave,
    ForbiddenPhrase,
    Presence,
    PreviewLink,
    ReviewRequest,
    ReviewSignature,
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
from articles.models.reaching import ContentVersion, IndexNowNotice, SearchText, ShareCard

__all__ = [
    "Article",
    "ArticleSlug",
    "ArticleTranslation",
    "AuditEntry",
    "Autosave",
    "Callout",
    "Claim",
    "ContentVersion",
    "Contribution",
    "Figure",
    "ForbiddenPhrase",
    "GlossaryTerm",
    "GlossaryTermTranslation",
    "Image",
    "IndexNowNotice",
    "Presence",
    "PreviewLink",
    "Product",
    "ProductMention",
    "ProductTranslation",
    "Publication",
    "PublicationIsFrozen",
    "Reference",
    "ReviewRequest",
    "ReviewSignature",
    "Revision",
    "SearchText",
    "ShareCard",
    "Statement",
    "Topic",
    "TopicTranslation",
]
