"""Keeps uploads that no form would accept from filling the disk, and the rest of the form whole.

A file that is too large is counted, not kept: the form gets a file of that size without content,
and says so in a sentence beside everything else that was typed. Raising an error while the body is
read would lose all of it. Of somebody who is not signed in, no file is kept: a form is read before
anybody asks who sent it, and no form takes a stranger's file.
"""

import io

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from healthsite import imaging

# No form takes anything larger than a picture; the byte more tells "too large" from "just fits".
MAX_KEPT = imaging.MAX_BYTES + 1


class CappedUploadHandler(FileUploadHandler):
    """First in line: passes on an editor's files of up to MAX_KEPT bytes, and counts others."""

    def new_file(self, *args, **kwargs) -> None:
        super().new_file(*args, **kwargs)
        self.size = 0
        user = getattr(self.request, "user", None)
        self.most = 0 if user is not None and not user.is_authenticated else MAX_KEPT

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        was_kept = self.size <= self.most
        self.size += len(raw_data)
        if self.size <= self.most:
            return raw_data
        if was_kept:
            self._drop_what_is_kept()
        return None

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        if self.size <= self.most:
            return None
        return InMemoryUploadedFile(
            file=io.BytesIO(),
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=self.size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )

    def _drop_what_is_kept(self) -> None:
        """Close and remove the temporary file that a handler after this one has begun."""
        for handler in self.request.upload_handlers:
            if handler is not self:
                handler.upload_interrupted()
