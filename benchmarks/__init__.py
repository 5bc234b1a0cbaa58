"""Measurements of the offline command beside their floors; tests never assert a time."""
