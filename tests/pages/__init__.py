"""Pages: the house rules of every HTML answer, the macros, the style guide in a browser."""
