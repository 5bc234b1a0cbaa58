"""Accounts, their passwords and sessions: who is asking."""
