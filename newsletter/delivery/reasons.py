"""Why a mail server refused, in one word."""

import re

from newsletter.delivery.replies import Reply

UNKNOWN_USER = "unknown_user"
OUR_FAULT = frozenset({"policy", "spam", "authentication", "rate"})
"""Reasons that say something about us and nothing about the reader."""

_SPECIAL = (
    # Carriers say "unknown user" also when the reader's own filter turned us away (facts: sisimai KDDI, NTTDOCOMO).
    ("filtered", re.compile(r"^5\.2\.0 .*unknown user|^(?:5\.\d+\.\d+ )?\s*: user unknown", re.IGNORECASE)),
    ("spam", re.compile(r"\bspam|black ?list|block ?list|blocked|dnsbl|reputation|spamhaus", re.IGNORECASE)),
    ("authentication", re.compile(r"\b(?:spf|dkim|dmarc)\b|unauthenticated|not authorized to send", re.IGNORECASE)),
)
_CODES = {
    "1.1": UNKNOWN_USER,
    "1.2": "unknown_host",
    "1.3": "bad_address",
    "1.6": UNKNOWN_USER,
    "1.10": "unknown_host",
    "2.1": "disabled",
    "2.2": "mailbox_full",
    "2.3": "too_large",
    "3.4": "too_large",
    "6.7": "needs_utf8",
    "7.26": "authentication",
    "7.515": "authentication",
    "7.8": "authentication",
    "7.9": "authentication",
}
_SUBJECTS = {"5": "protocol", "6": "content", "7": "policy"}
_WORDS = (
    (
        UNKNOWN_USER,
        re.compile(
            r"(?:user|recipient|mailbox|address|account)s? (?:is )?(?:unknown|not found|does(?:n't| not) exist)"
            r"|(?:unknown|no such|invalid|non-?existent) (?:local )?(?:user|recipient|mailbox|address|account)"
            r"|no mailbox here|does not exist",
            re.IGNORECASE,
        ),
    ),
    ("mailbox_full", re.compile(r"full|over ?quota|quota exceeded|insufficient storage", re.IGNORECASE)),
    ("disabled", re.compile(r"disabled|suspended|inactive|deactivated", re.IGNORECASE)),
    ("too_large", re.compile(r"too (?:large|big)|size limit|exceeds.*size", re.IGNORECASE)),
    ("rate", re.compile(r"too many|rate limit|throttl|try again later|exceeded", re.IGNORECASE)),
    ("unknown_host", re.compile(r"(?:domain|host) (?:not found|unknown)|unknown (?:domain|host)", re.IGNORECASE)),
    ("policy", re.compile(r"policy|relay|denied|reject|refused|not permitted|not allowed", re.IGNORECASE)),
)


def classify(reply: Reply) -> str:
    """Return the reason of a 4xx or 5xx reply: a word of the tables above, or "other".

    Only "unknown_user" says that the address is dead. The class digit decides nothing, and words
    about spam or policy win over the code, so that our own fault never costs a reader (facts/mail 2).
    """
    text = reply.text
    for reason, pattern in _SPECIAL:
        if pattern.search(text):
            return reason
    if reply.enhanced:
        _, subject, detail = reply.enhanced.split(".")
        by_code = _CODES.get(f"{subject}.{detail}") or _SUBJECTS.get(subject)
        if by_code:
            return by_code
    return next((reason for reason, pattern in _WORDS if pattern.search(text)), "other")
