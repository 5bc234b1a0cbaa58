"""What is published, as text: one canonical JSON of a list or an edition, its digest and its signature."""
