"""How fast mail may leave: limits of the relay, groups of domains, the warm-up of a new address, quiet hours."""

from collections.abc import Mapping
from datetime import date, time
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from newsletter.config.base import Key, Section

Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]
Count = Annotated[int, Field(ge=0)]
"""0 means that there is no such limit."""

PLANS: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        # Our own judgement: about half as much again or twice as much each day, as bulk senders advise.
        "slow": (50, 75, 100, 150, 250, 400, 600, 1000, 1500, 2500, 4000, 6000, 10_000),
        "usual": (50, 100, 250, 500, 1000, 2000, 4000, 8000, 15_000, 30_000),
    }
)


class GroupSettings(Section):
    """Recipient domains that belong to one provider, and how fast it likes to be written to."""

    name: Key
    domains: Annotated[tuple[Domain, ...], Field(min_length=1)]
    connections: Count = 0
    messages_per_minute: Count = 0


def _group(name: str, domains: str, connections: int, messages_per_minute: int) -> GroupSettings:
    return GroupSettings(
        name=name, domains=tuple(domains.split()), connections=connections, messages_per_minute=messages_per_minute
    )


USUAL_GROUPS = (
    # The carriers ask for few sessions and block networks that press them (docomo's notes for senders); they name no
    # numbers, nor do the others, so these are our own judgement: kind to them, and the hour for 18,000 readers.
    _group("docomo", "docomo.ne.jp", 4, 300),
    _group("au", "ezweb.ne.jp au.com", 4, 300),
    _group("softbank", "softbank.ne.jp vodafone.ne.jp i.softbank.jp disney.ne.jp ymobile.ne.jp", 4, 300),
    _group("gmail", "gmail.com googlemail.com", 20, 3000),
    _group("outlook", "outlook.com outlook.jp hotmail.com hotmail.co.jp live.com live.jp msn.com", 10, 1200),
    _group("yahoo-japan", "yahoo.co.jp ybb.ne.jp", 6, 600),
)

_FREE: Mapping[str, Any] = MappingProxyType({"connections": 10, "messages_per_second": 0})
PRESETS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        # Our own server hands on to the mailboxes itself, so the groups apply.
        "own": {**_FREE, "group": USUAL_GROUPS},
        # learn.microsoft.com, "Message storage and concurrent connection throttling for SMTP Authenticated Submission":
        # three connections, 30 messages a minute, 10,000 recipients a day, per mailbox (seen 2026-11).
        "microsoft365": {**_FREE, "connections": 3, "messages_per_minute": 30, "messages_per_day": 10_000},
        # support.google.com/a/answer/166852: 2,000 messages a user in any 24 hours over smtp.gmail.com. The relay
        # service (smtp-relay.gmail.com) allows 10,000: then set messages_per_day to it (seen 2026-11).
        "google": {**_FREE, "connections": 5, "messages_per_day": 2000},
        # docs.aws.amazon.com/ses, quotas: a new production account has 14 a second and 50,000 in any 24 hours; the
        # console tells what yours has been raised to (seen 2026-11).
        "amazon-ses": {**_FREE, "messages_per_second": 14, "messages_per_day": 50_000},
        "none": _FREE,
    }
)
"""What a relay allows; a setting of one's own goes before it."""


class WarmupSettings(Section):
    """How a new sending address gets known: so many messages on its first day, its second, ..."""

    began: date | None = None
    plan: Literal["slow", "usual"] = "usual"
    days: tuple[Annotated[int, Field(ge=1)], ...] = ()
    continue_at: time = time(9)

    @property
    def caps(self) -> tuple[int, ...]:
        """Return the most messages of each day, from the first on."""
        return self.days or PLANS[self.plan]


class PaceSettings(Section):
    """The part of `[relay]` that says how fast."""

    preset: Literal["own", "microsoft365", "google", "amazon-ses", "none"] = "own"
    connections: Annotated[int, Field(ge=1, le=200)]
    messages_per_second: Annotated[float, Field(ge=0)]
    messages_per_minute: Count = 0
    messages_per_hour: Count = 0
    messages_per_day: Count = 0
    burst: Count = 0
    quiet_from: time | None = None
    quiet_until: time | None = None
    group: tuple[GroupSettings, ...] = ()
    warmup: WarmupSettings = WarmupSettings()

    @property
    def per_second(self) -> float:
        """Return the most messages a second, by the second's limit and the minute's; 0 where there is none."""
        limits = [limit for limit in (self.messages_per_second, self.messages_per_minute / 60) if limit]
        return min(limits, default=0.0)

    @property
    def is_counted(self) -> bool:
        """Return whether a limit lasts longer than a run, so that counts must outlive one."""
        return bool(self.messages_per_minute or self.messages_per_hour or self.messages_per_day or self.warmup.began)

    @model_validator(mode="before")
    @classmethod
    def _filled_in(cls, values: Any) -> Any:
        """Take from the preset what is not set."""
        if not isinstance(values, dict):
            return values
        return {**PRESETS.get(str(values.get("preset", "own")), _FREE), **values}

    @model_validator(mode="after")
    def _sensible(self) -> "PaceSettings":
        if (self.quiet_from is None) != (self.quiet_until is None):
            message = "set both quiet_from and quiet_until, or neither"
            raise ValueError(message)
        if self.quiet_from is not None and self.quiet_from == self.quiet_until:
            message = "quiet_from and quiet_until are the same time; then nothing could ever be sent"
            raise ValueError(message)
        names = [group.name for group in self.group]
        domains = [domain for group in self.group for domain in group.domains]
        if len(set(names)) < len(names) or len(set(domains)) < len(domains):
            message = "two groups have the same name, or a domain is in two of them"
            raise ValueError(message)
        return self
