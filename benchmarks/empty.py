"""The floor of `benchmarks.saving`: a Flask application whose only route does nothing."""

from flask import Flask

app = Flask("empty")


@app.post("/")
def nothing() -> tuple[str, int]:
    """Answer at once."""
    return "", 204
