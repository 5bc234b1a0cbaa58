"""What units say of themselves, what townships and the district make of it, and what may be wrong."""
