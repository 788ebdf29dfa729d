"""Status codes: RFC 3463 and its registry, and the three digits of RFC 5321."""

import re

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_BASIC = re.compile(r"(?<![\d.#:/-])([245][0-5]\d)(?=[\s\-:,;]|$)(?![\s-]*(?:bytes|messages|kb|mb)\b)", re.IGNORECASE)

_CERTAIN = {
    "5.1.1": "unknown_user",
    "5.1.2": "unknown_host",
    "5.1.3": "bad_address",
    "5.1.6": "moved",
    "5.1.10": "no_mail",  # RFC 7505
    "5.2.1": "disabled",
    "5.2.2": "mailbox_full",
    "5.2.3": "too_large",
    "5.3.4": "too_large",
    "5.4.4": "unknown_host",  # Postfix: the domain has neither MX nor address
    "5.4.6": "loop",
    "5.4.7": "expired",
    "5.4.14": "loop",  # Exchange Online
    "5.4.310": "unknown_host",  # Exchange Online: the DNS domain does not exist
    "5.6.7": "needs_utf8",
    "5.7.8": "authentication",
    "5.7.9": "authentication",
    "5.7.20": "authentication",  # RFC 7372
    "5.7.21": "authentication",
    "5.7.22": "authentication",
    "5.7.23": "authentication",
    "5.7.24": "authentication",
    "5.7.25": "authentication",
    "5.7.26": "authentication",
    "5.7.27": "authentication",  # RFC 7505: our own domain accepts no mail
    "5.7.509": "authentication",  # Exchange Online: DMARC
    "5.7.515": "authentication",
}
_SUBJECTS = {"3": "system", "4": "transient", "5": "protocol", "6": "content", "7": "policy"}
_BASICS = {552: "mailbox_full", 521: "no_mail", 556: "no_mail"}  # RFC 7504


def enhanced(text: str) -> str:
    """Return the first enhanced status code in a text without leading zeros, or an empty string."""
    for found in _ENHANCED.finditer(text):
        if not (found[2] == "0" and found[3] == "0"):
            return f"{found[1]}.{int(found[2])}.{int(found[3])}"
    found_any = _ENHANCED.search(text)
    return f"{found_any[1]}.0.0" if found_any else ""


def basic(text: str) -> int:
    """Return the first SMTP reply code in a text, or 0."""
    found = _BASIC.search(text)
    return int(found[1]) if found else 0


def certain(status: str) -> str:
    """Return the reason of a code that says it by itself, or an empty string."""
    return _CERTAIN.get(status, _CERTAIN.get("5" + status[1:], "") if status.startswith("4.") else "")


def likely(status: str, code: int) -> str:
    """Return the reason that a code suggests where no words say more, or an empty string."""
    subject = status.split(".")[1] if status else ""
    return _SUBJECTS.get(subject, "") or _BASICS.get(code, "") or ("transient" if 400 <= code < 500 else "")  # noqa: PLR2004 - RFC 5321 4.2.1
