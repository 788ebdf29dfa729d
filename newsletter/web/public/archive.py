"""Past issues: the index, one issue, the feed, the poster."""

import io

import segno
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from markupsafe import Markup
from starlette.responses import Response

from newsletter import urls
from newsletter.archive import feeds, linked_data, shelf
from newsletter.errors import NotFoundError
from newsletter.web import caching, languages, templating
from newsletter.web.context import Context
from newsletter.web.dependencies import Reading, WithContext
from newsletter.web.languages import PathLanguage
from newsletter.web.links import Links
from subscribers.models import Publication

router = APIRouter()


@router.get("/")
def choose_language(request: Request, context: WithContext) -> Response:
    """Lead to the index in the browser's language."""
    language = languages.preferred(request.headers.get("accept-language", ""), context.settings.publication.languages)
    return RedirectResponse(
        Links(context.settings).home(language), 302, headers={"vary": "Accept-Language", "cache-control": "no-cache"}
    )


@router.get("/{language}/")
def show_index(request: Request, context: WithContext, session: Reading, language: PathLanguage) -> Response:
    """Return the list of past issues."""
    settings, links = context.settings, Links(context.settings)
    spoken = settings.publication.languages
    return templating.shared(
        request,
        "web/index.html.j2",
        language=language,
        entries=shelf.entries(session, context.publication_id, language),
        alternates={each: links.home(each) for each in spoken},
        absolute={each: urls.home(settings, each) for each in spoken} | {"x-default": f"{settings.web.base_url}/"},
        here="archive",
    )


@router.get("/{language}")
def complete_index(context: WithContext, language: PathLanguage) -> Response:
    """Lead to the index, whose address was typed without its last stroke."""
    return RedirectResponse(Links(context.settings).home(language), 308)


@router.get("/{language}/issues/{slug}")
def complete_issue(context: WithContext, language: PathLanguage, slug: str) -> Response:
    """Lead to an issue, whose address lost its last stroke in somebody's mail."""
    return RedirectResponse(Links(context.settings).issue(language, slug), 308)


@router.get("/{language}/issues/{slug}/")
def show_issue(request: Request, context: WithContext, session: Reading, language: PathLanguage, slug: str) -> Response:
    """Return an issue's page; before its release it is not found."""
    page = shelf.find(session, context.publication_id, language, slug)
    if page is None:
        raise NotFoundError
    links = Links(context.settings)
    return templating.shared(
        request,
        "web/issue.html.j2",
        language=language,
        page=page,
        article=Markup(page.body),  # noqa: S704 - rendered by our template when the issue was frozen
        absolute=_absolute(context, page, language),
        linked_data=linked_data.issue(context.settings, language, page),
        alternates={each: links.issue(each, slug) for each in page.languages},
    )


@router.get("/{language}/feed.xml")
def show_feed(request: Request, context: WithContext, session: Reading, language: PathLanguage) -> Response:
    """Return the Atom feed."""
    entries = shelf.entries(session, context.publication_id, language, limit=feeds.LENGTH)
    since = session.get_one(Publication, context.publication_id).created_at
    body = feeds.atom(context.settings, language, entries, since=since)
    return caching.answer(request, body, media_type=feeds.MEDIA_TYPE)


@router.get("/{language}/poster")
def show_poster(request: Request, context: WithContext, language: PathLanguage) -> Response:
    """Return a page to print, with the QR code of the subscribe page."""
    links = Links(context.settings)
    return templating.page(
        request,
        "web/poster.html.j2",
        words_area="reader",
        language=language,
        url=urls.subscribe(context.settings, language),
        by_mail=context.settings.mailbox.enabled,
        code=_qr(f"{urls.subscribe(context.settings, language)}?src=poster"),
        alternates={each: links.poster(each) for each in context.settings.publication.languages},
    )


def _absolute(context: Context, page: shelf.Published, language: str) -> dict[str, object]:
    """Return the addresses that other sites read off an issue's page."""
    settings, slug = context.settings, page.entry.slug
    pages = {each: urls.issue_page(settings, each, slug) for each in page.languages}
    return {
        "url": urls.issue_page(settings, language, slug),
        "alternates": languages.with_default(pages, settings.publication.languages),
        "image": urls.image(settings, page.picture.hash) if page.picture else None,
    }


def _qr(text: str) -> Markup:
    """Return a QR code as SVG; error level M reads when a fifth of a printed sheet's code is smudged."""
    drawing = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawing, kind="svg", xmldecl=False, svgns=False, border=4, dark="#000", light="#fff", omitsize=True
    )
    return Markup(drawing.getvalue().decode())  # noqa: S704 - segno draws paths, the text itself is not in it
