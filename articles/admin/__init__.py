from articles.admin.content import ArticleAdmin, TopicAdmin
from articles.admin.library import GlossaryTermAdmin, ImageAdmin, ProductAdmin
from articles.admin.log import AuditEntryAdmin
from articles.admin.notices import IndexNowNoticeAdmin
from articles.admin.publishing import PublicationAdmin, RevisionAdmin
from articles.admin.records import (
    ForbiddenPhraseAdmin,
    PreviewLinkAdmin,
    ReviewRequestAdmin,
    ReviewSignatureAdmin,
)
from articles.admin.references import ReferenceAdmin
from articles.admin.texts import ArticleTranslationAdmin

__all__ = [
    "ArticleAdmin",
    "ArticleTranslationAdmin",
    "AuditEntryAdmin",
    "ForbiddenPhraseAdmin",
    "GlossaryTermAdmin",
    "ImageAdmin",
    "IndexNowNoticeAdmin",
    "PreviewLinkAdmin",
    "ProductAdmin",
    "PublicationAdmin",
    "ReferenceAdmin",
    "ReviewRequestAdmin",
    "ReviewSignatureAdmin",
    "RevisionAdmin",
    "TopicAdmin",
]
