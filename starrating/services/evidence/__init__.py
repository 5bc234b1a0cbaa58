"""Files that prove a value: what they really are, who may see them, where they lie."""
