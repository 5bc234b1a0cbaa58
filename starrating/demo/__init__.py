"""The demonstration: real villages and communities of one city, invented scores (示例), rated year after year."""
