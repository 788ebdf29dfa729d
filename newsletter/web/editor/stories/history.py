"""Every saved state of a story, with what changed in it."""

from dataclasses import dataclass

from starlette.responses import Response

from newsletter import revisions, stories
from newsletter.revisions import Change, Version
from newsletter.stories.wording import CONTENT
from newsletter.web.dependencies import Reading
from newsletter.web.editor.desk import AtDesk, Desk
from newsletter.web.editor.stories import desk

PAGE = 20

router = desk.router()


@dataclass(frozen=True)
class Saved:
    """One saved state and what is different from the one before; none for the first."""

    version: Version
    changes: list[Change] | None


@router.get("/stories/{story_id:int}/history")
def show(at: AtDesk, session: Reading, story_id: int, before: desk.Before = None) -> Response:
    """List the saved states, newest first."""
    story = stories.get(session, story_id)
    versions = revisions.history(session, story, before=before, limit=PAGE + 1)
    saved = [_saved(at, *pair) for pair in zip(versions, [*versions[1:], None], strict=True)][:PAGE]
    content = stories.content(session, story.id)
    return at.page(
        "story_history",
        story=story,
        title=desk.title(content, at.language),
        saved=saved,
        older=saved[-1].version.number if len(versions) > PAGE else None,
    )


def _saved(at: Desk, version: Version, before: Version | None) -> Saved:
    if before is None:
        return Saved(version, None)
    topics = {topic.key: topic.title[at.language] for topic in at.context.settings.publication.topics}
    old, new = (CONTENT.validate_json(one.content) for one in (before, version))
    return Saved(version, revisions.diff(old, new, revisions.words_of(at.language), zone=at.zone, topics=topics))
