"""What the pages behind a newsletter's footer share: whom a token names, and how little of them is shown."""

from fastapi import Request
from starlette.responses import Response

from newsletter import words
from newsletter.web import languages, limits, templating
from newsletter.web.context import Context
from subscribers import address as addresses
from subscribers import tokens
from subscribers.consent import Evidence
from subscribers.models import Subscription


def read(context: Context, token: str) -> int | None:
    """Return the subscription id of a footer's token, or None where it is not ours."""
    return tokens.read_unsubscribe(context.keys.unsubscribe, token)


def unknown(request: Request, context: Context) -> Response:
    """Return the page of a token that is not ours, with another way to unsubscribe."""
    return templating.page(
        request,
        "web/unsubscribe.html.j2",
        words_area="reader",
        language=languages.of(request, context),
        status=404,
        step="unknown",
    )


def language(request: Request, context: Context, subscription: Subscription | None) -> str:
    """Return the language of the page: asked for, else the subscriber's, else the browser's."""
    return languages.of(request, context, subscription.subscriber.language if subscription else "")


def masked(subscription: Subscription | None) -> str:
    """Return the address with all but its first letter and domain hidden; empty after erasure."""
    email = subscription.subscriber.email if subscription else None
    return addresses.mask(email) if email else ""


def evidence(
    request: Request, context: Context, method: str, subscription: Subscription, *, wording: str = ""
) -> Evidence:
    """Return how this request reached us; `wording` names the sentence whose text is the wording's id."""
    spoken = language(request, context, subscription)
    return Evidence(
        method=method,
        ip=limits.client(request),
        agent=request.headers.get("user-agent", ""),
        wording=words.load("reader", spoken)(wording) if wording else "",
        language=spoken,
    )
