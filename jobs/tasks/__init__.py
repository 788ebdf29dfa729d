"""The catalogue of what the clock does, one file a subject."""
