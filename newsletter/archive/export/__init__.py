"""The archive as files: for an office whose website lives on another server, or for a folder that opens by itself."""

from newsletter.archive.export.collecting import Answer, collect
from newsletter.archive.export.writing import Written, write

__all__ = ["Answer", "Written", "collect", "write"]
