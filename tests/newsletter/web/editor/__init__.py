"""The desk, as a browser without JavaScript sees it."""
