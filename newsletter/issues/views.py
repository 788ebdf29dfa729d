"""Issues as they are read: the stories they hold, who gets which, and what templates see."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from newsletter import stories
from newsletter.choosing import Choice
from newsletter.config import Settings
from newsletter.content import Fair, Food, IssueContent
from newsletter.errors import InvalidContentError, StateError
from newsletter.issues import drafts
from newsletter.models import Issue
from newsletter.rendering import views
from newsletter.rendering.views import AnyStory, IssueView
from subscribers import languages
from subscribers.audience import Among
from subscribers.bits import Bits

Chosen = tuple[int, AnyStory]
"""A story's id and what it says in the revision that the issue holds."""


def chosen(session: Session, content: IssueContent) -> list[Chosen]:
    """Return the stories of an issue's content, in its order."""
    return [(choice.story_id, stories.content(session, choice.story_id, choice.revision)) for choice in content.stories]


def choices(session: Session, issue: Issue, bits: Bits, language: str | None = None) -> list[Choice]:
    """Return what decides who gets which story of the frozen revision; raise StateError where nothing is frozen.

    With a `language` it is about its readers, as in `weigh`.
    """
    if issue.frozen_revision is None:
        message = f"Issue {issue.number} has not been frozen for approval."
        raise StateError(message)
    return weigh(chosen(session, drafts.content(session, issue, issue.frozen_revision)), bits, language)


def weigh(held: Sequence[Chosen], bits: Bits, language: str | None = None) -> list[Choice]:
    """Return topic and countries of stories as masks; raise InvalidContentError for a name without a bit.

    With a `language` ("en", or "en+ja" for readers of both) stories told only in another are left out.
    """
    try:
        return [
            Choice(
                story_id,
                bits.topic_mask([story.topic]) if story.topic else 0,
                bits.country_mask(story.countries),
            )
            for story_id, story in held
            if language is None or told_in(story, language)
        ]
    except KeyError as error:
        message = f"A story names {error}, which is neither a topic nor a country of the settings."
        raise InvalidContentError(message) from error


def among(content: IssueContent) -> Among:
    """Return for which readers the issue is."""
    audience = content.audience
    return Among(languages=audience.languages, topics=audience.topics, countries=audience.countries)


def told_in(story: AnyStory, language: str) -> bool:
    """Return whether readers of `language` ("en", "en+ja") are meant to get a story."""
    return story.only is None or story.only in languages.of(language)


def view(
    session: Session,
    settings: Settings,
    issue: Issue,
    language: str,
    story_ids: Collection[int] | None = None,
    *,
    revision: int | None = None,
) -> IssueView:
    """Return what templates see of a revision (the newest), with all stories or those of `story_ids`.

    Raises InvalidContentError where the issue or a story has no words in `language` (nothing falls back),
    and where an event ends before it begins.
    """
    content = drafts.content(session, issue, revision)
    held = [pair for pair in chosen(session, content) if story_ids is None or pair[0] in story_ids]
    return compose(settings, issue, content, held, language)


def compose(
    settings: Settings, issue: Issue, content: IssueContent, held: Sequence[Chosen], language: str
) -> IssueView:
    """Return the view of content already read, also for readers of two languages ("en+ja"); raises as `view` does.

    Stories told only in another language are left out; sections stand in the order of the issue.
    """
    if languages.BOTH in language:
        return views.paired(compose(settings, issue, content, held, one) for one in languages.of(language))
    if language not in content.texts:
        message = f"Issue {issue.number} has no words in {language}."
        raise InvalidContentError(message)
    told = [(story_id, story) for story_id, story in held if told_in(story, language)]
    for _, story in told:
        title = next((text.title for text in story.texts.values()), "")
        if language not in story.texts:
            message = f"The story {title!r} has no words in {language}."
            raise InvalidContentError(message)
        if ends_before_it_begins(story):
            message = f"The story {title!r} ends before it begins."
            raise InvalidContentError(message)
    whole = views.issue_view(
        settings,
        number=issue.number,
        slug=issue.slug,
        language=language,
        day=day(settings, issue, content, language),
        text=content.texts[language],
        stories=told,
    )
    return replace(
        whole,
        sections=tuple(sorted(whole.sections, key=lambda one: _place(content, one.key))),
        other_pages={one: url for one, url in whole.other_pages.items() if _is_public_by_then(content, one, language)},
    )


def ends_before_it_begins(story: AnyStory) -> bool:
    """Return whether the last day comes before the first: no layout can show that."""
    if not isinstance(story, Fair | Food) or story.starts is None or story.ends is None:
        return False
    return story.ends < story.starts


def day(settings: Settings, issue: Issue, content: IssueContent, language: str = "") -> date:
    """Return the day printed in the issue: that of the language's send time, in the office's zone.

    Readers of two languages ("en+ja") get theirs when the later one goes out; without a language
    it is the day of the first.
    """
    return (send_at(content, language) or issue.created_at).astimezone(settings.office.zone).date()


def send_at(content: IssueContent, language: str = "") -> datetime | None:
    """Return the wished send time of a language, of the later of two ("en+ja"), or without one of the first."""
    if not language:
        return content.send_at
    times = [content.later.get(one, content.send_at) for one in languages.of(language)]
    return max((time for time in times if time is not None), default=None)


def _is_public_by_then(content: IssueContent, other: str, language: str) -> bool:
    """Return whether the page in `other` can be read when `language` goes out: no link may lead nowhere for days."""
    if other not in content.texts:
        return False
    theirs, ours = send_at(content, other), send_at(content, language)
    return theirs is None or ours is None or theirs <= ours


def _place(content: IssueContent, topic: str) -> int:
    """Return where a section stands in this issue; those it does not name keep the settings' order at the end."""
    return content.sections.index(topic) if topic in content.sections else len(content.sections)
