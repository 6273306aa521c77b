"""The chain's head, written outside the database, so that even a cut-off tail is found."""

import json
import logging
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from nowrongdoor.journal.models import Seal

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Anchor:
    seq: int
    hash: str
    at: str


def write(file: Path, *, at: datetime) -> Anchor | None:
    """Append the head to a file and to the log. None where nothing is sealed yet."""
    head = Seal.objects.order_by("-seq").first()
    if head is None:
        return None
    anchor = Anchor(head.seq, head.hash, at.isoformat())
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as lines:
        lines.write(json.dumps(asdict(anchor)) + "\n")
    log.info("anchor %s %s", anchor.seq, anchor.hash)
    return anchor


def read(file: Path) -> tuple[Anchor, ...]:
    """Every anchor of a file. A last line cut short by a crash is left out."""
    anchors = []
    for line in file.read_text().splitlines():
        try:
            anchors.append(Anchor(**json.loads(line)))
        except (json.JSONDecodeError, TypeError):
            log.warning("an anchor line cannot be read and is left out")
    return tuple(anchors)
