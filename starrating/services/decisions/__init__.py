"""Decisions on a published list: removals, their lifting and corrections, each a new edition."""
