"""What everybody may see without signing in: published lists and the notices before them."""

from flask import Blueprint

bp = Blueprint("public", __name__, url_prefix="/public")

from starrating.blueprints.public import editions, notice_files, objecting, objectors, papers, verifying, views

__all__ = ["bp", "editions", "notice_files", "objecting", "objectors", "papers", "verifying", "views"]
