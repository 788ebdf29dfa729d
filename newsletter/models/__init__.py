"""Tables of what is sent; `subscribers.models` has those of who receives."""

from newsletter.models.delivery import Claim, Delivery, Letter
from newsletter.models.desk import Audit, Editor, EditorSession
from newsletter.models.issue import Approval, ArchivePage, Edition, Issue, Release
from newsletter.models.post import Post, PostAttempt
from newsletter.models.series import Series
from newsletter.models.story import Flyer, Image, Revision, Story, StoryText

__all__ = [
    "Approval",
    "ArchivePage",
    "Audit",
    "Claim",
    "Delivery",
    "Edition",
    "Editor",
    "EditorSession",
    "Flyer",
    "Image",
    "Issue",
    "Letter",
    "Post",
    "PostAttempt",
    "Release",
    "Revision",
    "Series",
    "Story",
    "StoryText",
]
