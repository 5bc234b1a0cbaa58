"""A district's year: its steps, its calendar, who got more time, and the schemes that it is rated by."""
