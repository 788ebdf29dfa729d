"""Messages: headers, encodings, segments, letters."""
