"""The offline commands: rate, check, explain, compare, audit. They read and write files; there is no database."""
