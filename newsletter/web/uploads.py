"""Forms that carry files: their size is looked at before anything of them is read."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from newsletter.errors import NewsletterError

MAX_BYTES = 32_000_000
"""A picture and a flyer of the largest kind, and the words beside them."""
MAX_FILES = 4
MAX_FIELDS = 800
MAX_FIELD_BYTES = 400_000
"""One field of words: 50,000 characters as HTML, each of up to four bytes, and room to say that it is too long."""


class TooLargeError(NewsletterError):
    """What was sent is larger than anything this form can hold."""


async def read(request: Request) -> AsyncIterator[FormData]:
    """Give the form of a POST, also to whoever asks the request for it later; raise TooLargeError."""
    sent = FormData() if request.method in ("GET", "HEAD") else await _read(request)
    try:
        yield sent
    finally:
        await sent.close()


def file(sent: FormData, name: str) -> tuple[bytes, str] | None:
    """Return the bytes and the name of a file that was chosen, or None where the field was left empty."""
    given = sent.get(name)
    if not isinstance(given, UploadFile) or not given.filename:
        return None
    return given.file.read(), given.filename


async def _read(request: Request) -> FormData:
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MAX_BYTES:
        raise TooLargeError
    try:
        return await request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS, max_part_size=MAX_FIELD_BYTES)
    except HTTPException as error:
        raise TooLargeError from error


Sent = Annotated[FormData, Depends(read)]
"""Every field of a form, with its files."""
