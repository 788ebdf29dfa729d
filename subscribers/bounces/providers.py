"""What single providers mean by words that mean something else elsewhere: the rules of providers.toml."""

import re
from dataclasses import dataclass
from typing import Any

from subscribers.bounces import book


@dataclass(frozen=True)
class _Rule:
    reason: str
    said: re.Pattern[str]
    host: re.Pattern[str] | None  # of the server that refused; none: the words alone tell
    status: str  # that the enhanced status begins with
    codes: tuple[int, ...]


def reason(words: str, status: str, code: int, host: str) -> str:
    """Return the reason where one provider's habit decides, or an empty string."""
    return next((rule.reason for rule in _RULES if _holds(rule, words, status, code, host)), "")


def _holds(rule: _Rule, words: str, status: str, code: int, host: str) -> bool:
    if rule.status and not f"{status}.".startswith(f"{rule.status}."):
        return False
    if (rule.codes and code not in rule.codes) or (rule.host and not rule.host.search(host)):
        return False
    return rule.said.search(words) is not None


def _rule(told: dict[str, Any]) -> _Rule:
    return _Rule(
        reason=told["reason"],
        said=book.any_of(told["said"]),
        host=book.any_of([told["host"]]) if "host" in told else None,
        status=told.get("status", ""),
        codes=tuple(told.get("codes", ())),
    )


_RULES = tuple(map(_rule, book.read("providers")["rule"]))
