"""The page that leads a newcomer through the first minute, and the few things it does for them."""

import smtplib
import threading
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from newsletter import database, urls, words
from newsletter.sandbox.demo import cast, frames, story
from newsletter.sandbox.demo.cast import Office
from newsletter.sandbox.demo.story import Tried
from subscribers import audience

HERE = Path(__file__).resolve().parent
LANGUAGES = ("en", "ja")
SOON = timedelta(seconds=2)
LETTER = {"en": ("Subscribe", "Please subscribe me. Thank you."), "ja": ("購読希望", "よろしくお願いいたします。")}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)


class Guide:
    """The demo's page over one opened office."""

    def __init__(self, office: Office) -> None:
        """Keep the office and what has been tried so far."""
        self._office = office
        self._tried = Tried()
        self._acting = threading.Lock()
        loader = FileSystemLoader(HERE)
        environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
        self._template = environment.get_template("guide.html.j2")

    def page(self, language: str) -> HTMLResponse:
        """Return the page as things are now."""
        office, settings = self._office, self._office.settings
        t = words.load("guide", language, HERE / "words")
        with database.reading(office.engine) as session:
            newest = cast.newest(session)
            shown = frames.frames(session, office, newest, language)
            body = self._template.render(
                language=language,
                other=next(one for one in LANGUAGES if one != language),
                t=t,
                title=settings.publication.title[language],
                office=settings.office.name[language],
                people=audience.count(session, office.publication_id),
                countries=len(settings.publication.countries),
                version="-".join("1" if frame.url else "0" for frame in shown) + f"-{newest.number if newest else 0}",
                status=story.status(session, newest, t),
                frames=shown,
                steps=story.steps(session, office, self._tried, language, t),
                links={
                    "catcher": office.ground.url("catcher"),
                    "desk": f"{settings.web.base_url}/desk/",
                    "archive": urls.home(settings, language),
                    "graph": frames.facebook_page(office, language),
                },
                editor=cast.WRITER[0],
                password=office.ground.password,
                folder=office.ground.folder.resolve(),
            )
        return HTMLResponse(body, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})

    def frame(self, name: str, language: str) -> HTMLResponse:
        """Return the content of one small screen."""
        office = self._office
        with database.reading(office.engine) as session:
            newest = cast.newest(session)
            shown = {one.name: one.url for one in frames.frames(session, office, newest, language)}
            mail = (
                frames.newest_mail(session, office, newest, name[-2:]) if newest and name.startswith("mail") else None
            )
            url = shown.get(name)
            if newest and url and name == "post":
                url = frames.post_of(session, office, newest, language)
        body = frames.html_of(mail) if mail else frames.fetched(url) if url else ""
        return HTMLResponse(body, headers={"Content-Security-Policy": frames.POLICY, "Cache-Control": "no-store"})

    def act(self, action: str, language: str) -> None:
        """Do one of the five things; a second press while it is being done waits and does it again."""
        with self._acting:
            if action == "letter":
                self._write_letter(language)
            elif action == "mistake":
                findings = cast.ask_with_mistake(self._office, "next", datetime.now(UTC) + SOON, speak=language)
                self._tried.findings = [f"{finding.place}: {finding.message} {finding.mend}" for finding in findings]
            elif action == "next":
                issue_id = cast.send(self._office, "next", datetime.now(UTC) + SOON)
                with database.reading(self._office.engine) as session:
                    newest = cast.newest(session)
                    self._tried.sent_issue = newest.number if newest and newest.id == issue_id else None

    def _write_letter(self, language: str) -> None:
        message = EmailMessage()
        address, names = story.NEWCOMER
        subject, body = LETTER[language]
        message["From"] = f"{names[language]} <{address}>"
        message["To"] = self._office.settings.office.address
        message["Subject"] = subject
        message["Message-ID"] = f"<{datetime.now(UTC).timestamp()}@readers.example.org>"
        message.set_content(body)
        with smtplib.SMTP(self._office.settings.relay.host, self._office.settings.relay.port, timeout=10) as client:
            client.send_message(message)
        self._tried.wrote = True


def create(office: Office) -> Starlette:
    """Return the ASGI application of the guide."""
    guide = Guide(office)

    def language_of(request: Request) -> str:
        asked = request.path_params.get("language") or request.headers.get("accept-language", "")[:2]
        return asked if asked in LANGUAGES else "en"

    async def home(request: Request) -> Response:
        return RedirectResponse(f"/{language_of(request)}/", 303)

    async def page(request: Request) -> Response:
        return await run_in_threadpool(guide.page, language_of(request))

    async def frame(request: Request) -> Response:
        return await run_in_threadpool(guide.frame, request.path_params["name"], language_of(request))

    async def act(request: Request) -> Response:
        language = language_of(request)
        await run_in_threadpool(guide.act, request.path_params["action"], language)
        return RedirectResponse(f"/{language}/#steps", 303)

    return Starlette(
        routes=[
            Route("/", home),
            Route("/frame/{language}/{name}", frame),
            Mount("/static", StaticFiles(directory=HERE / "static")),
            Route("/{language}/", page),
            Route("/{language}/{action}", act, methods=["POST"]),
        ]
    )
