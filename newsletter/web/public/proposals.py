"""The form where a local government proposes a story, and the mailed link that hands it to the editors."""

from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from newsletter import database, proposals, urls
from newsletter.errors import NotFoundError
from newsletter.models import Proposal
from newsletter.proposals import Wish
from newsletter.proposals.asking import VALID_FOR
from newsletter.proposals.wishes import KINDS, tidy
from newsletter.web import auth, forms, limits, templating
from newsletter.web.context import Context
from newsletter.web.dependencies import Reading, WithContext, Writing
from newsletter.web.forms import Fields, Pace, Submitted
from newsletter.web.languages import PathLanguage
from subscribers import address as addresses
from subscribers.errors import ExpiredError, TokenError

NAMES = tuple(name for name in Wish.__dataclass_fields__ if name != "language")


def _demand_open(context: WithContext) -> None:
    """Raise NotFoundError where the office takes no proposals."""
    if not context.settings.stories.proposals:
        raise NotFoundError


router = APIRouter(dependencies=[Depends(_demand_open)])
_log = structlog.get_logger()


@router.get("/{language}/propose")
def show_form(request: Request, context: WithContext, language: PathLanguage) -> Response:
    """Return the empty form."""
    return _form(request, context, language, Wish(language=language), token=forms.token(context))


@router.post("/{language}/propose", dependencies=[Depends(auth.demand_own_origin)])
def propose(request: Request, context: WithContext, language: PathLanguage, fields: Submitted) -> Response:
    """Mail the link where one may go out, and say the same in every case."""
    limits.check(request, "propose")
    wish = tidy(Wish(language=language, **{name: fields.one(name) for name in NAMES}))
    if fields.one(forms.TRAP):
        _log.info("form_trapped", form="propose")
        return _step(request, context, language, "sent", address=wish.email)
    seen = forms.pace(context, fields)
    problems = proposals.problems(wish, languages=context.settings.publication.languages)
    if problems or seen is not Pace.HUMAN:
        return _ask_again(request, context, language, fields, wish, problems=problems, seen=seen)
    with database.writing(context.engine) as session:
        asked = proposals.ask(session, context.settings, context.keys, context.publication_id, wish, now=context.now())
        _log.info("story_proposed", proposal=asked.id if asked else None)
    return _step(request, context, language, "sent", address=addresses.parse(wish.email).email)


@router.get("/{language}/propose/{token}")
def show_button(
    request: Request, context: WithContext, session: Reading, language: PathLanguage, token: str
) -> Response:
    """Return the page with the button; it changes nothing, for software opens links too."""
    try:
        proposal = proposals.find(session, token, now=context.now())
    except ExpiredError:
        return _step(request, context, language, "old", status=410)
    except TokenError:
        return _step(request, context, language, "unknown", status=404)
    return _after(request, context, language, proposal)


@router.post("/{language}/propose/{token}")
def hand_in(request: Request, context: WithContext, session: Writing, language: PathLanguage, token: str) -> Response:
    """Hand the proposal to the editors; a second press shows the same page and does nothing."""
    limits.check(request, "propose-confirm")
    try:
        proposal = proposals.find(session, token, now=context.now())
    except ExpiredError:
        return _step(request, context, language, "old", status=410)
    except TokenError:
        return _step(request, context, language, "unknown", status=404)
    if proposals.land(session, context.settings, proposal, now=context.now()):
        _log.info("proposal_landed", proposal=proposal.id, story=proposal.story_id)
    return _step(request, context, language, "done")


def _after(request: Request, context: Context, language: str, proposal: Proposal) -> Response:
    if proposal.state != "asked":
        return _step(request, context, language, "done")
    return _step(request, context, language, "ask", title=proposals.asking.wish_of(proposal).title)


def _ask_again(
    request: Request,
    context: Context,
    language: str,
    fields: Fields,
    wish: Wish,
    *,
    problems: Mapping[str, str],
    seen: Pace,
) -> Response:
    """Return the form as it was filled in, with a sentence beside each field that needs another look."""
    pace = "old" if seen is Pace.FORGED else seen.value
    notice = "propose.errors" if problems else f"wrong.{pace}"
    token = forms.next_token(context, fields, seen)
    return _form(request, context, language, wish, token=token, problems=problems, notice=notice, status=422)


def _form(
    request: Request,
    context: Context,
    language: str,
    wish: Wish,
    *,
    token: str,
    problems: Mapping[str, str] | None = None,
    **values: Any,
) -> Response:
    return templating.page(
        request,
        "web/propose.html.j2",
        words_area="reader",
        language=language,
        draft=wish,
        token=token,
        problems=problems or {},
        kinds=KINDS,
        limits=proposals.LIMITS,
        trap=forms.TRAP,
        alternates=_alternates(context),
        **{"notice": "", **values},
    )


def _step(
    request: Request, context: Context, language: str, step: str, *, status: int = 200, **values: Any
) -> Response:
    return templating.page(
        request,
        "web/proposed.html.j2",
        words_area="reader",
        language=language,
        status=status,
        step=step,
        days=VALID_FOR.days,
        form=urls.path(urls.propose(context.settings, language)),
        **{"address": "", "title": "", **values},
    )


def _alternates(context: Context) -> dict[str, str]:
    settings = context.settings
    return {each: urls.path(urls.propose(settings, each)) for each in settings.publication.languages}
