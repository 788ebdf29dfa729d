"""How an edition and a reader become the bytes of one message."""
