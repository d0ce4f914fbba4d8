"""Runs one program so that it ends when its parent ends, even by SIGKILL (Linux); run by path, not imported.

    tether.py PARENT SIGNAL UID GID PROGRAM ARGUMENTS...

The kernel sends SIGNAL to the program when PARENT dies. UID and GID are `-`, or the account to run as: changing it
clears the tether, so it happens here, before. Uses the standard library only and starts in a few milliseconds.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Take the account, tie to the parent, become the program."""
    parent, death_signal, uid, gid, *program = sys.argv[1:]
    if uid != "-":
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        if os.getppid() != int(parent):  # it died before the tether was tied
            sys.exit(1)
    os.execv(program[0], program)  # noqa: S606  the supervisor's own command line


if __name__ == "__main__":
    main()
