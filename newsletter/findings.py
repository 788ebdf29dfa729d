"""What a check found: one sentence about what is wrong and one about how to mend it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    """An error stops an issue; a warning stops it until an editor has ticked it."""

    check: str  # the name of the file in `newsletter.checks`
    severity: Literal["error", "warning"]
    language: str  # empty where it is about no language
    place: str  # "the issue", or the story by its key or title, and the field
    message: str
    mend: str
    fingerprint: str = ""  # the same finding in every revision, and in whatever language it is worded
    story_id: int | None = None  # the story it is about; none: the issue
