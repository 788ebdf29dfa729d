"""Providers that are written to more slowly than the rest, found by the domain of an address."""

from collections.abc import Iterable
from math import inf

from newsletter.config.pace import GroupSettings
from newsletter.pace.even import Even

BACK_OFF_SECONDS = (15.0, 30.0, 60.0, 120.0, 300.0, 600.0)
"""How long a provider that says "too fast" is left alone, the first time, the second in a row, ..."""
SLOWEST = 16
"""How many times slower than set at most; one without a rate is slowed by the pauses alone."""
CALM = 50
"""Accepted messages in a row after which it goes twice as fast again."""
MOST_DOMAINS = 20_000
"""Domains whose group is remembered."""


class Group:
    """One provider: how many messages are under way to it, at what rate, and whether it wants to be left alone."""

    def __init__(self, settings: GroupSettings) -> None:
        self.name = settings.name
        self.connections = settings.connections
        self.under_way = 0
        self._rate = settings.messages_per_minute / 60
        self._even = Even(self._rate)
        self._left_alone_until = 0.0
        self._complaints = 0
        self._calm = 0

    @property
    def per_second(self) -> float:
        """Return the most messages a second at present; 0: no limit of its own."""
        return self._rate / self._even.slowness

    def wait(self, now: float) -> float:
        """Return how many seconds to wait before the next message to it; infinite: until one under way has ended."""
        if self.connections and self.under_way >= self.connections:
            return inf
        return max(self._left_alone_until - now, self._even.wait(now), 0.0)

    def took(self, now: float) -> None:
        """Count a message that leaves now."""
        self.under_way += 1
        self._even.took(now)

    def ended(self) -> None:
        """Note that a message under way has been answered or given back."""
        self.under_way -= 1

    def slow_down(self, now: float) -> float:
        """Leave it alone for a while, and go half as fast afterwards; return the seconds, or 0 where it is already."""
        if now < self._left_alone_until:  # what was under way when it first complained
            return 0.0
        pause = BACK_OFF_SECONDS[min(self._complaints, len(BACK_OFF_SECONDS) - 1)]
        self._complaints += 1
        self._calm = 0
        self._even.slowness = min(SLOWEST, self._even.slowness * 2)
        self._left_alone_until = now + pause
        return pause

    def accepted(self) -> None:
        """Note that it took a message; after enough of them it is written to faster again."""
        if not self._complaints:
            return
        self._calm += 1
        if self._calm >= CALM:
            self._calm = 0
            self._complaints -= 1
            self._even.slowness = max(1, self._even.slowness // 2) if self._complaints else 1


class Groups:
    """All of them."""

    def __init__(self, settings: Iterable[GroupSettings]) -> None:
        self._by_domain: dict[str, Group] = {}
        self._seen: dict[str, Group | None] = {}
        for one in settings:
            group = Group(one)
            self._by_domain |= dict.fromkeys(one.domains, group)

    def of(self, email: str) -> Group | None:
        """Return the group of an address: that of its domain or of a domain above it."""
        if not self._by_domain:
            return None
        domain = email.rpartition("@")[2]
        try:
            return self._seen[domain]
        except KeyError:
            return self._look_up(domain)

    def _look_up(self, domain: str) -> Group | None:
        if len(self._seen) >= MOST_DOMAINS:
            self._seen.clear()
        parts = domain.lower().rstrip(".").split(".")
        suffixes = (".".join(parts[begin:]) for begin in range(len(parts)))
        found = next((self._by_domain[suffix] for suffix in suffixes if suffix in self._by_domain), None)
        self._seen[domain] = found
        return found
