"""What every page of the desk is given: the editor, the words, the time, and how to answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from newsletter import editors, journal, words
from newsletter.delivery import whys
from newsletter.models import Editor
from newsletter.rendering import dates
from newsletter.web import auth, templating
from newsletter.web.context import Context
from newsletter.web.dependencies import WithContext
from newsletter.web.editor.links import DeskLinks
from newsletter.words import Words

AREA = "desk"


@dataclass(frozen=True)
class Desk:
    """One request of one editor."""

    request: Request
    context: Context
    editor: Editor
    token: str

    @property
    def now(self) -> datetime:
        """Return the present time."""
        return self.context.now()

    @property
    def language(self) -> str:
        """Return the editor's language."""
        return spoken(self.context, self.editor.language)

    @property
    def words(self) -> Words:
        """Return the desk's sentences in the editor's language."""
        return words.load(AREA, self.language)

    @property
    def links(self) -> DeskLinks:
        """Return the desk's addresses."""
        return DeskLinks(self.context.settings)

    @property
    def zone(self) -> ZoneInfo:
        """Return the office's time zone."""
        return self.context.settings.office.zone

    def may(self, role: str) -> bool:
        """Return whether the editor's role includes `role`."""
        return editors.may(self.editor, role)

    def day_and_time(self, moment: datetime) -> str:
        """Return "Tue 1 Dec 2026, 10:00" in the office's zone, which the page names once."""
        return day_and_time(self.context, moment, self.language)

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """Return the page of `template` (as "issues" for editor/issues.html.j2)."""
        return answer(self.request, template, self.language, status=status, someone=self, **values)

    def go(self, path: str) -> Response:
        """Lead to another page by GET, so that a reload repeats nothing."""
        return RedirectResponse(path, 303, headers={"cache-control": templating.PRIVATE})


def _desk(request: Request, context: WithContext, someone: auth.Someone) -> Desk:
    return Desk(request, context, someone.editor, someone.token)


AtDesk = Annotated[Desk, Depends(_desk)]


async def _sent(request: Request) -> FormData:
    return await request.form()


Sent = Annotated[FormData, Depends(_sent)]
"""Every field of a form, also those whose names depend on what it shows."""


def answer(
    request: Request, template: str, language: str, *, status: int = 200, someone: Desk | None = None, **values: Any
) -> Response:
    """Return a page of the desk, also to somebody who is not logged in."""
    context: Context = request.app.state.context
    sentences = words.load(AREA, language)
    shared = {
        "someone": someone,
        "csrf": auth.form_token(context.keys, someone.token) if someone else "",
        "desk": DeskLinks(context.settings),
        "count": lambda name, number: count(sentences, name, number),
        "why_paused": lambda issue: whys.told(issue.paused_reason, language),
        "moment": lambda value: day_and_time(context, value, language),
        "local": lambda value: value.astimezone(context.settings.office.zone),
        "here": DeskLinks(context.settings).own(request.url.path),
        "languages": desk_languages(context),
        "told": _told(request, sentences),
        "zone": context.settings.office.time_zone,
        "gap": _gap(language),
        "stopped": lambda: someone is not None and journal.is_held(context.engine),
    }
    return templating.page(
        request, f"editor/{template}.html.j2", words_area=AREA, language=language, status=status, **(shared | values)
    )


def spoken(context: Context, language: str) -> str:
    """Return `language` if the desk speaks it, else the first it speaks."""
    offered = desk_languages(context)
    return language if language in offered else offered[0]


def desk_languages(context: Context) -> list[str]:
    """Return the languages of the publication that the desk has words for."""
    known = words.languages(AREA)
    return [language for language in context.settings.publication.languages if language in known] or known


def day_and_time(context: Context, moment: datetime, language: str) -> str:
    """Return a moment in the office's zone, without the zone's name."""
    local = moment.astimezone(context.settings.office.zone)
    comma = "," if _gap(language) else ""
    return f"{dates.day(local.date(), language)}{comma}{_gap(language)}{local:%H:%M}"


def count(sentences: Words, name: str, number: int) -> str:
    """Return a number with its noun; languages with a plural have `one` and `many`."""
    form = "one" if number == 1 else "many"
    return sentences(f"count.{name}.{form}", number=f"{number:,}")


def _gap(language: str) -> str:
    """Return what stands between two sentences: Japanese has no blank there."""
    return "" if language == "ja" else " "


def _told(request: Request, sentences: Words) -> str:
    """Return the sentence about what was just done, which the address names."""
    name = f"done.{request.query_params.get('done', '')}"
    return sentences(name) if name in sentences.names() else ""
