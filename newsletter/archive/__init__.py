"""The public pages of past issues, and their feeds."""

from newsletter.archive.publishing import note, publish, version

__all__ = ["note", "publish", "version"]
