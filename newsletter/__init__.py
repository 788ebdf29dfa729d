"""What is sent: composing, approving, sending, archiving and posting one office's newsletter."""

__version__ = "0.1.0"
