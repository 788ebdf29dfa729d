"""`newsletter subscribers`: import, export, show, erase."""
