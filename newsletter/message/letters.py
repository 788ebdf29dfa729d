"""The bytes of a letter: one mail to one address, outside any issue."""

import hashlib
import json

from newsletter.config import Settings
from newsletter.message import encoding, headers, segments
from newsletter.models import Letter

DEFAULTS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
OURS = {
    *("from", "to", "cc", "bcc", "subject", "date", "message-id"),
    *("mime-version", "content-type", "content-transfer-encoding", "content-language"),
}
"""Fields that a letter's own headers may not touch."""


def build(letter: Letter, settings: Settings) -> bytes:
    """Return the whole message: CRLF line ends, no line that begins with a dot; the same bytes at every try.

    Raises ValueError for an address that is not mailable or a header field that cannot be written.
    """
    fields = [
        headers.mailbox("From", settings.office.name[letter.language], settings.publication.from_address),
        headers.mailbox("To", letter.to_name, letter.to_address),
        headers.text("Subject", letter.subject),
        headers.date(letter.created_at),
        headers.exact("Message-ID", _message_id(letter, settings)),
        *_further(letter, settings),
        headers.exact("Content-Language", letter.language),
        headers.exact("MIME-Version", "1.0"),
    ]
    return b"".join(fields) + _content(letter)


def _content(letter: Letter) -> bytes:
    text = encoding.body(encoding.cut(letter.text, {}))
    if letter.html is None:
        return segments.part("plain", text).removeprefix(b"\r\n") + b"".join(text.fill({}))
    html = encoding.body(encoding.cut(letter.html, {}))
    boundary = "=_" + hashlib.sha256(letter.html.encode("utf-8", "replace")).hexdigest()[:32]
    limit = f"--{boundary}".encode()
    return b"".join(
        (
            headers.exact("Content-Type", f'multipart/alternative; boundary="{boundary}"'),
            b"\r\n",
            limit + segments.part("plain", text),
            *text.fill({}),
            b"\r\n" + limit + segments.part("html", html),
            *html.fill({}),
            b"\r\n" + limit + b"--\r\n",
        )
    )


def _further(letter: Letter, settings: Settings) -> list[bytes]:
    own: dict[str, str] = json.loads(letter.headers)
    known = {name.lower() for name in own}
    if known & OURS:
        message = f"a letter may not set {', '.join(sorted(known & OURS))}"
        raise ValueError(message)
    fields = [headers.exact(name, value) for name, value in DEFAULTS.items() if name.lower() not in known]
    if "reply-to" not in known:
        fields.append(headers.mailbox("Reply-To", settings.office.name[letter.language], settings.office.address))
    return fields + [headers.exact(name, value) for name, value in own.items()]


def _message_id(letter: Letter, settings: Settings) -> str:
    # The moment of writing is in it, so that a restored database that counts ids anew repeats none.
    written = int(letter.created_at.timestamp() * 1_000_000)
    domain = settings.publication.from_address.rsplit("@", 1)[1]
    return f"<letter.{letter.id}.{written:x}@{domain}>"
