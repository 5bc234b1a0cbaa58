"""Files in a store that speaks S3, through obstore: an upload is there wholly or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from starrating.services.storage import Kept, NotKept, StoreFull, StoreUnreachable

PATIENCE = timedelta(seconds=30)
FULL = ("QuotaExceeded", "InsufficientStorage", "XMinioStorageFull", "507")
"""What stores say that have no room left."""


class ObjectStore:
    """A bucket with a prefix."""

    def __init__(self, inner: S3Store) -> None:
        self.inner = inner

    def put(self, name: str, content: bytes) -> None:
        """Send a file in one request."""
        with self._faults():
            self.inner.put(name, content, use_multipart=False)

    def read(self, name: str) -> bytes:
        """Fetch a file."""
        with self._faults():
            return bytes(self.inner.get(name).bytes())

    def remove(self, name: str) -> None:
        """Take a file away; stores answer the same where there is none."""
        with self._faults():
            try:
                self.inner.delete(name)
            except NotFoundError:
                return

    def files(self) -> Iterator[Kept]:
        """Every file under the prefix."""
        with self._faults():
            for some in self.inner.list():
                yield from (Kept(one["path"], one["size"], one["last_modified"]) for one in some)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        """The faults of the library as the three that services know."""
        try:
            yield
        except (NotFoundError, FileNotFoundError) as fault:
            raise NotKept(str(fault)) from fault
        except (BaseError, OSError) as fault:
            text = str(fault)
            raise (StoreFull if any(sign in text for sign in FULL) else StoreUnreachable)(text) from fault


def object_store(config: Mapping[str, Any]) -> ObjectStore:
    """The bucket of the settings; without keys the library looks where every S3 client looks."""
    keys = {"access_key_id": config["S3_ACCESS_KEY"], "secret_access_key": config["S3_SECRET_KEY"],
            "endpoint": config["S3_ENDPOINT"]}  # fmt: skip
    plain = str(config["S3_ENDPOINT"]).startswith("http://")
    inner = S3Store(
        config["EVIDENCE_BUCKET"],
        prefix="evidence",
        region=config["S3_REGION"],
        virtual_hosted_style_request=False,
        client_options={"allow_http": plain, "timeout": PATIENCE, "connect_timeout": timedelta(seconds=5)},
        retry_config={"max_retries": 3, "retry_timeout": PATIENCE},
        **{name: value for name, value in keys.items() if value},
    )
    return ObjectStore(inner)
