"""A file that comes with a form: in memory, and no longer than any other body."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler


class Small(MemoryFileUploadHandler):
    """Django bounds the other bodies, and reads files of any length onto the disk, for anybody."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Errors: RequestDataTooBig, which Django answers with 400, before any of it is read."""
        if content_length > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig("a form with a file is too long")
        super().handle_raw_input(input_data, META, content_length, boundary, encoding)
