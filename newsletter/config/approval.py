"""Who must agree to an issue, in which order, and how they are asked."""

from typing import Annotated

from pydantic import EmailStr, Field, field_validator, model_validator

from newsletter.config.base import Section, Words

Addresses = Annotated[tuple[EmailStr, ...], Field(max_length=50)]


class SeatSettings(Section):
    """One place in the chain: any one of its editors agrees, or a deputy while all of them are away."""

    title: Words
    editors: Annotated[Addresses, Field(min_length=1)]
    deputies: Addresses = ()

    @field_validator("editors", "deputies")
    @classmethod
    def _as_editors_are_kept(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(address.strip().casefold() for address in value)


class ApprovalSettings(Section):
    """Who must agree."""

    required: bool
    confirm_hours: Annotated[float, Field(gt=0)]
    own_issues: bool = False
    seats: Annotated[tuple[SeatSettings, ...], Field(max_length=12)] = ()
    remind_hours: tuple[Annotated[float, Field(gt=0, le=240)], ...] = (24, 2)
    office_copy_minutes: Annotated[float, Field(ge=0, le=1440)] = 0

    @model_validator(mode="after")
    def _a_chain_can_be_walked(self) -> "ApprovalSettings":
        for number, seat in enumerate(self.seats, start=1):
            if not seat.title or not all(words.strip() for words in seat.title.values()):
                message = f"seat {number} of the approval chain needs a title"
                raise ValueError(message)
            twice = set(seat.editors) & set(seat.deputies)
            if twice:
                message = f"seat {number} of the approval chain names {min(twice)} as editor and as deputy"
                raise ValueError(message)
        return self
