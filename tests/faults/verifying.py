"""`nowrongdoor verify`, asked again and again in one interpreter: starting costs more than looking.

Run as a program, it reads an anchor file's name from each line and answers [exit code, what was
said]. The same command from a fresh interpreter is `House.verify`.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner


class Verifier:
    """The other end: ask, and wait for the answer."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def __call__(self, anchor: Path) -> tuple[int, str]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{anchor}\n")
        self._process.stdin.flush()
        code, said = json.loads(self._process.stdout.readline())
        return code, said


@contextmanager
def verifier(environment: dict[str, str], cwd: Path) -> Iterator[Verifier]:
    with subprocess.Popen(
        [sys.executable, __file__],
        cwd=cwd,
        env=environment | {"PYTHONPATH": str(cwd)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Verifier(process)
        finally:
            process.kill()


def main() -> None:
    from django.db import connections

    from nowrongdoor.site import cli

    for anchor in sys.stdin:
        done = CliRunner().invoke(cli.main, ["verify", "--anchor", anchor.strip()])
        connections["owner"].close()  # the server may be another one the next time
        said = done.output if done.exception is None else f"{done.output}{done.exception!r}"
        print(json.dumps([done.exit_code, said]), flush=True)


if __name__ == "__main__":
    main()
