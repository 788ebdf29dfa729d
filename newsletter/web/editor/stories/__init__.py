"""Stories at the desk: the pool, one story's page, its form, its proofs and those it is told for."""

from newsletter.web.editor.stories import deciding, editing, history, listing, page, proofing, proposing

routers = (
    listing.router,
    editing.router,
    page.router,
    deciding.router,
    history.router,
    proofing.router,
    proposing.router,
)
