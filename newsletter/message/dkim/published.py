"""What others find in the DNS, compared with what they must find there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from dns.exception import DNSException
from dns.rdtypes.txtbase import TXTBase
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from newsletter.message.dkim.records import Record

PATIENCE_SECONDS = 5.0
DNS_PORT = 53

State = Literal["good", "bad", "unknown"]


@dataclass(frozen=True)
class Verdict:
    """What is said of one record."""

    name: str
    state: State
    sentence: str


def look_up(name: str, *, server: str | None = None, port: int = DNS_PORT) -> list[str] | None:
    """Return the TXT records of a name, each in one piece; None where the DNS gives no answer.

    `server` is the address of a name server to ask instead of this machine's own. Waits at most five seconds.
    """
    try:
        resolver = Resolver(configure=server is None)
        if server is not None:
            resolver.nameservers, resolver.port = [server], port
        answer = resolver.resolve(f"{name}.", "TXT", lifetime=PATIENCE_SECONDS)
    except (NXDOMAIN, NoAnswer):
        return []
    except (DNSException, OSError, ValueError):
        return None
    return [b"".join(found.strings).decode("utf-8", "replace") for found in answer if isinstance(found, TXTBase)]


def judge(record: Record, found: Sequence[str] | None) -> Verdict:
    """Return whether what the DNS holds at the name of a DKIM record verifies what that key signs."""
    state, sentence = _compared(record, found)
    return Verdict(record.name, state, sentence)


def judge_policy(name: str, start: str, found: Sequence[str] | None) -> Verdict:
    """Return whether there is exactly one record that begins with `start`: v=spf1 (RFC 7208) or v=DMARC1 (RFC 7489)."""
    if found is None:
        return Verdict(name, "unknown", _SILENT)
    fitting = [value for value in found if value.lower().startswith(start.lower())]
    if not fitting:
        return Verdict(name, "bad", f"There is no record {start} here.")
    if len(fitting) > 1:
        return Verdict(name, "bad", f"There are {len(fitting)} records {start}; with more than one, none counts.")
    return Verdict(name, "good", fitting[0])


_SILENT = "The DNS gave no answer; try again, or ask another server with --server."


def _compared(record: Record, found: Sequence[str] | None) -> tuple[State, str]:
    if found is None:
        return "unknown", _SILENT
    if not found:
        return "bad", "Not published yet. A new record may take a day until everybody sees it."
    if len(found) > 1:
        return "bad", f"There are {len(found)} records at this name; leave only ours."
    wrong = _mistake(tags(record.value), {"v": "DKIM1", "k": "rsa", "p": "", "t": ""} | tags(found[0]))
    return ("bad", wrong) if wrong else ("good", "Published as it should be.")


def _mistake(wanted: dict[str, str], given: dict[str, str]) -> str:
    """Return what is wrong with the tags of a record, or an empty string."""
    mistakes = {
        "The published record does not begin with v=DKIM1.": given["v"] != "DKIM1",
        "The published record has no key, which says that it no longer holds.": not given["p"],
        "The published kind of key is not ours (k=).": given["k"] != wanted["k"],
        "The published key is not ours. Was the value cut, or is it of another key?": given["p"] != wanted["p"],
        "The published record says that it is only a test (t=y), so nobody trusts it.": "y" in given["t"].split(":"),
    }
    return next((sentence for sentence, made in mistakes.items() if made), "")


def tags(value: str) -> dict[str, str]:
    """Return the tags of a record, without white space (RFC 6376 3.2)."""
    pairs = (part.partition("=") for part in value.split(";"))
    return {name.strip(): "".join(content.split()) for name, _, content in pairs if name.strip()}
