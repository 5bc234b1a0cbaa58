"""The style guide: every component in every state with invented data.

The application registers it only where its setting STYLEGUIDE is on.
"""

from starrating.blueprints.styleguide.views import bp

__all__ = ["bp"]
