"""The footer's link: one click of a mail program (RFC 8058), or one button for a person."""

from datetime import timedelta
from typing import Any

import structlog
from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from newsletter import letters
from newsletter.web import languages, limits, templating
from newsletter.web.context import Context
from newsletter.web.dependencies import Reading, WithContext, Writing
from newsletter.web.forms import Submitted
from newsletter.web.links import Links
from newsletter.web.public import footer
from subscribers import lifecycle, people
from subscribers.address import Address
from subscribers.lifecycle import Wish
from subscribers.models import Subscription

REASONS = ("often", "content", "moved", "asked", "other")
BY_PAGE = "page"
"""The form of our own page says so in its address; everything else is a mail program."""

router = APIRouter()
_log = structlog.get_logger()


@router.get("/u/{token}")
def show_button(request: Request, context: WithContext, session: Reading, token: str) -> Response:
    """Return the page with the button; it changes nothing, for software opens links too."""
    subscription_id = footer.read(context, token)
    if subscription_id is None:
        return footer.unknown(request, context)
    subscription = lifecycle.get(session, subscription_id)
    gone = subscription is None or subscription.state in ("left", "erased")
    return _page(request, context, token, subscription, "done" if gone else "ask")


@router.post("/u/{token}")
@router.post("/u/{token}/", include_in_schema=False)
def unsubscribe(request: Request, context: WithContext, session: Writing, token: str) -> Response:
    """Unsubscribe and answer 200, however often and however late it is asked.

    RFC 8058 3.2: no cookie, log-in or form token is wanted and no redirect given. Nothing of
    the body is read, so that it may be of either type, anything else, or not there.
    """
    subscription_id = footer.read(context, token)
    if subscription_id is None:
        return footer.unknown(request, context)
    subscription = lifecycle.get(session, subscription_id)
    if subscription is not None:
        _leave(request, context, session, subscription)
    return _page(request, context, token, subscription, "done")


@router.post("/u/{token}/reason")
def note_reason(request: Request, context: WithContext, session: Writing, token: str, fields: Submitted) -> Response:
    """Put the reason of somebody who has left on record."""
    limits.check(request, "reason")
    subscription_id = footer.read(context, token)
    if subscription_id is None:
        return footer.unknown(request, context)
    subscription = lifecycle.get(session, subscription_id)
    reason = fields.one("reason")
    if reason not in REASONS:
        return _page(request, context, token, subscription, "done")
    if subscription is not None and subscription.state == "left":
        evidence = footer.evidence(request, context, "link", subscription)
        people.record(session, subscription, "reason", evidence, context.now(), reason=reason)
    return _page(request, context, token, subscription, "thanks")


@router.post("/u/{token}/back")
def send_way_back(request: Request, context: WithContext, session: Writing, token: str) -> Response:
    """Queue a confirmation letter to somebody who has left; only the link in it subscribes again."""
    limits.check(request, "back")
    subscription_id = footer.read(context, token)
    if subscription_id is None:
        return footer.unknown(request, context)
    subscription = lifecycle.get(session, subscription_id)
    if subscription is not None and subscription.state == "left":
        _ask_back(request, context, session, subscription)
    return _page(request, context, token, subscription, "back")


def _leave(request: Request, context: Context, session: Session, subscription: Subscription) -> None:
    method = "link" if request.query_params.get("by") == BY_PAGE else "one-click"
    left = lifecycle.leave(
        session,
        subscription,
        suppression_key=context.keys.suppression,
        evidence=footer.evidence(request, context, method, subscription),
        now=context.now(),
    )
    if left:
        _log.info("unsubscribed", subscription=subscription.id, method=method)


def _ask_back(request: Request, context: Context, session: Session, subscription: Subscription) -> None:
    subscriber, now = subscription.subscriber, context.now()
    if subscriber.email is None or subscriber.email_key is None:
        return
    asked = lifecycle.ask(
        session,
        subscription.publication_id,
        Wish(
            address=Address(subscriber.email, subscriber.email_key),
            name=subscriber.name,
            language=subscriber.language,
            country=subscriber.country,
            topics=subscription.topics,
            interests=subscription.interests,
            second_language=subscriber.second_language,
        ),
        suppression_key=context.keys.suppression,
        evidence=footer.evidence(request, context, "link", subscription, wording="consent.back_id"),
        valid_for=timedelta(hours=context.settings.approval.confirm_hours),
        now=now,
    )
    if asked.token is not None:
        letters.confirmation(session, context.settings, context.keys, asked.subscription, asked.token, now=now)


def _page(
    request: Request, context: Context, token: str, subscription: Subscription | None, step: str, **values: Any
) -> Response:
    language = footer.language(request, context, subscription)
    own = Links(context.settings).unsubscribe(token)
    return templating.page(
        request,
        "web/unsubscribe.html.j2",
        words_area="reader",
        language=language,
        step=step,
        address=footer.masked(subscription),
        token=token,
        reasons=REASONS,
        act=lambda name, query="": f"{own}{name}?lang={language}{query}",
        by_page=f"&by={BY_PAGE}",
        alternates=languages.switch(request, context, own),
        **values,
    )
