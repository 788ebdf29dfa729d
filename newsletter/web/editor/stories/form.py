"""The form in which a story is written: what stands in its fields."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from starlette.datastructures import FormData

from newsletter import revisions
from newsletter.content import Fair, Flyer, Picture
from newsletter.rendering.views import AnyStory
from newsletter.web.editor.stories import fields

MOST_DAYS = 14
"""Days of a fair whose hours are given one by one; longer ones say them in words."""


@dataclass(frozen=True)
class Form:
    """What stands in the fields, as it was typed."""

    base: int
    kind: str
    facts: dict[str, str]
    countries: tuple[str, ...] = ()
    sample: bool = False
    openings: tuple[tuple[str, str], ...] = ()  # opens and closes, of the first day, the second ...
    words: dict[str, dict[str, str]] = field(default_factory=dict)  # by language, then by field
    picture: Picture | None = None
    keeps_picture: bool = True
    flyers: tuple[Flyer, ...] = ()
    flyer_title: dict[str, str] = field(default_factory=dict)  # of a flyer that is being added

    @property
    def days(self) -> list[date | None]:
        """Return the days whose hours may be given: those of the fair, as far as they are known."""
        first, last = day(self.facts.get("starts", "")), day(self.facts.get("ends", ""))
        if self.kind != "fair" or first is None:
            return []
        span = ((last or first) - first).days + 1
        return [first + timedelta(days=number) for number in range(span)] if 0 < span <= MOST_DAYS else []


def empty(kind: str, languages: Sequence[str]) -> Form:
    """Return the form of a story that is not written yet."""
    return Form(base=0, kind=kind, facts={}, words={language: {} for language in languages})


def of(content: AnyStory, languages: Sequence[str], *, base: int, kind: str = "") -> Form:
    """Return the form that says what `content` says, as a story of `kind` (its own)."""
    kind = kind or content.kind
    names = (*fields.SHARED, *fields.FACTS[kind])
    values = content.model_dump(mode="json")
    return Form(
        base=base,
        kind=kind,
        facts={name: str(values.get(name) or "") for name in names},
        countries=content.countries,
        sample=content.sample,
        openings=_openings(content),
        words={language: _words(values["texts"].get(language, {}), kind) for language in languages},
        picture=content.picture,
        flyers=content.flyers,
    )


def read(sent: FormData, languages: Sequence[str]) -> Form:
    """Return the form as it was sent; what no form of ours would send is left out."""
    kind = one(sent, "kind") if one(sent, "kind") in fields.KINDS else "notice"
    return Form(
        base=number(one(sent, "base")),
        kind=kind,
        facts={name: line(one(sent, name)) for name in (*fields.SHARED, *fields.FACTS[kind])},
        countries=tuple(every(sent, "countries")),
        sample=one(sent, "sample") == "yes",
        openings=tuple(zip(every(sent, "opens"), every(sent, "closes"), strict=False)),
        words={language: {name: _typed(sent, name, language) for name in fields.WORDS[kind]} for language in languages},
        picture=_picture(sent, languages),
        keeps_picture=one(sent, "drop_picture") != "yes",
        flyers=tuple(_flyers(sent, languages)),
        flyer_title=spoken(sent, "new_flyer_title", languages),
    )


def every(sent: FormData, name: str) -> list[str]:
    """Return all values of a field that are words."""
    return [value for value in sent.getlist(name) if isinstance(value, str)]


def one(sent: FormData, name: str) -> str:
    """Return the first value of a field, or an empty string."""
    return next(iter(every(sent, name)), "")


def number(text: str) -> int:
    """Return a small number that was sent, or 0."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 - below 2**31


def line(text: str) -> str:
    """Return typed text as one line."""
    return " ".join(_plain(text).split())


def day(text: str) -> date | None:
    """Return a day that is written 2026-12-17, or None."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _plain(text: str) -> str:
    """Return typed or pasted text without control characters."""
    return "".join(sign for sign in text.replace("\r\n", "\n") if sign in "\n\t" or unicodedata.category(sign) != "Cc")


def _typed(sent: FormData, name: str, language: str) -> str:
    text = one(sent, f"{name}.{language}")
    return _plain(text).strip() if name in fields.PARAGRAPHS else line(text)


def _words(text: dict[str, Any], kind: str) -> dict[str, str]:
    """Return the words of a language by field; HTML as Markdown, names one a line."""
    return {name: _shown(name, text.get(name) or "") for name in fields.WORDS[kind]}


def _shown(name: str, value: Any) -> str:
    if name == "body":
        return revisions.markdown(value)
    return "\n".join(value) if name == "participants" else str(value)


def _openings(content: AnyStory) -> tuple[tuple[str, str], ...]:
    """Return the hours by day, counted from the first; days between without hours are empty."""
    if not isinstance(content, Fair) or not content.openings:
        return ()
    first = content.starts or content.openings[0].day
    hours = {(one.day - first).days: (f"{one.opens:%H:%M}", f"{one.closes:%H:%M}") for one in content.openings}
    return tuple(hours.get(place, ("", "")) for place in range(max([*hours, 0]) + 1))


def _picture(sent: FormData, languages: Sequence[str]) -> Picture | None:
    if not one(sent, "picture_hash"):
        return None
    point = number(one(sent, "focus") or "4")
    return Picture(
        hash=one(sent, "picture_hash")[:64],
        width=number(one(sent, "picture_width")),
        height=number(one(sent, "picture_height")),
        credit=line(one(sent, "credit"))[:300],
        focus=fields.FOCUS[point] if point < len(fields.FOCUS) else fields.FOCUS[4],
        alt=spoken(sent, "alt", languages),
        caption=spoken(sent, "caption", languages),
    )


def _flyers(sent: FormData, languages: Sequence[str]) -> list[Flyer]:
    return [
        Flyer(
            hash=kept[:64],
            size=number(one(sent, f"flyer_size.{kept}")),
            title=spoken(sent, f"flyer_title.{kept}", languages),
            attach=one(sent, f"flyer_attach.{kept}") == "yes",
        )
        for kept in every(sent, "flyer")
        if one(sent, f"flyer_drop.{kept}") != "yes"
    ]


def spoken(sent: FormData, name: str, languages: Sequence[str]) -> dict[str, str]:
    """Return a line in each language that has one."""
    lines = {language: line(one(sent, f"{name}.{language}"))[:300] for language in languages}
    return {language: text for language, text in lines.items() if text}
