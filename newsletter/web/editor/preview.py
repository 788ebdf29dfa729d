"""Editions as readers will see them: designed or plain, wide or on a phone, in the light or in the dark."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import Depends
from markupsafe import escape
from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, Response

from newsletter import issues, urls
from newsletter.content import IssueContent
from newsletter.errors import InvalidContentError, NotFoundError, TemplateError
from newsletter.models import Edition, Issue
from newsletter.rendering import editions, environment
from newsletter.rendering.editions import Rendered
from newsletter.web import headers
from newsletter.web.dependencies import Reading
from newsletter.web.editor import readers, route, standing
from newsletter.web.editor.desk import AtDesk, Desk
from newsletter.web.editor.readers import Readership

SAMPLE_TOKEN = "preview"  # noqa: S105 - a word in an address that leads nowhere
KNOWN = {"form": ("html", "text"), "width": ("wide", "phone"), "scheme": ("light", "dark")}
"""The switches of a preview and their positions, the first being the usual one."""

ALWAYS, NEVER = "(min-width: 0)", "(max-width: 0)"
"""A media query that holds everywhere, and one that holds nowhere."""

_MEDIA = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)", re.IGNORECASE)
_DECLARED = re.compile(r"((?:supported-)?color-schemes?(?:\"\s+content=\"|\s*:\s*))light(?:\s+dark)?", re.IGNORECASE)
_HEAD = re.compile(r"<head(\s[^>]*)?>", re.IGNORECASE)

router = route.router()


@dataclass(frozen=True)
class Switch:
    """A choice of how to look at a mail: its positions, each with the query that leads there."""

    name: str
    ways: list[tuple[str, str]]


@dataclass(frozen=True)
class Mail:
    """What a preview shows: one rendering with a reader's own words put in."""

    language: str
    subject: str
    html: str
    text: str


def _view(form: str = "html", width: str = "wide", scheme: str = "light") -> dict[str, str]:
    wishes = {"form": form, "width": width, "scheme": scheme}
    return {name: wishes[name] if wishes[name] in ways else ways[0] for name, ways in KNOWN.items()}


View = Annotated[dict[str, str], Depends(_view)]
"""The position of each switch."""


@router.get("/issues/{issue_id:int}/editions/{edition_id:int}")
def show_edition(at: AtDesk, session: Reading, view: View, issue_id: int, edition_id: int) -> Response:
    """Show a frozen edition."""
    issue = issues.get(session, issue_id)
    mail = _frozen(at, _edition(session, issue, edition_id))
    return _page(
        at,
        issue,
        mail,
        view=view,
        base=at.links.issue(issue_id, "editions", edition_id),
        content=standing.shown(session, issue),
        readership=readers.of(session, issue),
        edition_id=edition_id,
    )


@router.get("/issues/{issue_id:int}/editions/{edition_id:int}/mail")
def show_mail(at: AtDesk, session: Reading, view: View, issue_id: int, edition_id: int) -> Response:
    """Return the frozen mail itself, for the frame."""
    edition = _edition(session, issues.get(session, issue_id), edition_id)
    return _framed(at, _frozen(at, edition).html, view["scheme"])


@router.get("/issues/{issue_id:int}/drafts/{language}")
def show_draft(at: AtDesk, session: Reading, view: View, issue_id: int, language: str) -> Response:
    """Show the complete issue as it is now, before it is frozen."""
    issue = issues.get(session, issue_id)
    mail = _draft(at, session, issue, language)
    return _page(
        at,
        issue,
        mail,
        view=view,
        base=at.links.issue(issue_id, "drafts", language),
        content=issues.content(session, issue),
    )


@router.get("/issues/{issue_id:int}/drafts/{language}/mail")
def show_draft_mail(at: AtDesk, session: Reading, view: View, issue_id: int, language: str) -> Response:
    """Return the draft's mail itself, for the frame."""
    return _framed(at, _draft(at, session, issues.get(session, issue_id), language).html, view["scheme"])


