"""Issues: an ordered choice of stories on its way to the readers."""

from newsletter.issues.drafts import content, create, get, get_release, save
from newsletter.issues.releases import due, release, send_held
from newsletter.issues.timetable import cancel, pause, resume, schedule, unschedule
from newsletter.issues.views import choices, chosen, view

__all__ = [
    "cancel",
    "choices",
    "chosen",
    "content",
    "create",
    "due",
    "get",
    "get_release",
    "pause",
    "release",
    "resume",
    "save",
    "schedule",
    "send_held",
    "unschedule",
    "view",
]
