"""Why a mail server refused, in one word, by what the big providers document.

Only "unknown_user" says that an address is dead, and holds its reader. So whatever could be about us (our
sender, our network, our pace, our content) is looked for first and wins over the code: our own fault must never
cost a reader. The class digit decides nothing. Sources were read in November 2026.
"""

import re

from newsletter.delivery.replies import Reply, without_addresses

UNKNOWN_USER = "unknown_user"
OUR_FAULT = frozenset({"policy", "spam", "authentication", "rate"})
"""Reasons that say something about us and nothing about the reader."""

_CARRIERS = re.compile(r"@(?:[a-z0-9-]+\.)*(?:docomo\.ne\.jp|ezweb\.ne\.jp|au\.com|softbank\.ne\.jp)\b", re.IGNORECASE)

_FIRST: tuple[tuple[str, str], ...] = (
    # Our sender. Postfix (access(5), reject_unknown_sender_domain) and Exim (verify = sender) say "user unknown" of
    # the sender too; SoftBank names a domain without DNS records (note.com/sendmagic, SoftBank).
    (
        "authentication",
        (
            r"sender (?:address|domain)\b.*(?:rejected|denied|not found|must|unknown)|sender verif\w+ failed"
            r"|domain of sender|sender is not (?:permitted|authorized)|unverified sender"
            r"|^(?:\d\.\d+\.\d+ )?[a-z0-9-]+(?:\.[a-z0-9-]+)+ does not exist"
            r"|\b(?:spf|dkim|dmarc)\b|unauthenticated|not authorized to send|reverse dns|\bptr\b"
            # Amazon SES (SMTP response codes), Exchange Online 5.7.57, 5.7.750.
            r"|address is not verified|authentication (?:required|credentials|unsuccessful|failed)|not authenticated"
            r"|must issue a starttls|unregistered domain"
        ),
    ),
    # au and docomo say "unknown user" without the address, or with 5.2.0, when the reader's filter turned us away
    # (sisimai: Rhost/KDDI, Rhost/NTTDOCOMO). Exchange: groups and people that take mail from inside only.
    (
        "filtered",
        (
            r"^5\.2\.0 .*unknown user|^(?:5\.\d+\.\d+ )?\s*: user unknown"
            r"|resolver\.rst\.(?:authrequired|notauthorized|restricted)"
        ),
    ),
    # Gmail (support.google.com/a/answer/3726730), Yahoo TSS04 (senders.yahooinc.com), SES 454, Microsoft 4.7.500.
    (
        "rate",
        (
            r"too quickly|at a rate that|rate limit|sending (?:rate|limit|quota)|message quota|throttl"
            r"|unexpected volume|unusual rate|too many (?:connections|messages|recipients|concurrent|emails)"
            r"|limit exceeded for"
        ),
    ),
    # Spamhaus and the like; iCloud [CS01], [HM08] name a local policy; Yahoo [BL21]; Microsoft "banned sender".
    (
        "spam",
        (
            r"\bspam|black ?list|block ?list|blocked|dnsbl|\brbl\b|reputation|spamhaus|unsolicited|banned send"
            r"|\[(?:cs|hm|bl)\d+\]|suspicious"
        ),
    ),
    ("greylisted", r"gr[ea]y-?list"),
    # Exchange: 5.1.10 is "recipient not found" there, not a null MX; 5.4.1 with these words is a directory that
    # does not know the address (learn.microsoft.com, NDR 550 5.4.1). Outlook.com: 5.5.0.
    (
        UNKNOWN_USER,
        (
            r"recip(?:ient)?notfound|^5\.4\.1 recipient address rejected: access denied"
            r"|^5\.5\.0 requested action not taken: mailbox unavailable"
        ),
    ),
    # docomo (note.com/sendmagic, docomo), Gmail, iCloud, Exchange's store driver.
    ("mailbox_full", r"too much mail data|mailbox (?:is )?full|over ?quota|out of storage|quotaexceeded"),
)
"""What is looked for before any code, in this order."""

