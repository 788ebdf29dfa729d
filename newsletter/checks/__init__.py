"""What is looked at before approval may be asked, one file a check."""
