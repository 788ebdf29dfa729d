"""Issues: an ordered choice of stories on its way to the readers."""

from newsletter.issues.copying import copy
from newsletter.issues.drafts import content, create, get, get_release, save
from newsletter.issues.outlining import Outline, begin, outline, outlines
from newsletter.issues.releases import due, is_misdated, release, send_held
from newsletter.issues.timetable import (
    MISSED,
    cancel,
    not_before,
    pause,
    postpone,
    resume,
    resume_from,
    schedule,
    unschedule,
)
from newsletter.issues.versions import Group, behind, between, compare, history, renew, restore, title, title_of
from newsletter.issues.views import choices, chosen, view

__all__ = [
    "MISSED",
    "Group",
    "Outline",
    "begin",
    "behind",
    "between",
    "cancel",
    "choices",
    "chosen",
    "compare",
    "content",
    "copy",
    "create",
    "due",
    "get",
    "get_release",
    "history",
    "is_misdated",
    "not_before",
    "outline",
    "outlines",
    "pause",
    "postpone",
    "release",
    "renew",
    "restore",
    "resume",
    "resume_from",
    "save",
    "schedule",
    "send_held",
    "title",
    "title_of",
    "unschedule",
    "view",
]
