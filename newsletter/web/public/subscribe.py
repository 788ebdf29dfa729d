"""The subscribe form: three questions, one letter, and the same answer for everybody (DESIGN 5.3)."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from newsletter import database, letters, words
from newsletter.archive import shelf
from newsletter.web import auth, forms, limits, templating
from newsletter.web.context import Context
from newsletter.web.dependencies import WithContext
from newsletter.web.forms import Fields, Pace, Submitted
from newsletter.web.languages import PathLanguage
from newsletter.web.links import Links
from newsletter.web.public import choices
from newsletter.web.public.choices import Draft
from subscribers import address as addresses
from subscribers import bits as subscriber_bits
from subscribers import lifecycle
from subscribers.consent import Evidence
from subscribers.errors import AddressError
from subscribers.lifecycle import Wish
from subscribers.people import MAX_NAME

_SOURCE = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")

router = APIRouter()
_log = structlog.get_logger()


@router.get("/{language}/subscribe")
def show_form(request: Request, context: WithContext, language: PathLanguage) -> Response:
    """Return the empty form, in the page's language."""
    return _form(request, context, language, Draft(language=language), token=forms.token(context))


@router.post("/{language}/subscribe", dependencies=[Depends(auth.demand_own_origin)])
def subscribe(request: Request, context: WithContext, language: PathLanguage, fields: Submitted) -> Response:
    """Queue a confirmation letter where one is due, and say the same in every case."""
    limits.check(request, "subscribe")
    draft = choices.offered(context.settings.publication, choices.read(fields))
    if fields.one(forms.TRAP):
        _log.info("form_trapped", form="subscribe")
        return _sent(request, context, language, draft.address.strip())
    seen = forms.pace(context, fields)
    problems = _problems(context, draft)
    if problems or seen is not Pace.HUMAN:
        return _ask_again(request, context, language, fields, draft, problems=problems, seen=seen)
    email = _ask(request, context, language, draft)
    return _sent(request, context, language, email)


def _problems(context: Context, draft: Draft) -> dict[str, str]:
    found = choices.problems(context.settings.publication, draft)
    try:
        addresses.parse(draft.address)
    except AddressError as error:
        found["address"] = f"address.{error.reason}"
    if len(draft.name.strip()) > MAX_NAME:
        found["name"] = "name"
    if draft.country and draft.country not in context.settings.publication.countries:
        found["country"] = "country"
    return found


def _ask(request: Request, context: Context, language: str, draft: Draft) -> str:
    """Note the wish and queue the letter it calls for in one transaction; return the address as mailed."""
    settings, now = context.settings, context.now()
    own, second = choices.chosen_languages(draft)
    address = addresses.parse(draft.address)
    with database.writing(context.engine) as session:
        given = subscriber_bits.load(session, context.publication_id)
        wish = Wish(
            address=address,
            name=draft.name,
            language=own,
            second_language=second,
            country=draft.country or None,
            topics=given.topic_mask(draft.topics),
            interests=given.country_mask(draft.interests),
        )
        asked = lifecycle.ask(
            session,
            context.publication_id,
            wish,
            suppression_key=context.keys.suppression,
            evidence=_evidence(request, language),
            valid_for=timedelta(hours=settings.approval.confirm_hours),
            now=now,
        )
        if asked.token is not None:
            letters.confirmation(session, settings, context.keys, asked.subscription, asked.token, now=now)
        elif asked.letter == "already":
            letters.already(session, settings, context.keys, asked.subscription, now=now)
    _log.info("subscription_asked", subscription=asked.subscription.id, letter=asked.letter)
    return address.email


def _evidence(request: Request, language: str) -> Evidence:
    return Evidence(
        method="form",
        ip=limits.client(request),
        agent=request.headers.get("user-agent", ""),
        wording=words.load("reader", language)("consent.id"),
        language=language,
        source=_source(request),
    )


def _source(request: Request) -> str:
    """Return which link or poster led here, as `?src=` says, if it is one plain word."""
    given = request.query_params.get("src", "")
    return given if _SOURCE.fullmatch(given) else ""


def _ask_again(
    request: Request,
    context: Context,
    language: str,
    fields: Fields,
    draft: Draft,
    *,
    problems: Mapping[str, str],
    seen: Pace,
) -> Response:
    """Return the form as it was filled in, with a sentence beside each field that needs another look."""
    pace = "old" if seen is Pace.FORGED else seen.value
    notice = "subscribe.errors" if problems else f"wrong.{pace}"
    token = forms.next_token(context, fields, seen)
    return _form(request, context, language, draft, token=token, problems=problems, notice=notice, status=422)


def _form(
    request: Request,
    context: Context,
    language: str,
    draft: Draft,
    *,
    token: str,
    problems: Mapping[str, str] | None = None,
    **values: Any,
) -> Response:
    publication = context.settings.publication
    with database.reading(context.engine) as session:
        newest = shelf.newest(session, context.publication_id, language)
    return templating.page(
        request,
        "web/subscribe.html.j2",
        words_area="reader",
        language=language,
        draft=draft,
        token=token,
        problems=problems or {},
        countries=choices.countries(publication.countries, language),
        pairs=choices.pairs(publication, language, draft.language),
        newest=newest,
        by_mail=context.settings.mailbox.enabled,
        limit=MAX_NAME,
        trap=forms.TRAP,
        here="subscribe",
        alternates=_alternates(request, context),
        **{"notice": "", **values},
    )


def _sent(request: Request, context: Context, language: str, email: str) -> Response:
    return templating.page(
        request,
        "web/sent.html.j2",
        words_area="reader",
        language=language,
        address=email,
        hours=round(context.settings.approval.confirm_hours),
        alternates={},
    )


def _alternates(request: Request, context: Context) -> dict[str, str]:
    links, source = Links(context.settings), _source(request)
    query = f"?src={source}" if source else ""
    return {each: links.subscribe(each) + query for each in context.settings.publication.languages}
