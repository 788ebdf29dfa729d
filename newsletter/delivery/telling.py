"""The closing report as a person would tell it: what did not happen is not told, but the sum always is."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from babel import Locale

from newsletter import words
from newsletter.config import Settings
from newsletter.delivery.outbox import FINAL
from newsletter.delivery.tallies import UNTOLD, Table
from newsletter.rendering import dates
from newsletter.words import Words

if TYPE_CHECKING:
    from newsletter.delivery.report import Report

FAILURES = ("refused", "given_up", "uncertain")
WORST = 5
"""Mail servers named for their failures."""


def sentences(report: "Report", language: str, settings: Settings | None = None) -> str:
    """Return the report as a person would tell it, one sentence a line."""
    return "\n".join(lines(report, language, settings))


def lines(report: "Report", language: str, settings: Settings | None = None) -> list[str]:
    """Return the sentences of the report, the sum last.

    With the settings they also name times in the office's zone, languages, topics and countries.
    """
    say = words.load("report", language if language in words.languages("report") else "en")
    return [
        say("sent", people=people(say, report.sent)),
        *_outcomes(say, report),
        *_reasons(say, report),
        *_notes(say, report),
        *_others(say, report),
        *(_details(say, report, settings) if settings else ()),
        _sum(say, report),
    ]


def people(say: Words, count: int) -> str:
    """Return "1 person" or "1,204 people"."""
    return say("people.one" if count == 1 else "people.many", count=f"{count:,}")


def reason(say: Words, word: str) -> str:
    """Return a reason (`newsletter.delivery.reasons`) in words."""
    name = f"reason.{word}"
    return say(name if name in say.names() else "reason.other")


def country(code: str, language: str) -> str:
    """Return a country's name without the older names that CLDR adds in brackets; an unknown code as it is."""
    return str(Locale.parse(language).territories.get(code, code)).partition(" (")[0]


def _outcomes(say: Words, report: "Report") -> list[str]:
    counts = {state: int(getattr(report, state)) for state in (*FINAL[1:], "open")}
    return [say(state, people=people(say, count)) for state, count in counts.items() if count]


def _reasons(say: Words, report: "Report") -> list[str]:
    if not report.by_reason:
        return []
    listed = [say("reason_count", reason=reason(say, word), count=f"{n:,}") for word, n in report.by_reason.items()]
    return [say("reasons", reasons=say("comma").join(listed))]


def _notes(say: Words, report: "Report") -> list[str]:
    """Tell what is no outcome: who was sent it again, and what came back from those counted as sent."""
    told = []
    if again := sum(report.resent.values()):
        told.append(say("resent.one" if again == 1 else "resent.many", people=people(say, again)))
    if twice := report.resent.get("uncertain", 0):
        told.append(say("resent.twice", people=people(say, twice)))
    notes = {"bounced": report.bounced, "complained": report.complained}
    return [*told, *(say(name, people=people(say, count)) for name, count in notes.items() if count)]


def _others(say: Words, report: "Report") -> list[str]:
    """Tell about readers who were not enlisted."""
    counts = {"nothing": report.nothing, "waiting": report.waiting}
    return [say(name, people=people(say, count)) for name, count in counts.items() if count]


def _details(say: Words, report: "Report", settings: Settings) -> list[str]:
    topics = {topic.key: topic.title.get(say.language, topic.key) for topic in settings.publication.topics}
    names: list[tuple[str, Table, Callable[[str], str]]] = [
        ("by_language", report.by_language, lambda code: _tongues(say, code)),
        ("by_topic", report.by_topic, lambda key: topics.get(key, _untold(say, key))),
        ("by_country", report.by_country, lambda code: _untold(say, code) or country(code, say.language)),
    ]
    shares = [_share(say, name, table, told) for name, table, told in names if len(table) > 1]
    worst = {domain: states for domain, states in report.by_domain.items() if _failures(states)}
    if worst:
        named = sorted(worst, key=lambda domain: (-_failures(worst[domain]), domain))[:WORST]
        listed = [
            say("share", what=_domain(say, one), part=f"{_failures(worst[one]):,}", all=f"{_all(worst[one]):,}")
            for one in named
        ]
        shares.append(say("by_domain", shares=say("comma").join(listed)))
    return [*times(say, report, settings), *shares]


def times(say: Words, report: "Report", settings: Settings) -> list[str]:
    """Return when it began and ended, in the office's zone, and how fast the first round went."""
    if not (report.began and report.ended):
        return []
    began, ended = (datetime.fromisoformat(one) for one in (report.began, report.ended))
    zone = settings.office.zone
    told = [
        say(
            "times",
            began=dates.moment(began, zone, say.language),
            ended=dates.moment(ended, zone, say.language),
        )
    ]
    if report.per_minute and report.round_ended:
        took = datetime.fromisoformat(report.round_ended) - began
        told.append(say("rate", took=_took(say, took), rate=f"{report.per_minute:,}"))
    return told


def _took(say: Words, took: timedelta) -> str:
    minutes = round(took.total_seconds() / 60)
    if minutes < 1:
        return say("took.moment")
    if minutes == 1:
        return say("took.minute")
    hours, rest = divmod(minutes, 60)
    return say("took.hours", hours=hours, minutes=rest) if hours else say("took.minutes", minutes=minutes)


def _share(say: Words, name: str, table: Table, told: Callable[[str], str]) -> str:
    by_size = sorted(table, key=lambda word: (-_all(table[word]), word))
    listed = [
        say("share", what=told(word), part=f"{table[word].get('sent', 0):,}", all=f"{_all(table[word]):,}")
        for word in by_size
    ]
    return say(name, shares=say("comma").join(listed))


def _sum(say: Words, report: "Report") -> str:
    counts = {state: int(getattr(report, state)) for state in (*FINAL, "open")}
    shown = [say(f"part.{state}", count=f"{n:,}") for state, n in counts.items() if n or state == "sent"]
    return say("sum" if report.adds_up else "sum_wrong", enlisted=f"{report.enlisted:,}", parts=" + ".join(shown))


def _all(states: Mapping[str, int]) -> int:
    return sum(states.values())


def _failures(states: Mapping[str, int]) -> int:
    return sum(states.get(state, 0) for state in FAILURES)


def _untold(say: Words, word: str) -> str:
    return say("untold") if word == UNTOLD else ""


def _domain(say: Words, word: str) -> str:
    return say(f"domain_{word}") if word in {"other", "erased"} else word


def _tongues(say: Words, code: str) -> str:
    known = say.names()
    return " + ".join(say(f"tongue.{one}") if f"tongue.{one}" in known else one for one in code.split("+"))
