"""What endpoints ask for: the context, a session to read, a session to write."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from newsletter import database
from newsletter.web.context import Context


def _context(request: Request) -> Context:
    context: Context = request.app.state.context
    return context


def _reading(context: Annotated[Context, Depends(_context)]) -> Iterator[Session]:
    with database.reading(context.engine) as session:
        yield session


def _writing(context: Annotated[Context, Depends(_context)]) -> Iterator[Session]:
    with database.writing(context.engine) as session:
        yield session


WithContext = Annotated[Context, Depends(_context)]
Reading = Annotated[Session, Depends(_reading)]
# scope="function": the commit happens before the answer leaves, so a 200 is a promise kept.
Writing = Annotated[Session, Depends(_writing, scope="function")]
