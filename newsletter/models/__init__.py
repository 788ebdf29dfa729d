"""Tables of what is sent; `subscribers.models` has those of who receives."""

from newsletter.models.delivery import Claim, Delivery, Letter
from newsletter.models.desk import Audit, Editor, EditorSession
from newsletter.models.issue import Approval, ArchivePage, Edition, Issue, Release
from newsletter.models.post import Post, PostAttempt
from newsletter.models.story import Image, Revision, Story

__all__ = [
    "Approval",
    "ArchivePage",
    "Audit",
    "Claim",
    "Delivery",
    "Edition",
    "Editor",
    "EditorSession",
    "Image",
    "Issue",
    "Letter",
    "Post",
    "PostAttempt",
    "Release",
    "Revision",
    "Story",
]
