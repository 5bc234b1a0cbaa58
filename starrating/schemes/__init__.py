"""YAML in, domain objects out."""
