"""The catcher's web application: what arrived, newest first, and a form for letters to the office."""

from typing import Any
from urllib.parse import quote, urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from newsletter.sandbox.catcher import opening, pages, writing
from newsletter.sandbox.catcher.catcher import Catcher
from newsletter.sandbox.catcher.opening import Opened, Summary
from newsletter.sandbox.catcher.store import Caught
from newsletter.sandbox.catcher.writing import Draft

VIEWS = ("html", "text", "headers", "source")
_MESSAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:; form-action 'none'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


def create(catcher: Catcher) -> Starlette:
    """Return the ASGI application that shows what `catcher` has taken."""
    app = Starlette(
        routes=[
            Route("/", _list),
            Route("/messages.json", _json),
            Route("/messages/{number:int}", _message),
            Route("/messages/{number:int}/html", _html),
            Route("/messages/{number:int}/raw", _raw),
            Route("/write", _form, methods=["GET"]),
            Route("/write", _send, methods=["POST"]),
            Mount("/static", StaticFiles(directory=pages.HERE / "static")),
        ],
        exception_handlers={404: _not_found},
    )
    app.state.catcher = catcher
    return app


def _list(request: Request) -> Response:
    return pages.page(request, "list.html.j2")


def _message(request: Request) -> Response:
    opened = opening.take_apart(_caught(request))
    there = [view for view in VIEWS if view in ("headers", "source") or getattr(opened, view)]
    wish = request.query_params.get("view", "")
    write_to = f"/write?sender={quote(_recipient(opened))}"
    return pages.page(
        request,
        "message.html.j2",
        opened=opened,
        views=there,
        view=wish if wish in there else there[0],
        text=opening.linked(opened.text, write_to=write_to),
        sent=request.query_params.get("sent") == "1",
    )


def _html(request: Request) -> Response:
    opened = opening.take_apart(_caught(request))
    page = opening.page_of(opened.html, write_to=f"/write?sender={quote(_recipient(opened))}")
    return HTMLResponse(page, headers={"content-security-policy": _MESSAGE_POLICY, "referrer-policy": "no-referrer"})


def _raw(request: Request) -> Response:
    caught = _caught(request)
    headers = {
        "content-disposition": f'attachment; filename="{caught.path.name}"',
        "content-security-policy": "sandbox",
    }
    return Response(caught.raw, media_type="message/rfc822", headers=headers)


def _json(request: Request) -> Response:
    after = pages.number(request.query_params.get("after", ""))
    found = [caught for caught in pages.matching(request) if caught.id > after]
    return JSONResponse([_as_json(opening.summarise(caught)) for caught in found[: pages.PAGE_SIZE]])


def _as_json(summary: Summary) -> dict[str, Any]:
    caught = summary.caught
    return {
        "id": caught.id,
        "at": caught.at.isoformat(),
        "envelope_from": caught.envelope_from,
        "envelope_to": caught.envelope_to,
        "from": summary.sender,
        "subject": summary.subject,
    }


def _form(request: Request) -> Response:
    asked = request.query_params
    answered = request.app.state.catcher.get(pages.number(asked.get("answers", "")))
    if answered:
        opened = opening.take_apart(answered)
        draft = writing.answer(opened, _recipient(opened))
    else:
        draft = Draft(asked.get("sender", ""), asked.get("to", ""), asked.get("subject", ""), asked.get("body", ""))
    return pages.page(request, "write.html.j2", draft=draft, faults=[])


async def _send(request: Request) -> Response:
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403)
    form = await request.form()
    names = ("sender", "to", "subject", "body", "answers")
    draft = Draft(*(str(form.get(name, "")) for name in names))
    return await run_in_threadpool(_deliver, request, draft)


def _deliver(request: Request, draft: Draft) -> Response:
    faults = writing.faults(draft)
    if not faults:
        kept = writing.send(request.app.state.catcher, draft)
        if kept:
            return RedirectResponse(f"/messages/{kept}?sent=1", 303)
        faults = ["refused"]
    return pages.page(request, "write.html.j2", status=422, draft=draft, faults=faults)


def _not_found(request: Request, _error: Exception) -> Response:
    return pages.page(request, "missing.html.j2", status=404)


def _caught(request: Request) -> Caught:
    catcher: Catcher = request.app.state.catcher
    caught = catcher.get(request.path_params["number"])
    if caught is None:
        raise HTTPException(404)
    return caught


def _recipient(opened: Opened) -> str:
    return next(iter(opened.summary.caught.envelope_to), "")
