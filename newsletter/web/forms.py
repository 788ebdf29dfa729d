"""Small forms: read within limits, without files; and the token that tells a person from a robot."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from newsletter.web.context import Context
from subscribers import tokens

MAX_BYTES = 64 * 1024
MAX_FIELDS = 200
MAX_AGE = timedelta(hours=2)
"""A form that was open for longer is shown once more; robots keep tokens for days."""

TOKEN = "token"  # noqa: S105 - the name of a field, not a secret
TRAP = "website"
"""A field that no person sees. Whoever fills it in is answered like anybody else and nothing happens."""


@dataclass(frozen=True)
class Fields:
    """What was sent, by name."""

    values: dict[str, list[str]]

    def one(self, name: str) -> str:
        """Return the first value of that name, or an empty string."""
        return next(iter(self.all(name)), "")

    def all(self, name: str) -> list[str]:
        """Return every value of that name."""
        return self.values.get(name, [])


class Pace(Enum):
    """How long a form was open."""

    HUMAN = "human"
    FAST = "fast"
    OLD = "old"
    FORGED = "forged"


def token(context: Context) -> str:
    """Return the signed time at which a form is shown."""
    return tokens.form_token(context.keys.form, context.now())


def pace(context: Context, fields: Fields) -> Pace:
    """Return how the sender handled the form's token."""
    age = tokens.form_age(context.keys.form, fields.one(TOKEN), context.now())
    if age is None:
        return Pace.FORGED
    if age < context.least_form_age:
        return Pace.FAST
    return Pace.OLD if age > MAX_AGE else Pace.HUMAN


def next_token(context: Context, fields: Fields, seen: Pace) -> str:
    """Return the token of a form that is shown again.

    A good one goes on counting. Instead of an old one there is one that may be sent at once,
    for its bearer has waited already.
    """
    if seen in (Pace.HUMAN, Pace.FAST):
        return fields.one(TOKEN)
    waited: datetime = context.now() - (context.least_form_age if seen is Pace.OLD else timedelta(0))
    return tokens.form_token(context.keys.form, waited)


async def _read(request: Request) -> Fields:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            raise HTTPException(413)
    try:
        values = parse_qs(
            body.decode("ascii", "replace"), keep_blank_values=True, errors="replace", max_num_fields=MAX_FIELDS
        )
    except ValueError as error:
        raise HTTPException(422) from error
    return Fields(values)


Submitted = Annotated[Fields, Depends(_read)]
"""The fields of an urlencoded form."""
