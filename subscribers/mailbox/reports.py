"""What servers report: mail that could not be delivered (RFC 3464) and mail called unwanted (RFC 5965)."""

import re
from collections.abc import Iterable
from email.message import Message

from subscribers import bounces
from subscribers.bounces import Bounced
from subscribers.mailbox import commands
from subscribers.mailbox.parsing import Mail, clean
from subscribers.mailbox.verdict import Own, Verdict

MAX_PARTS = 50
MAX_LINES = 2_000
LONGEST_WHY = 200
_FIELD = re.compile(r"([A-Za-z-]{1,40}):[ \t]*(.{0,1000})")
_LINK = re.compile(r"/u/([A-Za-z2-7]{20,40})\b")


def read(mail: Mail, own: Own) -> Verdict | None:
    """Return the verdict on a machine's report, or None where the letter is none."""
    parts = _parts(mail.message)
    kind = str(mail.message.get_param("report-type") or "").casefold()
    if kind == "feedback-report" or "message/feedback-report" in parts:
        return _complaint(own, parts)
    recipients = bounces.read(mail, own.addresses)
    if recipients:
        return _bounce(mail, own, parts, recipients)
    if kind == "delivery-status":
        return Verdict("bounce", "note" if _token(mail, own, parts) else "none", why="names nobody")
    return None


def _bounce(mail: Mail, own: Own, parts: dict[str, Message], recipients: tuple[Bounced, ...]) -> Verdict:
    """Hold a reader only by our own token, and only where every recipient of the letter is dead.

    A reader's address may hand letters on to several, one of which has died.
    """
    token = _token(mail, own, parts)
    dead = all(one.hard for one in recipients)
    why = ", ".join(dict.fromkeys(f"{one.reason} {one.status}".strip() for one in recipients))
    # Without a token it is perhaps about a letter that somebody of the office wrote: it is theirs to read.
    action = "none" if not token else "hold" if dead else "note"
    return Verdict(
        "bounce", action, token=token, why=why[:LONGEST_WHY] if token else "no token of ours", recipients=recipients
    )


def _token(mail: Mail, own: Own, parts: dict[str, Message]) -> str:
    return commands.tag(mail, own, commands.BOUNCE) or _returned_token(own, parts)


def _complaint(own: Own, parts: dict[str, Message]) -> Verdict:
    report = dict(_fields(parts.get("message/feedback-report")))
    kind = clean(report.get("feedback-type", ""), 40).casefold()
    reported = commands.tags_of(report.get("original-mail-from", ""), own).get(commands.BOUNCE, "")
    token = reported or _returned_token(own, parts)
    # not-spam and auth-failure reports come by the same road and complain of nobody's mail.
    unwanted = bool(token) and kind == "abuse"
    return Verdict("complaint", "complain" if unwanted else "note", token=token, why=kind or "no feedback type")


def _returned_token(own: Own, parts: dict[str, Message]) -> str:
    """Return the token that the returned message itself carries, where a relay rewrote the envelope."""
    returned = dict(_fields(parts.get("message/rfc822") or parts.get("text/rfc822-headers")))
    tags = commands.tags_of(returned.get("return-path", ""), own)
    unsubscribe = returned.get("list-unsubscribe", "")
    link = _LINK.search(unsubscribe)
    from_address = commands.tags_of(unsubscribe, own).get("unsubscribe", "")
    return tags.get(commands.BOUNCE) or from_address or (link[1] if link else "")


def _parts(message: Message) -> dict[str, Message]:
    """Return the first part of each type, among the report's own parts."""
    found: dict[str, Message] = {}
    payload = message.get_payload()
    for part in payload[:MAX_PARTS] if isinstance(payload, list) else []:
        if isinstance(part, Message):
            found.setdefault(part.get_content_type(), part)
    return found


def _fields(part: Message | None) -> Iterable[tuple[str, str]]:
    """Return the first value of each field in a part that holds header fields, whichever way it was parsed."""
    if part is None:
        return []
    payload = part.get_payload()
    if isinstance(payload, list) and payload and isinstance(payload[0], Message):
        pairs = [(name.lower(), clean(str(value), 1000)) for name, value in payload[0].raw_items()]
        return list(reversed(pairs))  # so that the first of a name wins in a dict
    decoded = part.get_payload(decode=True)
    text = decoded.decode("ascii", "replace") if isinstance(decoded, bytes) else ""
    unfolded = re.sub(r"\r?\n[ \t]+", " ", text)
    matches = map(_FIELD.match, unfolded.splitlines()[:MAX_LINES])
    return list(reversed([(match[1].lower(), clean(match[2], 1000)) for match in matches if match]))
