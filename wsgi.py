"""The application that a server loads: `wsgi:app`."""

import os

from config import settings
from starrating.app import create_app

app = create_app(settings(os.environ))
