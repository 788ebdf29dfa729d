"""Delivery status notifications (RFC 3464), read as leniently as servers write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from subscribers.bounces import codes
from subscribers.mailbox.parsing import clean, decode

MAX_VALUE = 2_000
MAX_BLOCKS = 100
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,40})[ \t]*:[ \t]*(.*)")
_ADDRESS = re.compile(r"[^\s<>\"'();,:\[\]]{1,64}@[^\s<>\"'();,:\[\]]{1,255}")
_TYPES = ("message/delivery-status", "message/global-delivery-status", "text/delivery-status")
_VAGUE = re.compile(
    r"^\W*(?:smtp|x-\S+|unix|x400)?[;:\s]*(?:[45]\d\d)?[\s-]*(?:[45]\.\d+\.\d+)?"
    r"\W*(?:failed|error|unknown|see .*|none)?\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Block:
    """The fields of one recipient."""

    address: str
    action: str  # failed, delayed, delivered, relayed, expanded; RFC 3464 2.3.3
    status: str
    reply: str  # of Diagnostic-Code, without its type
    host: str  # that refused

    @property
    def says_much(self) -> bool:
        """Return whether the reply has words of its own."""
        return not _VAGUE.match(self.reply)


def blocks(parts: list[Message]) -> list[Block]:
    """Return what the delivery-status part says of each recipient; nothing where there is no such part."""
    found: list[Block] = []
    for part in parts:
        if part.get_content_type() in _TYPES:
            common: dict[str, str] = {}
            for fields in _groups(part):
                if not _is_recipient(fields):
                    common |= fields
                    continue
                found.append(_block(common | fields))
                if len(found) >= MAX_BLOCKS:
                    return found
    return found


def _is_recipient(fields: dict[str, str]) -> bool:
    return any(
        name in fields for name in ("final-recipient", "original-recipient", "action", "status", "x-actual-recipient")
    )


def _block(fields: dict[str, str]) -> Block:
    reply = re.sub(r"^\s*[\w-]{1,20}\s*;\s*", "", fields.get("diagnostic-code", ""))
    action = re.sub(r"[^a-z]", " ", fields.get("action", "failed").casefold()).split()
    status = codes.enhanced(fields.get("status", ""))
    refusing = fields.get("remote-mta", "") or fields.get("reporting-mta", "")
    names = ("original-recipient", "final-recipient", "x-actual-recipient")
    address = next((found[0] for name in names if (found := _ADDRESS.search(fields.get(name, "")))), "")
    return Block(
        address=address.rstrip("."),
        action=action[0] if action else "failed",
        status=status,
        reply=clean(reply, MAX_VALUE),
        host=clean(refusing.rpartition(";")[2], 255).split(" ")[0].strip("[]()"),
    )


def _groups(part: Message) -> Iterator[dict[str, str]]:
    """Yield groups of fields, whether the parser made messages of them or left them as text."""
    payload = part.get_payload()
    if isinstance(payload, list):
        for group in payload[:MAX_BLOCKS]:
            if isinstance(group, Message):
                pairs = [(name.lower(), clean(decode(str(value)), MAX_VALUE)) for name, value in group.raw_items()]
                rest = group.get_payload()
                if isinstance(rest, str) and rest.strip():  # a field the parser took for a body
                    pairs += _pairs(rest)
                yield dict(reversed(pairs))
        return
    decoded = part.get_payload(decode=True)
    text = decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else ""
    for group_text in re.split(r"\r?\n[ \t]*\r?\n", text)[:MAX_BLOCKS]:
        yield dict(reversed(_pairs(group_text)))


def _pairs(text: str) -> list[tuple[str, str]]:
    unfolded = re.sub(r"\r?\n[ \t]+", " ", text)
    matches = (_FIELD.match(line) for line in unfolded.splitlines())
    return [(found[1].lower(), clean(decode(found[2]), MAX_VALUE)) for found in matches if found]
