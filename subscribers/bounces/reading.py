"""A bounce in any form, read into the recipients it tells of: the standard report first, then what the text says."""

from dataclasses import dataclass

from subscribers.bounces import codes, notices, returned, signs, status_reports
from subscribers.bounces.reasons import HARD, reason_of
from subscribers.mailbox.parsing import Mail

MOST_RECIPIENTS = 100


@dataclass(frozen=True)
class Bounced:
    """One recipient that a report tells of; `address` may be empty where the report names nobody."""

    address: str
    reason: str  # a word of `reasons`, or "delivered"
    status: str = ""  # as RFC 3463 writes it
    reply: str = ""  # what the server that refused wrote, on one line

    @property
    def hard(self) -> bool:
        """Return whether the address is dead."""
        return self.reason in HARD


def read(mail: Mail, own: frozenset[str] = frozenset()) -> tuple[Bounced, ...]:
    """Return whom a letter says could not be reached, and why; nothing where the letter is no bounce.

    `own` are our addresses, which a bounce names without meaning them. A delay is "transient".
    Forms other than RFC 3464 are recognised by who writes and what the text says.
    """
    parts = signs.parts(mail.message)
    blocks = status_reports.blocks(parts)
    if not blocks and not signs.is_notice(mail, parts):
        return ()
    text = notices.text(parts)
    copied = returned.recipients(parts, text)
    if blocks:
        found = [_from_block(block, text, copied, alone=len(blocks) == 1) for block in blocks]
    else:
        found = [_from_entry(entry) for entry in notices.entries(mail, text, copied, own)]
    return tuple(dict.fromkeys(one for one in found if one.address.casefold() not in own))[:MOST_RECIPIENTS]


def _from_block(block: status_reports.Block, text: str, copied: tuple[str, ...], *, alone: bool) -> Bounced:
    address = block.address or (copied[0] if alone and len(copied) == 1 else "")
    if block.action in ("delivered", "relayed", "expanded"):
        return Bounced(address, "delivered", block.status, block.reply)
    if block.action == "delayed":
        return Bounced(address, "transient", block.status, block.reply)
    reason = reason_of(block.reply, status=block.status, host=block.host)
    reply = block.reply
    if reason in ("other", "system", "policy", "transient", "protocol") and not block.says_much:
        told = notices.about(address, text, whole=alone)
        better = reason_of(told, status=block.status, host=block.host)
        if better not in ("other", "delivered"):
            reason, reply = better, reply or told
    return Bounced(address, reason, _status(block.status, reply), reply)


def _from_entry(entry: notices.Entry) -> Bounced:
    if entry.delayed:
        return Bounced(entry.address, "transient", codes.enhanced(entry.reply), entry.reply)
    return Bounced(entry.address, reason_of(entry.reply), codes.enhanced(entry.reply), entry.reply)


def _status(status: str, reply: str) -> str:
    return (codes.enhanced(reply) or status) if not status or status.endswith(".0.0") else status
