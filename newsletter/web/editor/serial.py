"""The form of a series: read from what was typed, and shown again with what was wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import ValidationError
from starlette.datastructures import FormData

from newsletter import revisions
from newsletter.folder import markdown
from newsletter.series import Rule
from newsletter.web.editor import correcting

RHYTHMS = ("nth", "day", "week")
KINDS = ("fair", "food", "industry", "report", "notice")
NTHS = (1, 2, 3, 4, -1)
WORDS = ("title", "subject", "preheader", "introduction")
FIELDS = ("interval", "weekday", "nth", "day", "begins", "at", "lead_days", "within_days", "least", "most")
FRESH = {
    "rhythm": "nth",
    "interval": "1",
    "weekday": "0",
    "nth": "1",
    "day": "1",
    "at": "10:00",
    "lead_days": "7",
    "within_days": "62",
    "least": "3",
    "most": "12",
    "closed": "later",
    "approval": "ask",
}


@dataclass(frozen=True)
class Form:
    """What stands in the fields."""

    values: dict[str, str]
    kinds: Sequence[str] = ()
    topics: Sequence[str] = ()
    countries: Sequence[str] = ()
    again: bool = False
    base: int = 0
    wrong: list[str] = field(default_factory=list)  # names of fields


def empty(today: date) -> Form:
    """Return the form of a new series: a monthly calendar of fairs, which most offices begin with."""
    return Form(FRESH | {"begins": today.isoformat()}, kinds=("fair",), again=True)


def of(rule: Rule, base: int) -> Form:
    """Return the form of a series as it is."""
    rhythm, picking = rule.rhythm, rule.picking
    way = "week" if rhythm.every == "week" else "day" if rhythm.day is not None else "nth"
    numbers = {
        "interval": rhythm.interval,
        "weekday": rhythm.weekday,
        "nth": rhythm.nth,
        "day": rhythm.day,
        "lead_days": rule.lead_days,
        "within_days": picking.within_days,
        "least": picking.least,
        "most": picking.most,
    }
    values = {name: "" if number is None else str(number) for name, number in numbers.items()}
    values |= {"rhythm": way, "begins": rhythm.begins.isoformat(), "at": f"{rule.at:%H:%M}"}
    values |= {"closed": rule.closed, "approval": rule.approval}
    for language, wording in rule.texts.items():
        values |= {f"{name}-{language}": getattr(wording, name) for name in WORDS}
        values[f"introduction-{language}"] = revisions.markdown(wording.introduction)
    return Form(values, picking.kinds, picking.topics, picking.countries, again=picking.again, base=base)


def typed(sent: FormData, languages: Sequence[str]) -> Form:
    """Return the form as it was sent."""
    names = ["rhythm", *FIELDS, "closed", "approval", *(f"{word}-{one}" for one in languages for word in WORDS)]
    return Form(
        {name: correcting.one(sent, name).strip() for name in names},
        kinds=correcting.every(sent, "kind"),
        topics=correcting.every(sent, "topic"),
        countries=correcting.every(sent, "country"),
        again=bool(correcting.one(sent, "again")),
        base=correcting.number(sent, "base"),
    )


def rule_of(form: Form, languages: Sequence[str]) -> tuple[Rule | None, list[str]]:
    """Return the rule that a form says, or None and the names of the fields that are wrong."""
    values = form.values
    wanted: dict[str, Any] = {
        "rhythm": _rhythm(values),
        "at": values["at"],
        "lead_days": values["lead_days"],
        "closed": values["closed"],
        "approval": values["approval"],
        "texts": {one: {word: _said(values, word, one) for word in WORDS} for one in languages},
        "picking": {
            "kinds": list(form.kinds),
            "topics": list(form.topics),
            "countries": list(form.countries),
            "within_days": values["within_days"] or None,
            "again": form.again,
            "least": values["least"],
            "most": values["most"],
        },
    }
    try:
        return Rule.model_validate(wanted), []
    except ValidationError as error:
        return None, sorted({_name(one["loc"]) for one in error.errors()})


def _rhythm(values: dict[str, str]) -> dict[str, Any]:
    way = values["rhythm"]
    named = {"nth": ("nth", "weekday"), "day": ("day",), "week": ("weekday",)}.get(way, ())
    shared = {"every": "week" if way == "week" else "month", "interval": values["interval"], "begins": values["begins"]}
    numbers = {name: values[name] for name in named}
    if "nth" in numbers:  # a choice among values, which a text is not
        numbers["nth"] = int(numbers["nth"]) if numbers["nth"] in map(str, NTHS) else 0  # type: ignore[assignment] # pydantic reads it
    return shared | numbers


def _said(values: dict[str, str], word: str, language: str) -> str:
    """Return one of the words of a language; an introduction is typed as Markdown, like that of an issue."""
    typed = values[f"{word}-{language}"]
    return markdown.html(typed, language) if word == "introduction" else typed


def _name(place: tuple[int | str, ...]) -> str:
    """Return the name of the field that an error is about."""
    if place[0] == "texts":
        return f"{place[2]}-{place[1]}" if len(place) > 2 else "texts"  # noqa: PLR2004 - texts, language, word
    return str(place[-1])
