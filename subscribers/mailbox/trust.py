"""Whether a letter's From may be believed: what our own border wrote down about it (RFC 8601)."""

import re

from subscribers.mailbox.parsing import Mail
from subscribers.mailbox.verdict import Own

MAX_NESTING = 10
_COMMENT = re.compile(r"\([^()]*\)")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_DMARC_PASS = re.compile(r"\s*dmarc\s*=\s*pass(?=\s|$)", re.IGNORECASE)
_HEADER_FROM = re.compile(r"\sheader\.from\s*=\s*@?([^\s;]+)", re.IGNORECASE)


def is_authentic(mail: Mail, own: Own, address: str) -> bool:
    """Return whether our border says that DMARC passed for the domain of `address`.

    Only the topmost field under our own name counts: the border must remove forged ones (RFC 8601 5),
    and one that a sender wrote stands below it.
    """
    if not own.authserv_id:
        return False
    for value in mail.fields("authentication-results"):
        server, _, results = _bare(value).partition(";")
        if server.split()[:1] == [own.authserv_id]:
            return any(_passes(result, address) for result in results.split(";"))
    return False


def _bare(value: str) -> str:
    # A comment or a quoted string may hold anything that the sender likes, so both go first.
    value = _QUOTED.sub("", value)
    for _ in range(MAX_NESTING):
        value, found = _COMMENT.subn(" ", value)
        if not found:
            return value
    return ""


def _passes(result: str, address: str) -> bool:
    named = _HEADER_FROM.search(result)
    domain = address.rpartition("@")[2].casefold()
    return bool(_DMARC_PASS.match(result)) and (named is None or named[1].casefold() == domain)
