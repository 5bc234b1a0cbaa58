"""Writing: one function per user act; `transaction.py` holds the only commit."""
