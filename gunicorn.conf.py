"""What gunicorn reads when it is started here: each worker is kept to its share of the processors."""

from typing import Any

from starrating.processors import keep_to, share_for


def pre_fork(server: Any, worker: Any) -> None:
    """Choose the share of a worker that is about to begin; whoever takes the place of a dead one gets its share."""
    worker.share = share_for(server.num_workers, [other.share for other in server.WORKERS.values()])


def post_fork(_server: Any, worker: Any) -> None:
    """Keep the new worker to its share before it begins a thread."""
    keep_to(worker.share)
