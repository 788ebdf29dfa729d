"""Issues as they are read: the stories they hold, who gets which, and what templates see."""

from collections.abc import Collection, Sequence
from datetime import date

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
from subscribers.bits import Bits

Chosen = tuple[int, AnyStory]
"""A story's id and what it says in the revision that the issue holds."""


def chosen(session: Session, content: IssueContent) -> list[Chosen]:
    """Return the stories of an issue's content, in its order."""
    return [(choice.story_id, stories.content(session, choice.story_id, choice.revision)) for choice in content.stories]


def choices(session: Session, issue: Issue, bits: Bits) -> list[Choice]:
    """Return what decides who gets which story of the frozen revision; raise StateError where nothing is frozen."""
    if issue.frozen_revision is None:
        message = f"Issue {issue.number} has not been frozen for approval."
        raise StateError(message)
    return weigh(chosen(session, drafts.content(session, issue, issue.frozen_revision)), bits)


def weigh(held: Sequence[Chosen], bits: Bits) -> list[Choice]:
    """Return topic and countries of stories as masks; raise InvalidContentError for a name without a bit."""
    try:
        return [
            Choice(
                story_id,
                bits.topic_mask([story.topic]) if story.topic else 0,
                bits.country_mask(story.countries),
            )
            for story_id, story in held
        ]
    except KeyError as error:
        message = f"A story names {error}, which is neither a topic nor a country of the settings."
        raise InvalidContentError(message) from error


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
    """Return the view of content already read; raises as `view` does."""
    if language not in content.texts:
        message = f"Issue {issue.number} has no words in {language}."
        raise InvalidContentError(message)
    for _, story in held:
        title = next((text.title for text in story.texts.values()), "")
        if language not in story.texts:
            message = f"The story {title!r} has no words in {language}."
            raise InvalidContentError(message)
        if ends_before_it_begins(story):
            message = f"The story {title!r} ends before it begins."
            raise InvalidContentError(message)
    return views.issue_view(
        settings,
        number=issue.number,
        slug=issue.slug,
        language=language,
        day=day(settings, issue, content),
        text=content.texts[language],
        stories=held,
    )


def ends_before_it_begins(story: AnyStory) -> bool:
    """Return whether the last day comes before the first: no layout can show that."""
    if not isinstance(story, Fair | Food) or story.starts is None or story.ends is None:
        return False
    return story.ends < story.starts


def day(settings: Settings, issue: Issue, content: IssueContent) -> date:
    """Return the day printed in the issue: that of its send time, in the office's zone."""
    return (content.send_at or issue.created_at).astimezone(settings.office.zone).date()
