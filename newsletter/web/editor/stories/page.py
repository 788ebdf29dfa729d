"""One story: how far it is, what it says, whom it is told for, and what may be done with it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from newsletter import corrections, proofs, proposals, stories
from newsletter.archive import pages
from newsletter.models import Editor, Issue, Revision, Story
from newsletter.web.dependencies import Reading
from newsletter.web.editor.desk import AtDesk, Desk
from newsletter.web.editor.stories import desk, listing, sheet

MOST_ISSUES = 20

router = desk.router()


@router.get("/stories/{story_id:int}")
def show_one(at: AtDesk, session: Reading, story_id: int) -> Response:
    """Show one story."""
    return page(at, session, stories.get(session, story_id))


def page(at: Desk, session: Session, story: Story, *, status: int = 200, **values: Any) -> Response:
    """Return a story's page; `wrong` names a sentence where it is the answer to something that was refused."""
    languages = at.context.settings.publication.languages
    content = stories.content(session, story.id)
    return at.page(
        "story",
        status=status,
        here=desk.path(at, story),
        story=story,
        content=content,
        title=desk.title(content, at.language),
        colour=desk.colour(at, content),
        standing=stories.standing(session, story, languages),
        decisions=stories.possible(story),
        following=stories.successor(session, story) if content.kind == "fair" else None,
        proposer=proposals.of_story(session, story.id),
        proofs=proofs.of_story(session, story.id),
        names=listing.editors(session),
        owners=_present(session),
        issues=_issues(session, story),
        offer=corrections.offer_of(session, story),
        today=at.now.astimezone(at.zone).date(),
        now=at.now,
        size=pages.size,
        proof_days=at.context.settings.stories.proof_days,
        named_countries=at.words("issue.list_comma").join(name for _, name in sheet.countries(at, content.countries)),
        **{"wrong": "", "fresh": "", "typed": {}, **values},
    )


def _present(session: Session) -> list[Editor]:
    return list(session.scalars(select(Editor).where(Editor.disabled_at.is_(None)).order_by(Editor.name)))


def _issues(session: Session, story: Story) -> list[Issue]:
    """Return the issues whose newest revision holds the story, newest first."""
    holding = (
        select(Issue)
        .join(Revision, (Revision.subject_id == Issue.id) & (Revision.number == Issue.head))
        .where(
            Issue.publication_id == story.publication_id,
            Issue.kind == "issue",
            Revision.subject_kind == "issue",
            Revision.content.contains(f'"story_id":{story.id},', autoescape=True),  # as pydantic writes it
        )
    )
    return list(session.scalars(holding.order_by(Issue.number.desc()).limit(MOST_ISSUES)))
