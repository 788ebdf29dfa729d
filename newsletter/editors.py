"""The people of the office: who they are, how they log in, what they may do."""

import base64
import hashlib
import hmac
import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from newsletter import audit, passwords
from newsletter.errors import EditorError, NotAllowedError, NotFoundError
from newsletter.keys import Keys
from newsletter.models import Editor, EditorSession
from subscribers import address
from subscribers.errors import AddressError

ROLES = ("editor", "approver", "admin")
"""Each may do what the former may."""

REASONS = ("email", "name", "role", "taken", "short", "long", "simple", "away_order", "away_day")
"""The words `EditorError.reason` may be; `short`, `long` and `simple` are about the password."""

SESSION_LASTS = timedelta(hours=12)
"""A working day: one log-in each morning."""

TOKEN_BYTES = 32
SETUP_BYTES = 10
"""80 bits: sixteen letters to copy from the terminal once."""


def create(
    session: Session, *, email: str, name: str, role: str, password: str, now: datetime, language: str = "en"
) -> Editor:
    """Add an editor; raise EditorError whose `reason` says what is wrong."""
    known = _address(email)
    name = " ".join(name.split())
    if not name:
        raise EditorError("name", "An editor needs a name.")
    if role not in ROLES:
        raise EditorError("role", f"There is no role {role!r}; there are {', '.join(ROLES)}.")
    if _find(session, known) is not None:
        raise EditorError("taken", "There is already an editor with that address.")
    editor = Editor(
        email=known,
        name=name,
        role=role,
        language=language,
        password_hash=_hash(password, known),
        created_at=now,
    )
    session.add(editor)
    session.flush()
    audit.record(session, "add", f"editor {editor.id}", editor_id=None, now=now, role=role)
    return editor


def exist(session: Session) -> bool:
    """Return whether there is any editor yet."""
    return session.scalar(select(Editor.id).limit(1)) is not None


def by_email(session: Session, email: str) -> Editor:
    """Return the editor with that address; raise NotFoundError."""
    editor = _find(session, _address(email))
    if editor is None:
        raise NotFoundError("There is no editor with that address.")
    return editor


def may(editor: Editor, role: str) -> bool:
    """Return whether an editor's role includes `role`."""
    return ROLES.index(editor.role) >= ROLES.index(role)


def demand(editor: Editor, role: str) -> None:
    """Raise NotAllowedError unless the editor's role includes `role`."""
    if not may(editor, role):
        raise NotAllowedError


def authenticate(session: Session, *, email: str, password: str) -> Editor | None:
    """Return the editor whose address and password these are, or None; an unknown address takes as long.

    Raises BusyError where too many log in at once.
    """
    try:
        editor = _find(session, _address(email))
    except EditorError:
        editor = None
    kept = editor.password_hash if editor is not None and editor.disabled_at is None else None
    return editor if passwords.fits(password, kept) else None


def open_session(session: Session, editor: Editor, *, now: datetime) -> str:
    """Begin a log-in; return the token for the cookie, of which only the hash is kept."""
    session.execute(delete(EditorSession).where(EditorSession.expires_at <= now))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        EditorSession(token_hash=token_hash(token), editor_id=editor.id, created_at=now, expires_at=now + SESSION_LASTS)
    )
    audit.record(session, "log in", f"editor {editor.id}", editor_id=editor.id, now=now)
    return token


def find_session(session: Session, token: str, *, now: datetime) -> Editor | None:
    """Return the editor who holds this token, or None once it is over or the editor is disabled."""
    query = select(Editor).join(EditorSession, EditorSession.editor_id == Editor.id)
    return session.scalar(
        query.where(
            EditorSession.token_hash == token_hash(token),
            EditorSession.expires_at > now,
            Editor.disabled_at.is_(None),
        )
    )


def close_session(session: Session, token: str) -> None:
    """End one log-in."""
    session.execute(delete(EditorSession).where(EditorSession.token_hash == token_hash(token)))


def change_password(session: Session, editor: Editor, password: str, *, now: datetime) -> None:
    """Set a new password and end every log-in of this editor, in all browsers; raise EditorError."""
    editor.password_hash = _hash(password, editor.email)
    session.execute(delete(EditorSession).where(EditorSession.editor_id == editor.id))
    audit.record(session, "change password", f"editor {editor.id}", editor_id=editor.id, now=now)


def change_language(editor: Editor, language: str) -> None:
    """Show the desk in another language from now on."""
    editor.language = language


def keep_absence(
    session: Session, editor: Editor, first: date | None, last: date | None, *, by: int | None, now: datetime
) -> None:
    """Keep the days of an absence, both included; no first day: here, no last day: until further notice.

    Raises EditorError `away_order`. `by` is the editor who says so, none the command line.
    """
    if first is not None and last is not None and last < first:
        raise EditorError("away_order", "The last day of an absence comes before the first.")
    editor.away_from, editor.away_until = first, last if first is not None else None
    told = {"first": first, "last": editor.away_until}
    audit.record(session, "absence", f"editor {editor.id}", editor_id=by, now=now, **told)


def setup_code(keys: Keys) -> str:
    """Return the code that lets the first editor in, in groups of four; it counts only while `exist` is False."""
    digest = hmac.digest(keys.session, b"first editor", "sha256")[:SETUP_BYTES]
    letters = base64.b32encode(digest).decode("ascii").lower()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def is_setup_code(keys: Keys, code: str) -> bool:
    """Return whether this is the set-up code; case, blanks and hyphens do not matter, and neither does time."""
    typed = "".join(letter for letter in code.lower() if letter.isalnum())
    return hmac.compare_digest(typed.encode(), setup_code(keys).replace("-", "").encode())


def token_hash(token: str) -> bytes:
    """Return what is kept of a session's token."""
    return hashlib.sha256(token.encode()).digest()


def _find(session: Session, email: str) -> Editor | None:
    return session.scalar(select(Editor).where(Editor.email == email))


def _address(email: str) -> str:
    try:
        return address.parse(email).key
    except AddressError as error:
        raise EditorError("email", "That is not an e-mail address.") from error


def _hash(password: str, email: str) -> str:
    weakness = passwords.weakness(password, email=email)
    if weakness is not None:
        raise EditorError(
            weakness, f"A password needs {passwords.MIN_LENGTH} characters or more, and more than a few different ones."
        )
    return passwords.hashed(password)
