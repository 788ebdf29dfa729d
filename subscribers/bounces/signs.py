"""What shows that a letter is a bounce where it is no standard report: who writes, and under which subject."""

from email.message import Message

from subscribers.bounces import book
from subscribers.mailbox.parsing import Mail

MAX_PARTS = 50
MAX_DEPTH = 6
_BOOK = book.read("signs")
_MACHINES = book.any_of(_BOOK["machines"], before="^", after="(?:[+.=_-].*)?$")
_NAMES = book.any_of(_BOOK["names"])
_SUBJECTS = book.any_of(_BOOK["subjects"])
_ABSENT = book.any_of(_BOOK["absent"])
_FAILED = book.any_of(_BOOK["failed"])


def parts(message: Message) -> list[Message]:
    """Return a letter's own parts in order, without those of a letter inside it; at most 50, at most 6 deep."""
    found: list[Message] = []
    _collect(message, found, MAX_DEPTH)
    return found


def is_notice(mail: Mail, own_parts: list[Message]) -> bool:
    """Return whether a letter that is no standard report tells of a failure, as programs write it."""
    subject = mail.field("subject")
    if _ABSENT.search(subject):
        return False
    if mail.has("x-failed-recipients"):
        return True
    machine = (
        any(
            _MACHINES.match(address.partition("@")[0]) or _NAMES.search(name)
            for name, address in mail.addresses("from", "sender")
        )
        or _NAMES.search(mail.field("from")) is not None
    )
    null = mail.field("return-path").replace(" ", "") == "<>"
    titled = _SUBJECTS.search(subject) is not None
    if not (machine or null or titled) or not (titled or machine):
        return False
    if not (machine or null) and not any(part.get_content_type() == "message/rfc822" for part in own_parts):
        return False
    return _FAILED.search(subject + "\n" + _first_text(own_parts)) is not None


def _first_text(own_parts: list[Message]) -> str:
    for part in own_parts:
        if part.get_content_maintype() == "text":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload.strip():
                return payload[:8192].decode("utf-8", "replace")
    return ""


def _collect(message: Message, found: list[Message], depth: int) -> None:
    if len(found) >= MAX_PARTS or depth == 0:
        return
    payload = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message):
                _collect(part, found, depth - 1)
    else:
        found.append(message)
