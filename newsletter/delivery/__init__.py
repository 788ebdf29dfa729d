"""The outboxes, the SMTP transport, and the closing report."""
