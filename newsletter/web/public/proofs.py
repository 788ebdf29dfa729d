"""The proof of one story: shown as readers will see it to whoever has the link, with an OK or a comment."""

from typing import Any

import structlog
from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from newsletter import database, proofs, stories, urls
from newsletter.errors import InvalidContentError, NewsletterError, StaleError, StateError
from newsletter.rendering.views import AnyStory
from newsletter.web import auth, forms, limits, templating, told
from newsletter.web.context import Context
from newsletter.web.dependencies import Reading, WithContext
from newsletter.web.forms import Fields, Submitted
from newsletter.web.languages import PathLanguage
from subscribers.errors import ExpiredError, TokenError

VERDICTS: dict[str, proofs.Verdict] = {"ok": "ok", "comment": "comment"}
WRONG: dict[type[NewsletterError], str] = {StaleError: "changed", StateError: "many", InvalidContentError: "comment"}
"""Why an answer was not taken: the name of a sentence (`proof.wrong_*`)."""

router = APIRouter()
_log = structlog.get_logger()


@router.get("/{language}/proof/{token}")
def show(request: Request, context: WithContext, session: Reading, language: PathLanguage, token: str) -> Response:
    """Show the newest state of the story; opening it changes nothing."""
    try:
        proof = proofs.find(session, token, now=context.now())
    except ExpiredError:
        return _over(request, language, "over", status=410)
    except TokenError:
        return _over(request, language, "unknown", status=404)
    story = stories.get(session, proof.story_id)
    content = stories.content(session, story.id)
    said = request.query_params.get("said", "")
    return _page(request, context, language, token, content, revision=story.head, ends=proof.expires_at, said=said)


@router.post("/{language}/proof/{token}", dependencies=[Depends(auth.demand_own_origin)])
def answer(request: Request, context: WithContext, language: PathLanguage, token: str, fields: Submitted) -> Response:
    """Record an OK or a comment to exactly the revision that was shown."""
    limits.check(request, "proof")
    if fields.one(forms.TRAP):
        _log.info("form_trapped", form="proof")
        return _back(context, language, token, "ok")
    verdict = VERDICTS.get(fields.one("verdict"), "comment")
    try:
        _record(context, token, verdict, fields)
    except ExpiredError:
        return _over(request, language, "over", status=410)
    except TokenError:
        return _over(request, language, "unknown", status=404)
    except (StaleError, InvalidContentError, StateError) as error:
        return _again(request, context, language, fields, token=token, wrong=WRONG[type(error)])
    return _back(context, language, token, verdict)


def _record(context: Context, token: str, verdict: proofs.Verdict, fields: Fields) -> None:
    number = fields.one("revision")
    with database.writing(context.engine) as session:
        proof = proofs.find(session, token, now=context.now())
        line = proofs.answer(
            session,
            context.settings,
            proof,
            revision=int(number) if number.isdecimal() and number.isascii() else 0,
            verdict=verdict,
            name=_printable(fields.one("name")),
            comment=_printable(fields.one("comment")),
            now=context.now(),
        )
    _log.info("proof_answered", proof=line.proof_id, verdict=verdict)


def _again(request: Request, context: Context, language: str, fields: Fields, *, token: str, wrong: str) -> Response:
    """Return the page with what was written, and a sentence about why it was not taken."""
    with database.reading(context.engine) as session:
        proof = proofs.find(session, token, now=context.now())
        story = stories.get(session, proof.story_id)
        content = stories.content(session, story.id)
    return _page(
        request,
        context,
        language,
        token,
        content,
        revision=story.head,
        ends=proof.expires_at,
        wrong=wrong,
        name=fields.one("name"),
        comment=fields.one("comment"),
        status=422,
    )


def _page(request: Request, context: Context, language: str, token: str, content: AnyStory, **values: Any) -> Response:
    spoken = [each for each in context.settings.publication.languages if each in content.texts]
    return templating.page(
        request,
        "web/proof.html.j2",
        words_area="reader",
        language=language,
        told=spoken,
        trap=forms.TRAP,
        limit=proofs.MAX_COMMENT,
        alternates={each: _address(context, each, token) for each in spoken},
        **{
            **told.names(context, content, language),
            "wrong": "",
            "said": "",
            "name": "",
            "comment": "",
            **values,
        },
    )


def _over(request: Request, language: str, step: str, *, status: int) -> Response:
    return templating.page(
        request,
        "web/proof_over.html.j2",
        words_area="reader",
        language=language,
        status=status,
        step=step,
    )


def _back(context: Context, language: str, token: str, said: str) -> Response:
    target = f"{_address(context, language, token)}?said={said}#answer"
    return RedirectResponse(target, 303, headers={"cache-control": templating.PRIVATE})


def _address(context: Context, language: str, token: str) -> str:
    return urls.path(urls.proof(context.settings, language, token))


def _printable(text: str) -> str:
    """Return typed text without control characters, which no database or letter wants."""
    return "".join(each for each in text.replace("\r\n", "\n") if each.isprintable() or each in "\n\t")
