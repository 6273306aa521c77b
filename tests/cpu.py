"""`python -m tests.cpu COMMAND`: run it, and print the CPU seconds of everything that it started.

A process counts once somebody waited for it. PostgreSQL and the browser have children that outlive
their parents; as their reaper we wait for those, so that none is left out. That is Linux's; elsewhere
such children are missing from the sum.
"""

import ctypes
import os
import resource
import signal
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36


def main(command: list[str]) -> int:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    began = time.monotonic()
    child = subprocess.Popen(command)
    signal.signal(
        signal.SIGINT, lambda *_: None
    )  # Ctrl-C reaches the child too: we wait for its end
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    code = _wait_for_all(child.pid)
    child.returncode = code
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    total, wall = used.ru_utime + used.ru_stime, time.monotonic() - began
    parts = f"{used.ru_utime:.0f} user + {used.ru_stime:.0f} system"
    print(f"CPU seconds: {total:.0f} ({parts}) in {wall:.0f} s of wall time", flush=True)
    return code


def _wait_for_all(first: int) -> int:
    """The first child's exit code, once it and whatever it left behind have ended."""
    code = 1
    while True:
        try:
            pid, status = os.waitpid(-1, 0)
        except ChildProcessError:
            return code
        if pid == first:
            code = max(os.waitstatus_to_exitcode(status), -1) % 256


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
