"""The public and the editors' pages, over HTTP."""
