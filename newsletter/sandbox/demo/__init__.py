"""The demo: the product itself on this machine, with real servers around it and one page that leads through it."""
