"""Signing our own mail: the signature, its keys, and what stands of them in the DNS (RFC 6376, RFC 8463)."""
