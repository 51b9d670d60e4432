from articles.admin.content import ArticleAdmin, TopicAdmin
from articles.admin.library import GlossaryTermAdmin, ImageAdmin, ProductAdmin
from articles.admin.publishing import PublicationAdmin, RevisionAdmin
from articles.admin.texts import ArticleTranslationAdmin

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
