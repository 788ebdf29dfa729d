"""Published stories: a page of its own for each, its calendar entry, and the pages and feeds of topics."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from newsletter import urls
from newsletter.archive import calendars, feeds, linked_data, pages, stories
from newsletter.config import TopicSettings
from newsletter.content import Fair
from newsletter.errors import NotFoundError
from newsletter.web import caching, languages, templating
from newsletter.web.context import Context
from newsletter.web.dependencies import Reading, WithContext
from newsletter.web.languages import PathLanguage
from newsletter.web.links import Links
from subscribers.models import Publication

MOST_OF_A_YEAR = 1000
"""Stories on the page of one topic and year."""
Named = Annotated[str, Path(pattern=r"^\d{1,9}(-[a-z0-9-]*)?$", max_length=100)]

router = APIRouter()


@router.get("/{language}/stories/{story_id}.ics")
def show_story_calendar(
    request: Request,
    context: WithContext,
    session: Reading,
    language: PathLanguage,
    story_id: Annotated[int, Path(le=999_999_999)],
) -> Response:
    """Return a fair for the reader's calendar."""
    page = stories.find(session, context.publication_id, language, story_id)
    if page is None or not isinstance(page.view.content, Fair) or not (page.told.starts or page.told.ends):
        raise NotFoundError
    entry = calendars.Entry(page.told, page.view.content)
    body = calendars.write(context.settings, language, page.told.title, [entry])
    answer = caching.answer(request, body, media_type=calendars.MEDIA_TYPE)
    answer.headers["content-disposition"] = f'inline; filename="{page.told.slug or story_id}.ics"'
    return answer


@router.get("/{language}/stories/{named}")
def complete_story(context: WithContext, session: Reading, language: PathLanguage, named: Named) -> Response:
    """Lead to a story whose address lost its last stroke."""
    page = _find(context, session, language, named)
    return RedirectResponse(Links(context.settings).story(page.told), 308)


@router.get("/{language}/stories/{named}/")
def show_story(
    request: Request, context: WithContext, session: Reading, language: PathLanguage, named: Named
) -> Response:
    """Return a story's page, as the newest issue tells it; an older title in the address leads to the present one."""
    page = _find(context, session, language, named)
    settings, links, told = context.settings, Links(context.settings), page.told
    if named != links.story(told).rstrip("/").rpartition("/")[2]:
        return RedirectResponse(links.story(told), 308)
    absolute = {each: urls.story_page(settings, each, told.story_id, told.slug) for each in page.languages}
    picture = page.view.content.picture
    card = page.home.image_hash
    image = urls.preview(settings, picture.hash, picture.focus) if picture else card and urls.image(settings, card)
    return templating.shared(
        request,
        "web/story.html.j2",
        language=language,
        page=page,
        topic=_topic(context, told.topic),
        over=told.kind == "fair" and (last := told.ends or told.starts) is not None and last < context.today(),
        linked_data=linked_data.story(settings, page),
        absolute={
            "url": absolute[language],
            "alternates": languages.with_default(absolute, settings.publication.languages),
            "image": image or None,
        },
        alternates={each: urls.path(url) for each, url in absolute.items()},
        **pages.story_names(settings, language),
    )


@router.get("/{language}/topics/{key}/")
def show_topic(request: Request, context: WithContext, session: Reading, language: PathLanguage, key: str) -> Response:
    """Return the newest stories of a topic."""
    return _show_topic(request, context, session, language, key, year=None)


@router.get("/{language}/topics/{key}/{year}/")
def show_year(
    request: Request,
    context: WithContext,
    session: Reading,
    language: PathLanguage,
    key: str,
    *,
    year: Annotated[int, Path(ge=1900, le=2999)],
) -> Response:
    """Return all stories of a topic and year."""
    return _show_topic(request, context, session, language, key, year=year)


@router.get("/{language}/topics/{key}/feed.xml")
def show_topic_feed(
    request: Request, context: WithContext, session: Reading, language: PathLanguage, key: str
) -> Response:
    """Return the Atom feed of a topic."""
    topic = _known(context, key)
    told = stories.of_topic(session, context.publication_id, language, topic.key, limit=feeds.LENGTH)
    since = session.get_one(Publication, context.publication_id).created_at
    body = feeds.of_topic(context.settings, language, topic.key, told, since=since)
    return caching.answer(request, body, media_type=feeds.MEDIA_TYPE)


def _show_topic(
    request: Request, context: Context, session: Reading, language: str, key: str, *, year: int | None
) -> Response:
    topic, links, spoken = _known(context, key), Links(context.settings), context.settings.publication.languages
    known = stories.years(session, context.publication_id, language, key)
    if year is not None and year not in known:
        raise NotFoundError
    limit = MOST_OF_A_YEAR if year else stories.LENGTH
    absolute = {each: urls.topic(context.settings, each, key) for each in spoken} if year is None else {}
    return templating.shared(
        request,
        "web/topic.html.j2",
        language=language,
        topic=topic,
        year=year,
        years=known,
        stories=stories.of_topic(session, context.publication_id, language, key, year=year, limit=limit),
        alternates={each: links.topic(each, key, year) for each in spoken},
        absolute=languages.with_default(absolute, spoken),
    )


def _find(context: Context, session: Reading, language: str, named: str) -> stories.Page:
    page = stories.find(session, context.publication_id, language, int(named.partition("-")[0]))
    if page is None:
        raise NotFoundError
    return page


def _known(context: Context, key: str) -> TopicSettings:
    topic = _topic(context, key)
    if topic is None:
        raise NotFoundError
    return topic


def _topic(context: Context, key: str | None) -> TopicSettings | None:
    """Return a topic of the settings; an office may have taken out one that old stories have."""
    return next((topic for topic in context.settings.publication.topics if topic.key == key), None)
