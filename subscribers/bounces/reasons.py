"""Why a server refused, in one word, from its reply and its codes."""

from subscribers.bounces import codes, providers, wordings

HARD = frozenset({"unknown_user", "unknown_host", "moved", "no_mail", "bad_address"})
"""The address is dead: there is nobody to write to."""

OURS = frozenset({"policy", "spam", "authentication", "rate", "content", "needs_utf8", "protocol"})
"""These say something about our mail or our server, and nothing about the reader."""

SOFT = frozenset(
    {"mailbox_full", "disabled", "too_large", "filtered", "transient", "expired", "system", "loop", "other"}
)
"""These may pass, or are the reader's own choice."""


def reason_of(reply: str, *, status: str = "", code: int = 0, host: str = "") -> str:
    """Return the reason of a refusal: a word of HARD, OURS or SOFT, or "delivered" for a status of class 2.

    `reply` is what the server wrote, on one line or several; `status` an enhanced status code
    (RFC 3463) and `code` the three digits of SMTP, both looked for in the reply where they are not
    given; the reply's own code is nearer to the truth than the reporter's. `host` is the server that
    refused. Words win over codes, since many servers
    send 5.1.1 or 5.7.1 for everything; a temporary failure is never hard, whatever it says.
    """
    words = wordings.folded(reply)
    said = codes.enhanced(reply)
    enhanced = said if said and not said.endswith(".0.0") else codes.enhanced(status) or said
    basic = code or codes.basic(reply)
    if enhanced.startswith("2."):
        return "delivered"
    found = (
        providers.reason(words, enhanced, basic, host.casefold())
        or wordings.certain(words)
        or codes.certain(enhanced)
        or wordings.likely(words)
        or codes.likely(enhanced, basic)
        or "other"
    )
    return _temporary(found) if _is_temporary(enhanced, basic) else found


def _is_temporary(enhanced: str, basic: int) -> bool:
    return enhanced.startswith("4.") or (not enhanced and 400 <= basic < 500)  # noqa: PLR2004 - RFC 5321 4.2.1


def _temporary(reason: str) -> str:
    return "transient" if reason in HARD or reason == "other" else reason
