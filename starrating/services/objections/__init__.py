"""Objections to a notice: taken in, looked into, decided by whoever had no part in the result."""
