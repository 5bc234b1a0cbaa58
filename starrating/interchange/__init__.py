"""Files in and out: one reader and one writer a format, exact, and strict enough to name the line that is wrong."""
