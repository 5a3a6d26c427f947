"""Print reports; compute nothing; one file a format."""
