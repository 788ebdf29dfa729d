"""Where a finding stands."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A field of a story, or of the issue."""

    story_id: int | None = None  # none: the issue
    field: str = ""  # empty: the whole


ISSUE = Place()
