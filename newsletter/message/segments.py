"""An edition encoded once and cut at its fields; a message is a join (DESIGN 6)."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from markupsafe import escape

from newsletter import urls
from newsletter.config import Settings
from newsletter.message import enclosures, encoding, fields, forms, headers
from newsletter.message.enclosures import Enclosure
from newsletter.message.encoding import Base64Body, QuotedBody
from newsletter.message.forms import Form
from newsletter.models import Edition, Issue
from subscribers import languages, tokens

SENDER_ID_LENGTH = 12
"""Gmail wants 5 to 15 characters that never change (Feedback-ID)."""


class Recipient(NamedTuple):
    """One reader of one edition."""

    subscription_id: int
    delivery_id: int
    email: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Segments:
    """What every reader of an edition gets alike, and the recipe for the rest."""

    keys: Sequence[bytes]
    language: str
    returns_to: tuple[str, str]  # the envelope sender around the tag that names the subscription; or whole, and ""
    before: bytes  # From to Date
    identity: tuple[bytes, bytes]  # Message-ID around the subscription's number
    leaving: tuple[bytes, bytes, bytes]  # List-Unsubscribe around the token, which it names twice
    after: bytes  # List-Id to the first part's header
    text: Form
    between: bytes
    html: Form
    end: bytes

    def build(self, recipient: Recipient) -> bytes:
        """Return the whole message: CRLF line ends, no line that begins with a dot, none longer than 998 octets.

        The same recipient always gets the same bytes, so that a second try is the same message.
        Raises ValueError for an address that `headers.is_mailable` refuses.
        """
        token = tokens.unsubscribe_token(self.keys, recipient.subscription_id).encode("ascii")
        name = headers.one_line(recipient.name)
        called = fields.called(name, self.language).encode("utf-8", "replace")
        escaped = called if called.isalnum() else str(escape(called.decode())).encode()
        number, domain = self.identity
        page, address, closed = self.leaving
        return b"".join(
            (
                self.before,
                headers.mailbox("To", name, recipient.email),
                b"%b%d%b" % (number, recipient.subscription_id, domain),
                *(page, token, address, token, closed),
                self.after,
                *self.text.fill(called, token),
                self.between,
                *self.html.fill(escaped, token),
                self.end,
            )
        )

    def envelope_sender(self, recipient: Recipient) -> str:
        """Return the address to which an undeliverable copy returns; it names the subscription (VERP) where it may."""
        local, domain = self.returns_to
        if not domain:
            return local
        return f"{local}{tokens.bounce_token(self.keys, recipient.subscription_id)}{domain}"


def compile(  # noqa: A001 - the word for it; called as segments.compile
    edition: Edition,
    settings: Settings,
    issue: Issue,
    *,
    keys: Sequence[bytes],
    date: datetime,
    enclosed: Sequence[Enclosure] = (),
) -> Segments:
    """Return an edition ready for any number of readers.

    `keys` sign the readers' tokens; `date` is when the edition was released, the same for every try;
    `enclosed` travels with every copy.
    """
    stand_in = tokens.unsubscribe_token(keys, tokens.LAST_ID)
    text, html = _bodies(edition, settings, stand_in)
    boundary = f"=_{edition.hash[:32]}"  # "=_" occurs neither in quoted-printable nor in base64
    alternative = headers.exact("Content-Type", f'multipart/alternative; boundary="{boundary}"')
    limit = f"--{boundary}"
    opening, ending = enclosures.around(enclosed, f"{boundary}m")
    return Segments(
        keys=keys,
        language=_leading(edition),
        returns_to=_returns_to(settings, stand_in),
        before=_common(edition, settings, date),
        identity=(f"Message-ID: <{issue.slug}.".encode("ascii"), f"@{_domain(settings)}>\r\n".encode("ascii")),
        leaving=_leaving(settings, stand_in),
        after=b"".join(
            (
                *_list_fields(edition, settings, issue),
                opening,
                alternative,
                b"\r\n",
                limit.encode(),
                part("plain", text),
            )
        ),
        text=text,
        between=f"\r\n{limit}".encode() + part("html", html),
        html=html,
        end=f"\r\n{limit}--\r\n".encode() + ending,
    )


def part(kind: str, body: QuotedBody | Base64Body | Form) -> bytes:
    """Return the header of a body part, from the end of its boundary line to its empty line."""
    return (
        b"\r\n"
        + headers.exact("Content-Type", f"text/{kind}; charset=utf-8")
        + headers.exact("Content-Transfer-Encoding", body.name)
        + b"\r\n"
    )


def _bodies(edition: Edition, settings: Settings, stand_in: str) -> tuple[Form, Form]:
    """Return the plain text and the HTML, in which `stand_in` stands for the reader's token."""
    values = {
        "unsubscribe_url": urls.unsubscribe(settings, stand_in),
        "topics_url": urls.topics(settings, stand_in),
        "unsubscribe_address": urls.tagged(_unsubscribe_address(settings), stand_in),
    }
    placeholders = json.loads(edition.fields)
    text, html = (encoding.body(encoding.cut(words, placeholders)) for words in (edition.text, edition.html))
    token = stand_in.encode("ascii")
    return (
        forms.form(text, {field: value.encode("ascii") for field, value in values.items()}, token),
        forms.form(html, {field: escape(value).encode("ascii") for field, value in values.items()}, token),
    )


