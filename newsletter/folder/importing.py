"""From a folder to an issue: a new one, or a new revision of one."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from newsletter import flyers, images, issues, stories
from newsletter.config import Settings
from newsletter.content import IssueContent, StoryChoice
from newsletter.errors import InvalidContentError
from newsletter.folder import issuefile, source, storyfile
from newsletter.folder.issuefile import IssueFile
from newsletter.folder.source import Problems, Redate
from newsletter.folder.storyfile import StoryFile
from newsletter.models import Issue, Story


@dataclass(frozen=True)
class _Folder:
    issue: IssueFile
    stories: list[StoryFile]


def load(
    session: Session,
    settings: Settings,
    publication_id: int,
    folder: Path,
    *,
    editor_id: int | None,
    now: datetime,
    dates: Redate | None = None,
) -> Issue:
    """Make a new draft of a folder and return it; raise InvalidContentError with a sentence a mistake.

    Nothing is kept where anything is wrong. `dates` may move the dates of each file before it is read.
    """
    read = _read(settings, folder, dates, now=now)
    chosen = [_kept(session, publication_id, file, None, editor_id=editor_id, now=now) for file in read.stories]
    return issues.create(session, settings, publication_id, _content(read, chosen), editor_id=editor_id, now=now)


def revise(
    session: Session,
    settings: Settings,
    issue: Issue,
    folder: Path,
    *,
    editor_id: int | None,
    now: datetime,
    dates: Redate | None = None,
) -> Issue:
    """Save a changed folder as the next revision of the issue made from it; raise as `load` and `issues.save` do.

    Stories are known again by their file names; those that say the same keep their revision. Stories that were
    added at the desk stay, after the others, and so do readers, sections and times that issue.toml does not name.
    """
    read = _read(settings, folder, dates, now=now)
    before = issues.content(session, issue)
    held = [stories.get(session, choice.story_id) for choice in before.stories]
    known = {story.key: story for story in held if story.key}
    chosen = [
        _kept(session, issue.publication_id, file, known.get(file.key), editor_id=editor_id, now=now)
        for file in read.stories
    ]
    of_the_desk = [choice for choice, story in zip(before.stories, held, strict=True) if not story.key]
    content = _content(read, [*chosen, *of_the_desk], before)
    issues.save(session, issue, content, base=issue.head, editor_id=editor_id, now=now)
    return issue


def _read(settings: Settings, folder: Path, dates: Redate | None, *, now: datetime) -> _Folder:
    if not (folder / issuefile.NAME).is_file():
        message = f"There is no file {issuefile.NAME} in {folder}."
        raise InvalidContentError(message)
    problems = Problems()
    found: list[StoryFile | None] = []
    read: IssueFile | None = None
    if about := source.read(folder / issuefile.NAME, problems, dates):
        read = issuefile.read(about, folder, settings, problems)
        for name in read.stories:
            file = source.read(folder / f"{name}.toml", problems, dates)
            found.append(storyfile.read(file, folder, settings, problems, now=now) if file else None)
    if problems.sentences or read is None:
        raise InvalidContentError("\n".join(problems.sentences))
    return _Folder(read, [file for file in found if file])


def _kept(
    session: Session,
    publication_id: int,
    file: StoryFile,
    story: Story | None,
    *,
    editor_id: int | None,
    now: datetime,
) -> StoryChoice:
    if file.image is not None:
        images.keep(session, file.image)
    for flyer in file.flyers:
        flyers.keep(session, flyer)
    if story is None:
        story = stories.create(session, publication_id, file.content, key=file.key, editor_id=editor_id, now=now)
    elif stories.content(session, story.id) != stories.clean(file.content):
        stories.save(session, story, file.content, base=story.head, editor_id=editor_id, now=now)
    return StoryChoice(story_id=story.id, revision=story.head)


def _content(read: _Folder, chosen: list[StoryChoice], before: IssueContent | None = None) -> IssueContent:
    """Return the issue; what its file does not name stays as it was `before`."""
    file, was = read.issue, before or IssueContent(texts={})
    return IssueContent(
        texts=file.texts,
        stories=tuple(chosen),
        sections=was.sections if file.sections is None else file.sections,
        audience=was.audience if file.audience is None else file.audience,
        send_at=file.send_at,
        later=was.later if file.later is None else file.later,
    )
