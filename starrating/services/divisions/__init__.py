"""The city's divisions and units, and the boundaries that its office may show."""
