"""Tables of what is sent; `subscribers.models` has those of who receives."""

from newsletter.models.approving import ApprovalRound, ApprovalTicket
from newsletter.models.correction import Correction
from newsletter.models.delivery import Claim, Delivery, Letter
from newsletter.models.desk import Audit, Editor, EditorSession
from newsletter.models.issue import Approval, ArchivePage, Edition, Issue, Release
from newsletter.models.journal import Installation, JournalDebt
from newsletter.models.link import Link, LinkClicks
from newsletter.models.pace import PaceCount, PaceRate
from newsletter.models.post import Post, PostAttempt
from newsletter.models.probe import Probe
from newsletter.models.proposal import Proof, ProofAnswer, Proposal
from newsletter.models.public import ArchiveNote, ArchiveState, PageViews, PublishedStory, StoryWords
from newsletter.models.series import Series, SeriesApproval, SeriesRun
from newsletter.models.story import Flyer, Image, Revision, Story, StoryText
from newsletter.models.tick import Tick
from newsletter.models.waiting import Waiting

__all__ = [
    "Approval",
    "ApprovalRound",
    "ApprovalTicket",
    "ArchiveNote",
    "ArchivePage",
    "ArchiveState",
    "Audit",
    "Claim",
    "Correction",
    "Delivery",
    "Edition",
    "Editor",
    "EditorSession",
    "Flyer",
    "Image",
    "Installation",
    "Issue",
    "JournalDebt",
    "Letter",
    "Link",
    "LinkClicks",
    "PaceCount",
    "PaceRate",
    "PageViews",
    "Post",
    "PostAttempt",
    "Probe",
    "Proof",
    "ProofAnswer",
    "Proposal",
    "PublishedStory",
    "Release",
    "Revision",
    "Series",
    "SeriesApproval",
    "SeriesRun",
    "Story",
    "StoryText",
    "StoryWords",
    "Tick",
    "Waiting",
]