def _leaving(settings: Settings, stand_in: str) -> tuple[bytes, bytes, bytes]:
    page = urls.unsubscribe(settings, stand_in)
    address = urls.tagged(_unsubscribe_address(settings), stand_in)
    field = headers.exact("List-Unsubscribe", f"<{page}>, <mailto:{address}>")
    before, between, after = field.split(stand_in.encode("ascii"))
    return before, between, after


def _returns_to(settings: Settings, stand_in: str) -> tuple[str, str]:
    address = urls.returning(settings, stand_in)
    before, _, after = address.partition(stand_in)
    return before, after


def _common(edition: Edition, settings: Settings, date: datetime) -> bytes:
    language = _leading(edition)
    return b"".join(
        (
            headers.mailbox("From", settings.publication.title[language], settings.publication.from_address),
            headers.mailbox("Reply-To", settings.office.name[language], settings.office.address),
            headers.text("Subject", edition.subject),
            headers.date(date),
        )
    )


def _list_fields(edition: Edition, settings: Settings, issue: Issue) -> list[bytes]:
    publication, office = settings.publication, settings.office
    sender_id = hashlib.sha256(publication.list_id.encode()).hexdigest()[:SENDER_ID_LENGTH]
    return [
        headers.exact("List-Id", f"<{publication.list_id}>"),
        headers.exact("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        headers.exact("List-Archive", f"<{urls.home(settings, _leading(edition))}>"),
        headers.exact("List-Owner", f"<mailto:{office.address}>"),
        headers.exact("List-Help", f"<mailto:{office.address}?subject=help>"),
        headers.exact("Feedback-ID", f"{issue.number}:{publication.key}:newsletter:{sender_id}"),
        headers.exact("Precedence", "bulk"),
        headers.exact("Auto-Submitted", "auto-generated"),
        headers.exact("X-Auto-Response-Suppress", "All"),
        headers.exact("Content-Language", ", ".join(languages.of(edition.language))),  # RFC 3282 2
        headers.exact("MIME-Version", "1.0"),
    ]


def _leading(edition: Edition) -> str:
    return languages.of(edition.language)[0]


def _unsubscribe_address(settings: Settings) -> str:
    return f"unsubscribe@{settings.office.address.rsplit('@', 1)[1]}"


def _domain(settings: Settings) -> str:
    return settings.publication.from_address.rsplit("@", 1)[1]
