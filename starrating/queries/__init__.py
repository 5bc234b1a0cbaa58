"""Reading: one function per question, frozen rows, always ordered, scope first."""
