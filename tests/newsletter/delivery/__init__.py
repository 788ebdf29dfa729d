"""The outboxes, the transport and what comes of them."""
