"""Posts on the office's pages, one file a channel."""
