"""The application that a server loads: `wsgi:app`."""

import gc
import os

from config import settings
from starrating.app import create_app

app = create_app(settings(os.environ))
gc.collect()
gc.freeze()  # what is loaded by now stays for good: it is not looked through again and again for what can be given back
gc.set_threshold(5_000, 20, 20)  # few circles are left behind: looking for them at 700, 10, 10 is a fifteenth of a save
