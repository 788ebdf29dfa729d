"""The form in which an issue is written: from a content to its fields and back; pure but for the office's clock."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from starlette.datastructures import FormData

from newsletter import revisions
from newsletter.config import Settings
from newsletter.content import Audience, IssueContent, IssueText, StoryChoice
from newsletter.folder import markdown
from newsletter.web.editor import times
from newsletter.web.editor.times import TimeRefusedError

LINES = ("subject", "preheader")
PARAGRAPHS = ("introduction", "post")
WORDS = (*LINES, *PARAGRAPHS)
TIMES = ("day", "time")


class FormRefusedError(Exception):
    """The form cannot be saved as it is."""

    def __init__(self, wrong: dict[str, "Wrong"]) -> None:
        """Take what is wrong by the name of its field."""
        super().__init__()
        self.wrong = wrong


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a field: the name of a sentence (`wrong.*`) and what it says."""

    sentence: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """What stands in the fields."""

    base: int
    spoken: tuple[str, ...]
    words: dict[str, dict[str, str]]  # by language, then by field
    times: dict[str, dict[str, str]]  # by language: day and time; empty: with the others
    stories: tuple[StoryChoice, ...]
    sections: tuple[str, ...]
    audience: Audience

    def problems_of(self, language: str) -> list[str]:
        """Return the names of the fields of a language."""
        return [f"{name}.{language}" for name in (*WORDS, *TIMES)]


def of(content: IssueContent, settings: Settings, *, base: int) -> Form:
    """Return the form that says what `content` says."""
    languages = settings.publication.languages
    return Form(
        base=base,
        spoken=tuple(language for language in languages if language in content.texts),
        words={language: _words(content.texts.get(language)) for language in languages},
        times=_times(content, languages, settings.office.zone),
        stories=content.stories,
        sections=content.sections,
        audience=content.audience,
    )


def read(sent: FormData, settings: Settings) -> Form:
    """Return the form as it was sent; what no form of ours would send is left out."""
    languages = settings.publication.languages
    return Form(
        base=_number(one(sent, "base")),
        spoken=tuple(language for language in languages if language in every(sent, "speaks")),
        words={
            language: {name: _typed(one(sent, f"{name}.{language}"), name) for name in WORDS} for language in languages
        },
        times={language: {name: one(sent, f"{name}.{language}").strip() for name in TIMES} for language in languages},
        stories=tuple(choice for value in every(sent, "story") if (choice := _choice(value))),
        sections=tuple(every(sent, "section")),
        audience=_audience(sent, settings),
    )


def content(form: Form, before: IssueContent, settings: Settings, *, now: datetime) -> IssueContent:
    """Return what the form says; `before` is the content it was made from. Raises FormRefusedError.

    An introduction whose words were not touched keeps its HTML to the letter.
    """
    wrong: dict[str, Wrong] = {}
    texts = {language: _text(form, language, before, wrong) for language in form.spoken}
    moments = {language: _moment(form, language, before, settings.office.zone, wrong, now=now) for language in texts}
    if not texts:
        wrong["speaks"] = Wrong("no_language")
    if wrong:
        raise FormRefusedError(wrong)
    given = [moment for moment in moments.values() if moment is not None]
    first = min(given, default=None)
    return IssueContent(
        texts={language: text for language, text in texts.items() if text},
        stories=form.stories,
        sections=form.sections,
        audience=form.audience,
        send_at=first,
        later={one: moment for one, moment in moments.items() if moment is not None and moment != first},
    )


def every(sent: FormData, name: str) -> list[str]:
    """Return all values of a field that are words."""
    return [value for value in sent.getlist(name) if isinstance(value, str)]


def one(sent: FormData, name: str) -> str:
    """Return the first value of a field, or an empty string."""
    return next(iter(every(sent, name)), "")


def moved(form: Form, stories: Sequence[StoryChoice]) -> Form:
    """Return the form with other stories, or the same in another order."""
    return replace(form, stories=tuple(stories))


def _words(text: IssueText | None) -> dict[str, str]:
    if text is None:
        return dict.fromkeys(WORDS, "")
    return {
        "subject": text.subject,
        "preheader": text.preheader,
        "introduction": revisions.markdown(text.introduction),
        "post": text.post,
    }


def _times(content: IssueContent, languages: Sequence[str], zone: ZoneInfo) -> dict[str, dict[str, str]]:
    """Return day and time by language; one that goes out with the first is left empty."""
    first = next(
        (language for language in languages if language in content.texts and language not in content.later), ""
    )
    moments = {**({first: content.send_at} if content.send_at else {}), **content.later}
    empty = dict.fromkeys(TIMES, "")
    return {language: _wall(moments[language], zone) if language in moments else empty for language in languages}


def _wall(moment: datetime, zone: ZoneInfo) -> dict[str, str]:
    local = moment.astimezone(zone)
    return {"day": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}"}


def _typed(value: str, name: str) -> str:
    """Return what somebody typed or pasted, without control characters; a line is one line."""
    kept = "".join(sign for sign in value.replace("\r\n", "\n") if sign in "\n\t" or unicodedata.category(sign) != "Cc")
    return " ".join(kept.split()) if name in LINES else kept.strip()


def _text(form: Form, language: str, before: IssueContent, wrong: dict[str, Wrong]) -> IssueText | None:
    typed = dict(form.words[language])
    held = before.texts.get(language)
    if held and typed["introduction"] == revisions.markdown(held.introduction):
        typed["introduction"] = held.introduction
    else:
        if markdown.refused(typed["introduction"]):
            wrong[f"introduction.{language}"] = Wrong("markdown")
        typed["introduction"] = markdown.html(typed["introduction"], language)
    try:
        return IssueText.model_validate(typed)
    except ValidationError as error:
        for problem in error.errors():
            most = problem.get("ctx", {}).get("max_length", 0)
            wrong[f"{problem['loc'][0]}.{language}"] = Wrong("too_long", {"most": f"{most:,}"})
        return None


def _moment(
    form: Form, language: str, before: IssueContent, zone: ZoneInfo, wrong: dict[str, Wrong], *, now: datetime
) -> datetime | None:
    """Return the send time typed for a language; one that was there before may have passed meanwhile."""
    typed = form.times[language]
    if not any(typed.values()):
        return None
    for known in (before.send_at, *before.later.values()):
        if known is not None and _wall(known, zone) == typed:
            return known
    try:
        return times.read(typed["day"], typed["time"], zone, now=now, printed=None)
    except TimeRefusedError as error:
        wrong[f"day.{language}"] = Wrong(error.reason, {"wall": error.wall})
        return None


def _choice(value: str) -> StoryChoice | None:
    story, _, revision = value.partition(":")
    return StoryChoice(story_id=_number(story), revision=_number(revision)) if _number(story) else None


def _number(text: str) -> int:
    """Return a number that a database can hold, else 0."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 - below 2**31


def _audience(sent: FormData, settings: Settings) -> Audience:
    publication = settings.publication
    known: Mapping[str, Sequence[str]] = {
        "languages": publication.languages,
        "topics": [topic.key for topic in publication.topics],
        "countries": publication.countries,
    }
    chosen: dict[str, Any] = {
        name: tuple(value for value in values if value in every(sent, f"audience.{name}"))
        for name, values in known.items()
    }
    return Audience(**chosen)
