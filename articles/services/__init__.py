"""What editors do to texts. Nothing else changes what the public sees.

Each act takes the version the editor saw (``expected_version``), refuses to write over anybody
else's work, happens whole or not at all, and leaves an entry in the log.
"""

from articles.services.discarding import discard_article, typing_in, version_of_all, why_kept
from articles.services.errors import (
    EditConflict,
    EditorialError,
    PublicationRefused,
)
from articles.services.previewing import make_preview_link, revoke_preview_link
from articles.services.publishing import publish, rerender, undo_withdrawal, withdraw
from articles.services.renaming import rename
from articles.services.restoring import restore_text
from articles.services.reviewing import answer_review_request, request_review, sign_review
from articles.services.saving import confirm_units, note_findings, save_revision
from articles.services.starting import start_article, start_translation

__all__ = [
    "EditConflict",
    "EditorialError",
    "PublicationRefused",
    "answer_review_request",
    "confirm_units",
    "discard_article",
    "make_preview_link",
    "note_findings",
    "publish",
    "rename",
    "request_review",
    "rerender",
    "restore_text",
    "revoke_preview_link",
    "save_revision",
    "sign_review",
    "start_article",
    "start_translation",
    "typing_in",
    "undo_withdrawal",
    "version_of_all",
    "why_kept",
    "withdraw",
]
