"""Who signs the mail (DKIM, RFC 6376), and with which keys."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from newsletter.config.base import Section

SELECTOR = r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"
"""One label of a domain name (RFC 6376 3.1 allows more, web forms of DNS companies do not)."""
Selector = Annotated[str, StringConstraints(pattern=SELECTOR)]
Domain = Annotated[
    str, StringConstraints(pattern=r"^$|^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$")
]
FieldName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]*$")]

UNSIGNABLE = ("return-path", "received", "dkim-signature", "bcc")
"""Fields that change on the way (RFC 6376 5.4) or that we never write."""


class DkimSettings(Section):
    """Whether the relay signs, or we do."""

    signing: Literal["relay", "own"] = "relay"
    domain: Domain = ""
    selectors: tuple[Selector, ...] = ()
    headers: tuple[FieldName, ...] = ()
    valid_days: Annotated[int, Field(ge=0, le=365)] = 0

    @property
    def valid(self) -> timedelta | None:
        """Return how long a signature says that it is good for, or None where it does not say."""
        return timedelta(days=self.valid_days) if self.valid_days else None

    @model_validator(mode="after")
    def _can_be_kept(self) -> "DkimSettings":
        if self.signing == "own" and not self.selectors:
            message = "name the keys that sign in selectors; newsletter dkim make-key makes them and says their names"
            raise ValueError(message)
        if len(set(self.selectors)) < len(self.selectors):
            message = "a selector is named twice in selectors"
            raise ValueError(message)
        if unsignable := [name for name in self.headers if name.lower() in UNSIGNABLE]:
            message = f"{unsignable[0]} cannot be signed; it changes on the way"
            raise ValueError(message)
        return self
