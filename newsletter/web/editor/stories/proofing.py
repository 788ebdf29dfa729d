"""A story as readers will see it: at the desk, and by a link for those it is about."""

from datetime import timedelta

from starlette.responses import Response

from newsletter import database, proofs, stories, urls
from newsletter.errors import NotFoundError
from newsletter.models import Proof
from newsletter.web import templating, told
from newsletter.web.dependencies import Reading, Writing
from newsletter.web.editor.desk import AtDesk
from newsletter.web.editor.stories import desk
from newsletter.web.editor.stories import page as pages

router = desk.router()


@router.get("/stories/{story_id:int}/seen/{language}")
def show(at: AtDesk, session: Reading, story_id: int, language: str) -> Response:
    """Show a story as readers will see it."""
    story = stories.get(session, story_id)
    content = stories.content(session, story.id)
    if language not in content.texts or language not in at.context.settings.publication.languages:
        raise NotFoundError
    return templating.page(
        at.request,
        "web/seen.html.j2",
        words_area="reader",
        language=language,
        back=desk.path(at, story),
        desk_words=at.words,
        desk_language=at.language,
        alternates={each: desk.path(at, story, "seen", each) for each in content.texts},
        **told.names(at.context, content, language),
    )


@router.post("/stories/{story_id:int}/proofs")
def make(at: AtDesk, story_id: int) -> Response:
    """Make a link and show it, this once; only its hash is kept."""
    settings = at.context.settings
    with database.writing(at.context.engine) as session:
        story = stories.get(session, story_id)
        valid_for = timedelta(days=settings.stories.proof_days)
        token = proofs.make(session, story, valid_for=valid_for, editor_id=at.editor.id, now=at.now)
        languages = [
            each for each in settings.publication.languages if each in stories.content(session, story.id).texts
        ]
    with database.reading(at.context.engine) as session:
        fresh = urls.proof(settings, (languages or settings.publication.languages)[0], token)
        return pages.page(at, session, stories.get(session, story_id), fresh=fresh)


@router.post("/stories/{story_id:int}/proofs/{proof_id:int}/end")
def end(at: AtDesk, session: Writing, story_id: int, proof_id: int) -> Response:
    """Take a link back."""
    story, proof = stories.get(session, story_id), session.get(Proof, proof_id)
    if proof is None or proof.story_id != story.id:
        raise NotFoundError
    proofs.end(session, proof, editor_id=at.editor.id, now=at.now)
    return at.go(desk.path(at, story, done="proof_ended"))
