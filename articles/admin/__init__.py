from articles.admin.content import ArticleAdmin, ArticleTranslationAdmin, TopicAdmin
from articles.admin.library import GlossaryTermAdmin, ImageAdmin, ProductAdmin
from articles.admin.publishing import PublicationAdmin, RevisionAdmin

__all__ = [
    "ArticleAdmin",
    "ArticleTranslationAdmin",
    "GlossaryTermAdmin",
    "ImageAdmin",
    "ProductAdmin",
    "PublicationAdmin",
    "RevisionAdmin",
    "TopicAdmin",
]
