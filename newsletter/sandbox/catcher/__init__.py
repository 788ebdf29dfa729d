"""The mail catcher: real SMTP and IMAP servers and a web page for what arrived; nothing leaves this machine."""

from newsletter.sandbox.catcher.catcher import Catcher
from newsletter.sandbox.catcher.store import Caught

__all__ = ["Catcher", "Caught"]
