"""Where the footer's token changes topics, countries of interest and language, the address masked (DESIGN 5.9)."""

from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from newsletter.web import languages, limits, templating
from newsletter.web.context import Context
from newsletter.web.dependencies import Reading, WithContext, Writing
from newsletter.web.forms import Submitted
from newsletter.web.links import Links
from newsletter.web.public import choices, footer
from newsletter.web.public.choices import Draft
from subscribers import bits as subscriber_bits
from subscribers import lifecycle
from subscribers.models import Subscription

router = APIRouter()
_log = structlog.get_logger()


@router.get("/u/{token}/topics")
def show_choices(request: Request, context: WithContext, session: Reading, token: str) -> Response:
    """Return the form with what the reader has chosen so far."""
    subscription_id = footer.read(context, token)
    if subscription_id is None:
        return footer.unknown(request, context)
    subscription = lifecycle.get(session, subscription_id)
    if subscription is None or subscription.state not in lifecycle.LIVE:
        return _page(request, context, token, subscription, Draft(), step="gone")
    draft = choices.of(subscription, subscriber_bits.load(session, subscription.publication_id))
    return _page(request, context, token, subscription, draft)


@router.post("/u/{token}/topics")
def save(request: Request, context: WithContext, session: Writing, token: str, fields: Submitted) -> Response:
    """Save what was chosen; where something is missing nothing is saved."""
    limits.check(request, "topics")
    subscription_id = footer.read(context, token)
    if subscription_id is None:
        return footer.unknown(request, context)
    subscription = lifecycle.get(session, subscription_id)
    if subscription is None or subscription.state not in lifecycle.LIVE:
        return _page(request, context, token, subscription, Draft(), step="gone")
    draft = choices.offered(context.settings.publication, choices.read(fields))
    problems = choices.problems(context.settings.publication, draft)
    if problems:
        return _page(request, context, token, subscription, draft, problems=problems, status=422)
    _change(request, context, session, subscription, draft)
    return _page(request, context, token, subscription, draft, step="saved")


def _change(request: Request, context: Context, session: Session, subscription: Subscription, draft: Draft) -> None:
    publication = context.settings.publication
    own, second = choices.chosen_languages(draft)
    given = subscriber_bits.load(session, subscription.publication_id)
    changed = lifecycle.change(
        session,
        subscription,
        evidence=footer.evidence(request, context, "link", subscription),
        now=context.now(),
        topics=choices.kept(
            subscription.topics,
            given.topic_mask(draft.topics),
            given.topic_mask(topic.key for topic in publication.topics),
        ),
        interests=choices.kept(
            subscription.interests, given.country_mask(draft.interests), given.country_mask(publication.countries)
        ),
        language=own,
        second_language=second,
    )
    _log.info("choices_saved", subscription=subscription.id, changed=changed)


def _page(
    request: Request,
    context: Context,
    token: str,
    subscription: Subscription | None,
    draft: Draft,
    *,
    step: str = "form",
    problems: Mapping[str, str] | None = None,
    **values: Any,
) -> Response:
    language = footer.language(request, context, subscription)
    return templating.page(
        request,
        "web/topics.html.j2",
        words_area="reader",
        language=language,
        step=step,
        address=footer.masked(subscription),
        token=token,
        draft=draft,
        problems=problems or {},
        countries=choices.countries(context.settings.publication.countries, language),
        pairs=choices.pairs(context.settings.publication, language, draft.language),
        alternates=languages.switch(request, context, Links(context.settings).topics(token)),
        **values,
    )
