"""Previews: what any reader gets of an issue, built as it is sent; and test mails to colleagues."""

from newsletter.previews.copies import Copy, copy
from newsletter.previews.editions import Picked, drafted, fitting
from newsletter.previews.readers import Reader, find, get, sample
from newsletter.previews.trials import RecipientsError, recipients, send, written

__all__ = [
    "Copy",
    "Picked",
    "Reader",
    "RecipientsError",
    "copy",
    "drafted",
    "find",
    "fitting",
    "get",
    "recipients",
    "sample",
    "send",
    "written",
]