_CODES = {
    "1.1": UNKNOWN_USER,
    "1.2": "unknown_host",
    "1.3": "bad_address",
    "1.4": "bad_address",
    "1.6": UNKNOWN_USER,
    "1.7": "authentication",
    "1.8": "authentication",
    "1.10": "unknown_host",  # RFC 7505: the domain takes no mail
    "2.1": "disabled",
    "2.2": "mailbox_full",
    "2.3": "too_large",
    "3.4": "too_large",
    "4.4": "unknown_host",
    "4.5": "rate",  # Gmail: daily sending quota
    "5.3": "rate",
    "6.7": "needs_utf8",
    "7.8": "authentication",
    "7.9": "authentication",
    "7.27": "authentication",
    "7.28": "rate",  # Gmail: unusual rate
    "7.124": "filtered",  # Exchange Online: the group takes mail from known senders only, and so on to 7.136
    "7.133": "filtered",
    "7.134": "filtered",
    "7.135": "filtered",
    "7.136": "filtered",
    "7.500": "rate",  # Exchange Online: server busy
    "7.509": "authentication",  # Exchange Online: DMARC
    "7.511": "spam",  # banned sender, and so on to 7.708
    "7.515": "authentication",  # Outlook.com: high-volume senders
    "7.606": "spam",
    "7.703": "spam",
    "7.705": "rate",
    "7.708": "spam",
    "7.750": "authentication",
} | {f"7.{detail}": "authentication" for detail in (20, 21, 22, 23, 24, 25, 26, 29, 30)}  # RFC 7372, Gmail
"""By subject and detail of the enhanced status code (RFC 3463; IANA, SMTP Enhanced Status Codes)."""
_SUBJECTS = {"3": "unreachable", "4": "unreachable", "5": "protocol", "6": "content", "7": "policy"}

_LAST: tuple[tuple[str, str], ...] = (
    (
        UNKNOWN_USER,
        (
            r"(?:user|recipient|mailbox|address|account|alias)s? (?:is )?(?:unknown|not found|does(?:n't| not) exist)"
            r"|(?:unknown|no such|invalid|non-?existent|illegal) (?:local )?"
            r"(?:user|recipient|mailbox|address|account|alias)"
            # Yahoo and Yahoo Japan ("dd"), iCloud, Exim's and sendmail's own.
            r"|user doesn't have an? \S+ account|no mailbox here|inactive email address|no user record"
            r"|no longer on server"
        ),
    ),
    ("mailbox_full", r"\bfull\b|quota exceeded|insufficient (?:system )?storage"),
    ("disabled", r"disabled|suspended|inactive|deactivated"),
    ("too_large", r"too (?:large|big)|size limit|exceeds.*size|maximum message size"),
    # What an Exim says of an address that leads nowhere may be about the domain as well: it holds nobody.
    ("unknown_host", r"(?:domain|host) (?:not found|unknown)|unknown (?:domain|host)|unrouteable address"),
    ("rate", r"too many|exceeded"),
    ("greylisted", r"try (?:again )?later|temporar|busy|resources"),
    ("policy", r"policy|prohibit|relay|denied|reject|refused|not permitted|not allowed|not accepted"),
)
"""What is looked for where the code says nothing."""


def _compiled(rules: tuple[tuple[str, str], ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((reason, re.compile(pattern, re.IGNORECASE)) for reason, pattern in rules)


_BEFORE, _AFTER = _compiled(_FIRST), _compiled(_LAST)


def classify(reply: Reply, *, after_data: bool = False) -> str:
    """Return the reason of a 4xx or 5xx reply: a word of the tables above, or "other".

    `after_data`: it was the answer to the message itself. Japanese carriers then say "unknown user" for the
    reader's own filter, while the same words in answer to RCPT mean what they say. Addresses in the reply
    count for nothing, so that spam@example.org is no spam.
    """
    text = without_addresses(reply.text)
    found = _found(_BEFORE, text) or _by_code(reply) or _found(_AFTER, text) or "other"
    if found == UNKNOWN_USER and after_data and _CARRIERS.search(reply.text):
        return "filtered"
    return found


def _found(rules: tuple[tuple[str, re.Pattern[str]], ...], text: str) -> str:
    return next((reason for reason, pattern in rules if pattern.search(text)), "")


def _by_code(reply: Reply) -> str:
    if not reply.enhanced:
        return ""
    _, subject, detail = reply.enhanced.split(".")
    return _CODES.get(f"{subject}.{detail}") or _SUBJECTS.get(subject, "")
