"""Looking at the targets of links: no transaction may be open meanwhile, and nothing inside the office is touched."""

import ssl
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsletter.checks.links import addresses, asking, targets
from newsletter.checks.links.asking import Head, NoAnswerError
from newsletter.checks.links.targets import Target, TargetError

MOST = 300
"""Links looked at in one round; an issue has a few dozen."""
MOST_HOPS = 5
MOST_ADDRESSES = 2
"""The second is asked where the first is out of reach, as IPv6 is from many offices."""
LONGEST_SHOWN = 500
AT_ONCE = 8
"""Servers asked at the same time; of one server's links one after the other."""

MOVED_FOR_GOOD = (301, 308)
MOVED = (301, 302, 303, 307, 308)
GONE = (404, 410)
CLOSED_TO_PROGRAMS = (403, 405, 406, 429, 503, 999)
"""What sites also answer to programs only, so that it says nothing about readers (999 is one site's own)."""

OUTCOMES = (
    "fine", "moved", "elsewhere", "gone", "failing", "login", "closed", "no_name", "no_answer", "certificate",
    "private", "circle", "unreadable", "sample",
)  # fmt: skip


@dataclass(frozen=True)
class Probed:
    """What a look at one target found; `outcome` is one of `OUTCOMES`."""

    target: str  # as it stands in the issue
    outcome: str
    status: int | None = None
    final: str = ""  # where redirects led


def probe(
    wanted: Iterable[str],
    *,
    agent: str = "newsletter",
    seconds: float = 10,
    round_seconds: float = 40,
    loopback: bool = False,
) -> list[Probed]:
    """Look at each address and return what was found, in order; what a round has no time for is left out.

    `seconds` bounds one link, its redirects included, `round_seconds` all. `loopback` lets this machine be
    asked, for the sandbox. Never raises for what a server does.
    """
    chosen = list(dict.fromkeys(wanted))[:MOST]
    end = time.monotonic() + round_seconds
    found: dict[str, Probed] = {}

    def look(group: Sequence[str]) -> None:
        for url in group:
            if time.monotonic() < end:
                until = min(end, time.monotonic() + seconds)
                found[url] = _look(url, _Leave(agent, loopback, until))

    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="links")
    wait([pool.submit(look, group) for group in _by_server(chosen)], timeout=round_seconds + 1)
    pool.shutdown(wait=False, cancel_futures=True)  # a resolver that hangs is not waited for
    return [found[url] for url in chosen if url in found]


@dataclass(frozen=True)
class _Leave:
    """What one look may do."""

    agent: str
    loopback: bool
    until: float  # time.monotonic

    def left(self) -> float:
        return self.until - time.monotonic()


def _look(url: str, leave: _Leave) -> Probed:
    """Follow one address to its end, each hop read, resolved and judged anew."""
    try:
        first = target = targets.read(url)
    except TargetError:
        return Probed(url, "unreadable")
    if target.reserved:
        return Probed(url, "sample")
    for_good, seen = False, {target.url}
    for _ in range(MOST_HOPS + 1):
        head = _ask(target, leave)
        if isinstance(head, str):
            return Probed(url, head, final=_beyond(first, target))
        if head.status not in MOVED or not head.location:
            outcome = _judged(head.status, first, target, for_good=for_good)
            return Probed(url, outcome, head.status, _beyond(first, target))
        for_good = for_good or head.status in MOVED_FOR_GOOD
        try:
            target = targets.follow(target, head.location)
        except TargetError:
            return Probed(url, "unreadable", head.status, head.location[:LONGEST_SHOWN])
        if target.url in seen:
            break
        seen.add(target.url)
    return Probed(url, "circle", final=_beyond(first, target))


def _ask(target: Target, leave: _Leave) -> Head | str:
    """Return the head of the answer, or the outcome that says why there is none.

    The name is resolved once and the answer itself is connected to: a name that points elsewhere a
    moment later gains nothing. One private address among public ones is enough to stay away.
    """
    try:
        answers = addresses.resolve(target.host, target.port)
    except (OSError, UnicodeError):
        return "no_name"
    if not all(addresses.is_public(one, loopback=leave.loopback) for one in answers):
        return "private"
    for address in answers[:MOST_ADDRESSES]:
        try:
            return asking.ask(target, address, agent=leave.agent, left=leave.left)
        except ssl.SSLCertVerificationError:
            return "certificate"
        except (OSError, NoAnswerError):
            continue
    return "no_answer"


def _judged(status: int, first: Target, last: Target, *, for_good: bool) -> str:
    if status in GONE:
        return "gone"
    if status == 401:  # noqa: PLR2004 - Unauthorized
        return "login"
    if status in CLOSED_TO_PROGRAMS:
        return "closed"
    if status >= 400:  # noqa: PLR2004 - the first of the errors
        return "failing"
    if first.host.removeprefix("www.") != last.host.removeprefix("www."):
        return "elsewhere"
    return "moved" if for_good else "fine"


def _beyond(first: Target, last: Target) -> str:
    return last.url if last != first else ""


def _by_server(urls: Iterable[str]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for url in urls:
        try:
            server = urlsplit(url).netloc
        except ValueError:
            server = ""
        groups.setdefault(server, []).append(url)
    return list(groups.values())
