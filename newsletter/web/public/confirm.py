"""The mailed confirmation link: opening it shows a button, pressing the button subscribes (DESIGN 5.5, 5.9)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from fastapi import APIRouter, Request
from starlette.responses import Response

from newsletter import letters
from newsletter.archive import shelf
from newsletter.web import languages, limits, templating
from newsletter.web.context import Context
from newsletter.web.dependencies import Reading, WithContext, Writing
from subscribers import address as addresses
from subscribers import consent, lifecycle, tickets
from subscribers.consent import Evidence
from subscribers.errors import ExpiredError, TokenError
from subscribers.models import Subscription, Ticket

router = APIRouter()
_log = structlog.get_logger()


@dataclass(frozen=True)
class _Opened:
    """What a link leads to, before anything is done."""

    ticket: Ticket
    subscription: Subscription

    @property
    def language(self) -> str:
        """Return the language the person asked for."""
        return str(tickets.payload(self.ticket).get("language", ""))


@router.get("/c/{token}")
def show_button(request: Request, context: WithContext, session: Reading, token: str) -> Response:
    """Return the page with the button; it changes nothing, for software opens links too."""
    try:
        opened = _open(session, token)
    except TokenError:
        return _page(request, context, "unknown", status=404)
    if opened.ticket.used_at is not None:
        return _after(request, context, session, opened)
    if opened.ticket.expires_at <= context.now():
        return _page(request, context, "old", opened, status=410)
    return _page(request, context, "ask", opened)


@router.post("/c/{token}")
def confirm(request: Request, context: WithContext, session: Writing, token: str) -> Response:
    """Subscribe; a second press shows the same page and does nothing."""
    now = context.now()
    try:
        opened = _open(session, token)
        confirmed = lifecycle.confirm(
            session,
            token,
            suppression_key=context.keys.suppression,
            evidence=_evidence(request, opened.language, source=_source(session, opened.subscription)),
            now=now,
        )
    except ExpiredError:
        return _page(request, context, "old", opened, status=410)
    except TokenError:
        return _page(request, context, "unknown", status=404)
    if not confirmed.again:
        letters.welcome(session, context.settings, context.keys, confirmed.subscription, now=now)
        _log.info("subscription_confirmed", subscription=confirmed.subscription.id)
    return _after(request, context, session, opened)


@router.post("/c/{token}/again")
def send_again(request: Request, context: WithContext, session: Writing, token: str) -> Response:
    """Queue a fresh link to the same address, under the caps that every request has."""
    limits.check(request, "confirm-again")
    now = context.now()
    try:
        opened = _open(session, token)
        asked = lifecycle.ask_again(
            session,
            token,
            valid_for=timedelta(hours=context.settings.approval.confirm_hours),
            now=now,
            evidence=_evidence(request, opened.language),
        )
    except TokenError:
        return _page(request, context, "unknown", status=404)
    if asked.token is not None:
        letters.confirmation(session, context.settings, context.keys, asked.subscription, asked.token, now=now)
    elif asked.letter == "already":
        letters.already(session, context.settings, context.keys, asked.subscription, now=now)
    return _page(request, context, "resent", opened)


def _open(session: Reading, token: str) -> _Opened:
    """Return what the link is for; raise TokenError."""
    ticket = tickets.find(session, token, "confirm")
    subscription = lifecycle.get(session, ticket.subscription_id)
    if subscription is None or subscription.subscriber.email is None:
        raise TokenError
    return _Opened(ticket, subscription)


def _after(request: Request, context: Context, session: Reading, opened: _Opened) -> Response:
    """Return the page of a used link: subscribed, unless the person has left since."""
    if opened.subscription.state not in lifecycle.LIVE:
        return _page(request, context, "unknown", opened, status=410)
    language = languages.of(request, context, opened.language)
    newest = shelf.newest(session, context.publication_id, language)
    return _page(request, context, "done", opened, newest=newest)


def _page(
    request: Request, context: Context, step: str, opened: _Opened | None = None, *, status: int = 200, **values: Any
) -> Response:
    language = languages.of(request, context, opened.language if opened else "")
    email = (opened.subscription.subscriber.email or "") if opened else ""
    return templating.page(
        request,
        "web/confirm.html.j2",
        words_area="reader",
        language=language,
        status=status,
        step=step,
        address=addresses.mask(email) if email else "",
        hours=round(context.settings.approval.confirm_hours),
        again=f"{request.url.path.removesuffix('/again')}/again?lang={language}",
        alternates=languages.switch(request, context) if step != "resent" else {},
        **{"newest": None, **values},
    )


def _evidence(request: Request, language: str, *, source: str = "") -> Evidence:
    return Evidence(
        method="link",
        ip=limits.client(request),
        agent=request.headers.get("user-agent", ""),
        language=language,
        source=source,
    )


def _source(session: Reading, subscription: Subscription) -> str:
    """Return how the request that is confirmed here reached us: a poster's name, or form or mail."""
    story = consent.story(session, subscription.subscriber.subject)
    asked = [entry.payload["evidence"] for entry in story if entry.event == "requested" and entry.payload]
    return str(asked[-1].get("source") or asked[-1].get("method", "")) if asked else ""
