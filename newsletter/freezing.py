"""Freezing: everything an approval is about is rendered once, stored, and told by one hash."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from newsletter import audit, issues, urls
from newsletter.archive import pages
from newsletter.choosing import Choice, stories_for
from newsletter.config import Settings
from newsletter.errors import StaleError, StateError
from newsletter.issues import states, views
from newsletter.models import ArchivePage, Edition, Issue, Post
from newsletter.rendering import editions, environment
from newsletter.rendering.views import IssueView
from newsletter.social import posts, summary
from subscribers import audience, bits
from subscribers.audience import Group

ANNOUNCEMENT = "announcement"
_Row = TypeVar("_Row", Edition, ArchivePage, Post)


@dataclass(frozen=True)
class Frozen:
    """One revision as readers will get it, not yet stored."""

    revision: int
    day: date  # printed in it
    editions: tuple[Edition, ...]
    pages: tuple[ArchivePage, ...]
    posts: tuple[Post, ...]


def freeze(session: Session, settings: Settings, issue: Issue, *, now: datetime) -> str:
    """Render and store the newest revision and return its hash; what was frozen before is replaced.

    Raises StateError once a part was released.
    """
    return store(session, settings, issue, render(session, settings, issue), now=now)


def render(session: Session, settings: Settings, issue: Issue) -> Frozen:
    """Return every edition that occurs in the audience, the full ones, the public pages and the posts.

    Reads only, and may take seconds: call it outside a write transaction where others wait for one.
    """
    content = issues.content(session, issue)
    held = views.chosen(session, content)
    choices = views.weigh(held, bits.load(session, issue.publication_id))
    groups = audience.groups(session, issue.publication_id)
    languages = [language for language in settings.publication.languages if language in content.texts]

    def view(language: str, story_ids: Sequence[int]) -> IssueView:
        chosen = [pair for pair in held if pair[0] in story_ids]
        return views.compose(settings, issue, content, chosen, language)

    full = tuple(choice.story_id for choice in choices)
    whole = {language: view(language, full) for language in languages}
    return Frozen(
        revision=issue.head,
        day=views.day(settings, issue, content),
        editions=tuple(
            _edition(settings, issue, view(language, story_ids), story_ids)
            for language in languages
            for story_ids in combinations(choices, groups, language)
        ),
        pages=tuple(_page(settings, issue, whole[language]) for language in languages),
        posts=tuple(_post(settings, issue, whole[one]) for one in settings.facebook.languages if one in whole),
    )


def combinations(choices: Sequence[Choice], groups: Iterable[Group], language: str) -> list[tuple[int, ...]]:
    """Return the sets of stories that readers of `language` get, each once: the full one first, then the largest."""
    full = tuple(choice.story_id for choice in choices)
    found = {stories_for(choices, group.topics, group.interests) for group in groups if group.language == language}
    return sorted((found | {full}) - {()}, key=lambda ids: (-len(ids), ids))


def store(session: Session, settings: Settings, issue: Issue, frozen: Frozen, *, now: datetime) -> str:
    """Keep what was rendered and return its hash.

    Raises StaleError where the issue was saved since, StateError once a part was released.
    """
    change = update(Issue).where(Issue.head == frozen.revision, Issue.state.in_(states.OPEN))
    if not states.put(session, issue, change.values(frozen_revision=frozen.revision)):
        if issue.head != frozen.revision:
            raise StaleError
        raise states.refuse(issue, "be frozen again")
    for model in (Edition, ArchivePage, Post):
        session.execute(delete(model).where(model.issue_id == issue.id))
    session.add_all([*frozen.editions, *frozen.pages, *frozen.posts])
    session.flush()
    midnight = datetime.combine(frozen.day + timedelta(days=1), time(), settings.office.zone)
    issue.frozen_until, issue.frozen_hash = midnight, digest(session, settings, issue)
    session.flush()
    audit.record(
        session,
        "freeze",
        f"issue {issue.id}",
        editor_id=None,
        now=now,
        revision=frozen.revision,
        hash=issue.frozen_hash,
    )
    return issue.frozen_hash


def digest(session: Session, settings: Settings, issue: Issue) -> str:
    """Return the hash over what is stored: editions, pages, posts, who gets which story, and who sends.

    Raises StateError where nothing is frozen.
    """
    if issue.frozen_revision is None:
        message = f"Issue {issue.number} has not been frozen for approval."
        raise StateError(message)
    known = bits.load(session, issue.publication_id)
    told = {
        "sender": [settings.publication.from_address, settings.publication.title, settings.publication.list_id],
        "audience": [[one.story_id, one.topic, one.countries] for one in issues.choices(session, issue, known)],
        "editions": [[row.language, row.stories, row.hash] for row in of_issue(session, issue)],
        "pages": [[row.language, row.hash] for row in _rows(session, ArchivePage, issue)],
        "posts": [
            [row.page, row.language, row.purpose, row.text, row.link, row.image_hash]
            for row in _rows(session, Post, issue)
        ],
    }
    return _hash(told)


def of_issue(session: Session, issue: Issue) -> list[Edition]:
    """Return the stored editions by language, the largest of each first."""
    found = _rows(session, Edition, issue)
    return sorted(found, key=lambda row: (row.language, -len(json.loads(row.stories)), row.id))


def _rows(session: Session, model: type[_Row], issue: Issue) -> list[_Row]:
    return list(session.scalars(select(model).where(model.issue_id == issue.id).order_by(model.language, model.id)))


def _edition(settings: Settings, issue: Issue, view: IssueView, story_ids: Sequence[int]) -> Edition:
    rendered = editions.render(environment.create(), settings, view)
    fields = json.dumps(rendered.fields)
    return Edition(
        issue_id=issue.id,
        revision=issue.head,
        language=view.language,
        stories=json.dumps(list(story_ids)),
        subject=rendered.subject,
        html=rendered.html,
        text=rendered.text,
        fields=fields,
        hash=_hash([rendered.subject, rendered.html, rendered.text, fields]),
    )


def _page(settings: Settings, issue: Issue, view: IssueView) -> ArchivePage:
    page = pages.render(environment.create(), settings, view)
    return ArchivePage(
        issue_id=issue.id,
        language=view.language,
        title=page.title,
        description=page.description,
        body=page.body,
        image_hash=page.image_hash,
        hash=_hash([page.title, page.description, page.body, page.image_hash]),
    )


def _post(settings: Settings, issue: Issue, view: IssueView) -> Post:
    pictures = (story.content.picture for story in view.stories)
    return Post(
        issue_id=issue.id,
        page=posts.page_of(settings),
        language=view.language,
        purpose=ANNOUNCEMENT,
        text=summary.render(environment.create(), settings, view),
        link=urls.issue_page(settings, view.language, issue.slug),
        marker=issue.slug,
        image_hash=next((picture.hash for picture in pictures if picture), None),
        state="frozen",
        version=0,
    )


def _hash(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
