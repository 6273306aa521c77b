"""Small files that one process writes and others read: each is there whole, old or new, never in part."""

import json
import os
import threading
from pathlib import Path


def put(file: Path, said: object) -> None:
    """Write this as JSON in the place of whatever was there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    fresh.write_text(json.dumps(said))
    fresh.replace(file)
