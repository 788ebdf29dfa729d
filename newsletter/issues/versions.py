"""The saved states of an issue: listed, compared in words, brought back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from newsletter import audit, revisions, stories
from newsletter.config import Settings
from newsletter.content import IssueContent
from newsletter.errors import StaleError
from newsletter.issues import drafts
from newsletter.models import Issue, Revision
from newsletter.rendering.views import AnyStory
from newsletter.revisions import Change, Version
from newsletter.words import Words


@dataclass(frozen=True)
class Group:
    """What changed about the issue itself, or about one of its stories; a story added or gone has no changes."""

    story_id: int | None
    title: str  # empty for the issue itself
    fate: Literal["changed", "added", "gone"]
    changes: list[Change]


def history(session: Session, issue: Issue, *, before: int | None = None, limit: int | None = None) -> list[Version]:
    """Return the saved states, newest first; `before` and `limit` cut a page of them."""
    return revisions.history(session, issue, before=before, limit=limit)


def compare(
    session: Session, settings: Settings, issue: Issue, before: int, after: int, *, say: Words | str
) -> list[Group]:
    """Return what changed between two revisions of an issue: its own fields, then story by story.

    `say` are the words of the area "revisions", or a language that has them. Raises NotFoundError.
    """
    old, new = drafts.content(session, issue, before), drafts.content(session, issue, after)
    return between(session, settings, old, new, say=say)


def between(
    session: Session, settings: Settings, old: IssueContent, new: IssueContent, *, say: Words | str
) -> list[Group]:
    """Return what changed between two contents, as `compare` does; `new` need not have been saved."""
    spoken = revisions.words_of(say)
    held = {state: _held(session, content) for state, content in (("old", old), ("new", new))}
    titles = {story_id: title_of(story, spoken.language) for one in held.values() for story_id, story in one.items()}
    topics = {topic.key: topic.title.get(spoken.language, topic.key) for topic in settings.publication.topics}
    tell = _Teller(settings, spoken, titles, topics)
    own = tell.changes(old, new)
    groups = [Group(None, "", "changed", own)] if own else []
    return groups + _by_story(tell, held["old"], held["new"])


def restore(
    session: Session, issue: Issue, number: int, *, base: int, editor_id: int | None, now: datetime
) -> Revision:
    """Save what an earlier revision said as the newest one; raises as `drafts.save` does, and StaleError.

    `base` is the newest revision as the editor saw it: whoever brings an old state back has compared it with that.
    """
    wanted = drafts.content(session, issue, number)
    if issue.head != base:
        raise StaleError
    revision = drafts.save(session, issue, wanted, base=base, editor_id=editor_id, now=now)
    audit.record(session, "restore", f"issue {issue.id}", editor_id=editor_id, now=now, revision=number)
    return revision


def behind(session: Session, content: IssueContent) -> dict[int, int]:
    """Return the stories that were saved after the issue took them: the newest revision by story id."""
    heads = {choice.story_id: stories.get(session, choice.story_id).head for choice in content.stories}
    return {one.story_id: heads[one.story_id] for one in content.stories if heads[one.story_id] > one.revision}


def renew(session: Session, issue: Issue, *, base: int, editor_id: int | None, now: datetime) -> Revision:
    """Save the issue with the newest words of all its stories; raises as `drafts.save` does."""
    content = drafts.content(session, issue, base)
    newest = behind(session, content)
    chosen = tuple(
        choice.model_copy(update={"revision": newest.get(choice.story_id, choice.revision)})
        for choice in content.stories
    )
    renewed = content.model_copy(update={"stories": chosen})
    return drafts.save(session, issue, renewed, base=base, editor_id=editor_id, now=now)


def title_of(story: AnyStory, language: str) -> str:
    """Return a story's title in a language, else in the first it has."""
    text = story.texts.get(language) or next(iter(story.texts.values()), None)
    return text.title if text else ""


def title(session: Session, story_id: int, language: str) -> str:
    """Return the newest title of a story; raise NotFoundError."""
    return title_of(stories.content(session, story_id), language)


@dataclass(frozen=True)
class _Teller:
    settings: Settings
    say: Words
    titles: Mapping[int, str]
    topics: Mapping[str, str]

    def changes(self, old: IssueContent | AnyStory, new: IssueContent | AnyStory) -> list[Change]:
        zone = self.settings.office.zone
        return revisions.diff(old, new, self.say, zone=zone, stories=self.titles, topics=self.topics)


def _held(session: Session, content: IssueContent) -> dict[int, AnyStory]:
    return {one.story_id: stories.content(session, one.story_id, one.revision) for one in content.stories}


def _by_story(tell: _Teller, old: Mapping[int, AnyStory], new: Mapping[int, AnyStory]) -> list[Group]:
    groups = [Group(one, tell.titles[one], "gone", []) for one in old if one not in new]
    for story_id, story in new.items():
        before = old.get(story_id)
        if before is None:
            groups.append(Group(story_id, tell.titles[story_id], "added", []))
        elif changes := tell.changes(before, story):
            groups.append(Group(story_id, tell.titles[story_id], "changed", changes))
    return groups
