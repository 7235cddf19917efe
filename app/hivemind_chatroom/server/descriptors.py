"""How many sockets this process may have open."""

from __future__ import annotations

import sys


def allow_descriptors(wanted: int) -> int:
    """Raise the soft limit of open files towards `wanted`, as far as the hard limit lets us.

    Most systems start a process with 1,024 (setrlimit(2), RLIMIT_NOFILE), which 1,000 streams and
    a page use up. It concerns the whole process, so only a program's start calls this.

    Returns:
        How many there may be now; `wanted` where there is no such limit (Windows).
    """
    if sys.platform == "win32":
        return wanted
    import resource  # noqa: PLC0415 - POSIX only

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed
