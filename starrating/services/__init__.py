"""Writing: one function per user act, a package for each journey; `transaction.py` holds the only commit.

What lies beside the packages is what all of them stand on: the clock, the trail, transactions, jobs, names as they
are compared. Which package may know which is a contract in `pyproject.toml`.
"""
