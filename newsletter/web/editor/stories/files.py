"""Pictures and flyers that come with a form: looked at, kept, and known by nothing but their hash."""

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from newsletter import database, flyers, images
from newsletter.content import Flyer, Picture
from newsletter.errors import UploadError
from newsletter.models import Flyer as KeptFlyer
from newsletter.models import Image
from newsletter.web import uploads
from newsletter.web.editor.desk import Desk
from newsletter.web.editor.stories import form
from newsletter.web.editor.stories.form import Form
from newsletter.web.editor.stories.saying import Wrong


def received(at: Desk, sent: FormData) -> tuple[Form, dict[str, Wrong]]:
    """Return the form with the files that came with it, kept already, and what is wrong with those.

    They are kept even where the form is shown again, since a browser does not send a file twice.
    """
    typed = form.read(sent, at.context.settings.publication.languages)
    wrong: dict[str, Wrong] = {}
    with database.reading(at.context.engine) as session:
        typed = _known(session, typed)
    for name, take in (("picture", _with_picture), ("flyer", _with_flyer)):
        given = uploads.file(sent, f"new_{name}")
        try:
            typed = take(at, typed, *given) if given else typed
        except UploadError as error:
            wrong[name] = Wrong(error.reason)
    return typed, wrong


def _known(session: Session, typed: Form) -> Form:
    """Return the form with sizes as they are kept, and without files that we do not have."""
    image = session.get(Image, typed.picture.hash) if typed.picture else None
    size = {"width": image.width, "height": image.height} if image else {}
    picture = typed.picture.model_copy(update=size) if typed.picture and image else None
    length = select(KeptFlyer.hash, func.length(KeptFlyer.content))
    sizes: dict[str, int] = dict(
        session.execute(length.where(KeptFlyer.hash.in_([one.hash for one in typed.flyers]))).all()
    )
    held = tuple(one.model_copy(update={"size": sizes[one.hash]}) for one in typed.flyers if one.hash in sizes)
    return replace(typed, picture=picture, flyers=held)


def _with_picture(at: Desk, typed: Form, raw: bytes, _name: str) -> Form:
    prepared = images.prepare(raw, now=at.now)  # takes its time, so outside any transaction
    with database.writing(at.context.engine) as session:
        image = images.keep(session, prepared)
        size = {"hash": image.hash, "width": image.width, "height": image.height}
    held = typed.picture or Picture(hash="", width=0, height=0, alt={})
    return replace(typed, picture=held.model_copy(update=size), keeps_picture=True)


def _with_flyer(at: Desk, typed: Form, raw: bytes, name: str) -> Form:
    prepared = flyers.prepare(raw, name, now=at.now)
    with database.writing(at.context.engine) as session:
        kept = flyers.keep(session, prepared)
        titles = typed.flyer_title or dict.fromkeys(typed.words, kept.name)
        added = Flyer(hash=kept.hash, size=len(kept.content), title=titles)
    others = tuple(one for one in typed.flyers if one.hash != added.hash)
    return replace(typed, flyers=(*others, added), flyer_title={})
