"""The text form of an issue: a folder with issue.toml, a file a story, and pictures (docs/editors.md)."""

from newsletter.folder.importing import load, revise
from newsletter.folder.source import Redate

__all__ = ["Redate", "load", "revise"]
