"""Test mails from the command line: a marked copy of an issue to colleagues."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from newsletter import editors, issues, previews
from newsletter.cli import previews as written
from newsletter.cli.state import State
from newsletter.errors import NotFoundError
from newsletter.letters import Written
from newsletter.models import Edition, Issue
from newsletter.previews import Reader


def send(
    state: State, find: Callable[[Session], Issue], to: Sequence[str], *, language: str, reader: str, by: str
) -> int:
    """Queue a test of the issue that `find` returns, complete or as one reader gets it; return to how many.

    Raises RecipientsError for who is no colleague, NotFoundError for a reader, an editor or a language there is not.
    """
    with state.reading() as session:
        colleagues = previews.recipients(session, state.settings, " ".join(to))
        test = _written(state, session, find(session), language=language, reader=reader, by=by)
    with state.writing() as session:
        return previews.send(session, test, colleagues, now=state.now())


def _written(state: State, session: Session, issue: Issue, *, language: str, reader: str, by: str) -> Written:
    editor = editors.by_email(session, by)
    someone = (
        written.named(session, issue, reader) if reader else previews.sample(language or _first(state), editor.name)
    )
    edition = _edition(state, session, issue, someone, is_sample=not reader)
    copy = previews.copy(session, state.settings, issue, edition, someone, now=state.now())
    return previews.written(state.settings, issue, copy, language=editor.language, by=editor.name)


def _edition(state: State, session: Session, issue: Issue, reader: Reader, *, is_sample: bool) -> Edition:
    if not is_sample:
        return written.got(session, state.settings, issue, reader)
    if reader.language not in issues.content(session, issue).texts:
        message = f"Issue {issue.number} has no words in {reader.language}."
        raise NotFoundError(message)
    return previews.drafted(session, state.settings, issue, reader.language)


def _first(state: State) -> str:
    return state.settings.publication.languages[0]
