"""The commands of `flask` by what they are about; `cli.py` hangs all of them on the application."""
