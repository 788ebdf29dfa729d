"""Write a letter to the office as anybody, and send it as any mail program would: by SMTP."""

import re
import smtplib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.mime.text import MIMEText
from email.utils import format_datetime, make_msgid, parseaddr

from newsletter.sandbox.catcher.catcher import Catcher
from newsletter.sandbox.catcher.opening import Opened
from subscribers import address as addresses
from subscribers.errors import AddressError

MAX_BODY = 100_000
MAX_QUOTED_LINES = 40
_KEPT = re.compile(r"kept as (\d+)")
_CONTROLS = re.compile("[\x00-\x1f\x7f\u0085\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True)
class Draft:
    """What stands in the form."""

    sender: str = ""
    to: str = ""
    subject: str = ""
    body: str = ""
    answers: str = ""  # the Message-ID of the letter that this one answers


def answer(opened: Opened, sender: str) -> Draft:
    """Return what a mail program puts into the form when one presses "reply"."""
    quoted = "".join(f"> {line}\n" for line in opened.text.strip().splitlines()[:MAX_QUOTED_LINES])
    subject = opened.summary.subject
    subject = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    body = f"\n\n{opened.summary.sender_name or opened.summary.sender} wrote:\n{quoted}"
    return Draft(sender, opened.reply_to, subject, body, opened.message_id)


def faults(draft: Draft) -> list[str]:
    """Return the names of fields that cannot be sent as they stand."""
    fields = {"sender": draft.sender, "to": draft.to}
    return [name for name, value in fields.items() if not _address(value)]


def send(catcher: Catcher, draft: Draft) -> int | None:
    """Send the letter to the catcher by SMTP; return the id under which it was kept, or None if it was refused."""
    message = _message(draft).replace(b"\n", b"\r\n")
    with smtplib.SMTP(catcher.host, catcher.smtp_port, local_hostname="letter.sandbox", timeout=10) as client:
        client.ehlo()
        client.mail(_address(draft.sender))
        client.rcpt(_address(draft.to))
        _, answer = client.data(message)
    kept = _KEPT.search(answer.decode("ascii", "replace"))
    return int(kept[1]) if kept else None


def _message(draft: Draft) -> bytes:
    name, _ = parseaddr(_clean(draft.sender))
    sender = _address(draft.sender)
    message = MIMEText(draft.body[:MAX_BODY].replace("\r\n", "\n"), "plain", "utf-8")
    message["From"] = f"{Header(name, 'utf-8').encode()} <{sender}>" if name else sender
    message["To"] = _address(draft.to)
    # Every value is encoded whole, so that nothing typed into the form becomes another field.
    message["Subject"] = Header(_clean(draft.subject), "utf-8").encode()
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    if re.fullmatch(r"<[!-;=?-~]{1,250}>", draft.answers):
        message["In-Reply-To"] = draft.answers
        message["References"] = draft.answers
    return message.as_bytes()


def _address(value: str) -> str:
    try:
        return addresses.parse(parseaddr(_clean(value))[1]).email
    except AddressError:
        return ""


def _clean(value: str) -> str:
    return _CONTROLS.sub(" ", value).strip()