def in_scheme(html: str, scheme: str) -> str:
    """Return the mail as a reader with that colour scheme sees it.

    A page cannot tell a frame which scheme to prefer, so the media queries that ask are answered here.
    """
    answered = _MEDIA.sub(lambda asked: ALWAYS if asked[1].lower() == scheme else NEVER, html)
    return _DECLARED.sub(rf"\g<1>{scheme}", answered)


def leading_nowhere(html: str) -> str:
    """Return the mail with links that would open a new window, which the sandbox forbids: they do nothing."""
    return _HEAD.sub(lambda head: f'{head[0]}<base target="_blank">', html, count=1)


def addressed(text: str, fields: Mapping[str, str], values: Mapping[str, str]) -> str:
    """Return `text` with each placeholder of `fields` replaced by the value of its name."""
    for name, placeholder in fields.items():
        text = text.replace(placeholder, values[name])
    return text


def _edition(session: Session, issue: Issue, edition_id: int) -> Edition:
    edition = session.get(Edition, edition_id)
    if edition is None or edition.issue_id != issue.id:
        raise NotFoundError
    return edition


def _frozen(at: Desk, edition: Edition) -> Mail:
    rendered = Rendered(edition.subject, edition.html, edition.text, json.loads(edition.fields))
    return _mail(at, edition.language, rendered)


def _draft(at: Desk, session: Session, issue: Issue, language: str) -> Mail:
    if language not in issues.content(session, issue).texts:
        raise NotFoundError
    try:
        view = issues.view(session, at.context.settings, issue, language)
        return _mail(at, language, editions.render(environment.create(), at.context.settings, view))
    except (InvalidContentError, TemplateError) as error:
        raise route.UnfinishedError from error


def _mail(at: Desk, language: str, rendered: Rendered) -> Mail:
    """Return a rendering with sample words where a reader's own go."""
    settings = at.context.settings
    values = {
        "name": at.words("preview.name"),
        "unsubscribe_url": urls.unsubscribe(settings, SAMPLE_TOKEN),
        "topics_url": urls.topics(settings, SAMPLE_TOKEN),
        "unsubscribe_address": urls.tagged(settings.office.address, f"unsubscribe-{SAMPLE_TOKEN}"),
    }
    escaped = {name: str(escape(value)) for name, value in values.items()}
    html = addressed(rendered.html, rendered.fields, escaped)
    return Mail(language, rendered.subject, html, addressed(rendered.text, rendered.fields, values))


def _page(
    at: Desk,
    issue: Issue,
    mail: Mail,
    *,
    view: dict[str, str],
    base: str,
    content: IssueContent,
    readership: Readership | None = None,
    edition_id: int = 0,
) -> Response:
    response = at.page(
        "preview",
        here=f"{base}?{urlencode(view)}",
        issue=issue,
        mail=mail,
        base=base,
        view=view,
        switches=_switches(view),
        all=len(content.stories),
        preheader=content.texts[mail.language].preheader,
        spoken=standing.ordered(content, at.context.settings.publication.languages),
        readership=readership,
        sender=at.context.settings.publication.from_address,
        edition_id=edition_id,
    )
    response.headers["content-security-policy"] = headers.policy(frame_src="'self'")
    return response


def _switches(view: Mapping[str, str]) -> list[Switch]:
    """Return the switches that matter: plain text has neither width nor colours."""
    names = KNOWN if view["form"] == "html" else ("form",)
    return [Switch(name, [(way, urlencode({**view, name: way})) for way in KNOWN[name]]) for name in names]


def _framed(at: Desk, html: str, scheme: str) -> Response:
    """Return a mail under a policy of its own: it may show its pictures and styles, and nothing else."""
    base = urlsplit(at.context.settings.web.base_url)
    policy = headers.policy(
        style_src="'unsafe-inline'",
        img_src=f"'self' data: {base.scheme}://{base.netloc}",
        form_action="'none'",
        frame_ancestors="'self'",
        sandbox="",
    )
    body = leading_nowhere(in_scheme(html, scheme))
    return HTMLResponse(body, headers={"content-security-policy": policy, "cache-control": "no-store"})
