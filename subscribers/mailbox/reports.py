"""What servers report: mail that could not be delivered (RFC 3464) and mail called unwanted (RFC 5965)."""

import re
from collections.abc import Iterable, Iterator
from email.message import Message

from subscribers.mailbox import commands
from subscribers.mailbox.parsing import Mail, clean, decode
from subscribers.mailbox.verdict import Own, Verdict

DEAD = frozenset({"5.1.1", "5.1.3", "5.1.6", "5.1.10"})
"""RFC 3463 and 7505 codes that say that the address does not exist; 5.7.x is our own fault and never among them."""

MAX_PARTS = 50
MAX_LINES = 2_000
_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
# au refuses by filter, not for a dead address, when its "User unknown" names no address.
_FILTERED = re.compile(r"\b550\s+:\s*user unknown", re.IGNORECASE)
_OUR_FAULT = re.compile(
    r"5\.7\.\d|\b(?:spam|blocked|blacklist|blocklist|dmarc|spf|dkim|reputation|policy)", re.IGNORECASE
)
_FIELD = re.compile(r"([A-Za-z-]{1,40}):[ \t]*(.{0,1000})")
_LINK = re.compile(r"/u/([A-Za-z2-7]{20,40})\b")


def read(mail: Mail, own: Own) -> Verdict | None:
    """Return the verdict on a machine's report, or None where the letter is none."""
    if mail.message.get_content_type() != "multipart/report":
        return None
    kind = str(mail.message.get_param("report-type") or "").casefold()
    parts = _parts(mail.message)
    if kind == "delivery-status" or "message/delivery-status" in parts:
        return _bounce(mail, own, parts)
    if kind == "feedback-report" or "message/feedback-report" in parts:
        return _complaint(own, parts)
    return None


def _bounce(mail: Mail, own: Own, parts: dict[str, Message]) -> Verdict:
    token = commands.tag(mail, own, commands.BOUNCE) or _returned_token(own, parts)
    code = next(filter(None, map(_dead, _blocks(parts.get("message/delivery-status")))), "")
    if not token:
        # Perhaps about a letter that somebody of the office wrote: it is theirs to read.
        return Verdict("bounce", "none", why="no token of ours")
    return Verdict("bounce", "hold" if code else "note", token=token, why=code or "not for a dead address")


def _complaint(own: Own, parts: dict[str, Message]) -> Verdict:
    report = dict(_fields(parts.get("message/feedback-report")))
    kind = clean(report.get("feedback-type", ""), 40).casefold()
    reported = commands.tags_of(report.get("original-mail-from", ""), own).get(commands.BOUNCE, "")
    token = reported or _returned_token(own, parts)
    # not-spam and auth-failure reports come by the same road and complain of nobody's mail.
    unwanted = bool(token) and kind == "abuse"
    return Verdict("complaint", "complain" if unwanted else "note", token=token, why=kind or "no feedback type")


def _dead(block: dict[str, str]) -> str:
    """Return the code of one recipient's failure where it says that the address does not exist."""
    diagnostic = block.get("diagnostic-code", "")
    if block.get("action", "").casefold() not in ("failed", "error"):  # OpenSMTPD writes error
        return ""
    if _OUR_FAULT.search(diagnostic) or _FILTERED.search(diagnostic):
        return ""
    code = _enhanced(block.get("status", ""))
    if code.endswith(".0.0"):  # the reporter did not say; perhaps the server that refused did
        code = _enhanced(diagnostic) or code
    return code if code in DEAD else ""


def _enhanced(text: str) -> str:
    found = _CODE.search(text)
    return f"{found[1]}.{int(found[2])}.{int(found[3])}" if found else ""


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


def _blocks(part: Message | None) -> Iterator[dict[str, str]]:
    """Yield the fields of each recipient of a delivery report."""
    payload = part.get_payload() if part is not None else None
    for block in payload[:MAX_PARTS] if isinstance(payload, list) else []:
        if isinstance(block, Message):
            yield {name.lower(): clean(decode(str(value)), 1000) for name, value in block.raw_items()}


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
