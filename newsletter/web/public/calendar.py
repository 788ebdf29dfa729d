"""The fairs to come, as a page and as calendars to subscribe to."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from newsletter import urls, words
from newsletter.archive import calendars, pages, stories
from newsletter.content import Fair
from newsletter.errors import NotFoundError
from newsletter.rendering import dates
from newsletter.rendering.views import StoryView
from newsletter.web import caching, languages, templating
from newsletter.web.context import Context
from newsletter.web.dependencies import Reading, WithContext
from newsletter.web.languages import PathLanguage
from newsletter.web.links import Links

router = APIRouter()


@router.get("/{language}/calendar")
def complete_calendar(context: WithContext, language: PathLanguage) -> Response:
    """Lead to the page of coming fairs."""
    return RedirectResponse(Links(context.settings).calendar(language), 308)


@router.get("/{language}/calendar/")
def show_calendar(request: Request, context: WithContext, session: Reading, language: PathLanguage) -> Response:
    """Return the page of coming fairs, by month."""
    settings, links, spoken = context.settings, Links(context.settings), context.settings.publication.languages
    months: dict[str, list[StoryView]] = {}
    for told in stories.coming(session, context.publication_id, language, context.today()):
        first = max(told.starts or context.today(), context.today().replace(day=1))
        month = dates.leaves(first, None, language)[0].month
        months.setdefault(month, []).append(StoryView(told.story_id, language, stories.content(session, told)))
    file = urls.calendar_file(settings, language)
    absolute = {each: urls.calendar(settings, each) for each in spoken}
    return templating.shared(
        request,
        "web/calendar.html.j2",
        language=language,
        months=months,
        file=file,
        subscribe="webcal:" + file.partition(":")[2],
        alternates={each: links.calendar(each) for each in spoken},
        absolute=languages.with_default(absolute, spoken),
        here="calendar",
        **pages.story_names(settings, language),
    )


@router.get("/{language}/calendar.ics")
def show_all(request: Request, context: WithContext, session: Reading, language: PathLanguage) -> Response:
    """Return the calendar of all fairs."""
    return _calendar(request, context, session, language, None)


@router.get("/{language}/topics/{key}/calendar.ics")
def show_topic(request: Request, context: WithContext, session: Reading, language: PathLanguage, key: str) -> Response:
    """Return the calendar of a topic's fairs."""
    if key not in {topic.key for topic in context.settings.publication.topics}:
        raise NotFoundError
    return _calendar(request, context, session, language, key)


def _calendar(request: Request, context: Context, session: Reading, language: str, topic: str | None) -> Response:
    since = context.today() - calendars.KEPT
    entries = []
    for told in stories.fairs(session, context.publication_id, language, topic=topic, since=since):
        content = stories.content(session, told)
        if isinstance(content, Fair):
            entries.append(calendars.Entry(told, content))
    publication = context.settings.publication
    title = words.load("reader", language)("calendar.name", title=publication.title[language])
    if topic:
        title = f"{title} / {publication.topic(topic).title[language]}"
    body = calendars.write(context.settings, language, title, entries)
    return caching.answer(request, body, media_type=calendars.MEDIA_TYPE)
