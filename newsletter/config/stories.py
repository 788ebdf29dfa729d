"""How stories come in, are shown to those they are about, and what these hear afterwards."""

from typing import Annotated

from pydantic import Field

from newsletter.config.base import Section


class StoriesSettings(Section):
    """Proposals, proofs, letters of thanks, and files that no story uses."""

    proposals: bool = True
    proof_days: Annotated[int, Field(ge=1, le=365)] = 14
    thanks_after_hours: Annotated[float, Field(ge=0, le=720)] = 72
    unused_days: Annotated[int, Field(ge=7, le=3650)] = 90
