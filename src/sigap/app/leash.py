"""Starts one program that must not outlive whoever started it. Run by path; standard library only.

    python leash.py --signal INT --starter PID [--nice 19] [--user nobody] [--watch] -- PROGRAM ARG …

On Linux the kernel holds the leash (PR_SET_PDEATHSIG) and this process *becomes* the program, so it costs
nothing. Elsewhere, or with --watch, it stays as a small parent and watches its standard input: when the
starter is gone, however it went, the pipe closes and the program is told to end.

`--user` drops root first: the kernel forgets the leash when credentials change, so the order matters. The
leash is tied to the *thread* that started us: start from one that lives as long as the process.
"""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import threading

PR_SET_PDEATHSIG = 1


def _drop_root(name: str) -> None:
    user = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


def _become(program: list[str], end: signal.Signals, starter: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(end), 0, 0, 0)
    if os.getppid() != starter:  # it died before the leash was on
        raise SystemExit(1)
    os.execv(program[0], program)


def _watch(program: list[str], end: signal.Signals) -> int:
    child = subprocess.Popen(program, stdin=subprocess.DEVNULL)
    for forwarded in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(forwarded, lambda number, _frame: child.send_signal(number))

    def until_closed() -> None:
        while os.read(0, 1024):
            pass
        child.send_signal(end)

    threading.Thread(target=until_closed, daemon=True).start()
    code = child.wait()
    return 128 - code if code < 0 else code


def main(arguments: list[str]) -> int:
    """Parse by hand: this starts before every process of the room, so it loads as little as it can."""
    cut = arguments.index("--")
    options, program = arguments[:cut], arguments[cut + 1 :]
    end = signal.Signals[f"SIG{options[options.index('--signal') + 1]}"]
    starter = int(options[options.index("--starter") + 1])
    if "--nice" in options:
        os.nice(int(options[options.index("--nice") + 1]))
    if "--user" in options:
        _drop_root(options[options.index("--user") + 1])
    if sys.platform == "linux" and "--watch" not in options:
        _become(program, end, starter)
    return _watch(program, end)


def command(program: list[str], *, end: str = "TERM", user: str | None = None, nice: int = 0) -> list[str]:
    """The argument list that starts `program` on a leash held by this process.

    `end` names the signal it gets when we are gone, `nice` how far it stands back for others (0 to 19). On systems other than Linux the starter must keep the
    write end of its standard input open (`stdin=subprocess.PIPE`).
    """
    dropped = ["--user", user] if user else []
    options = ["--signal", end, "--starter", str(os.getpid()), "--nice", str(nice), *dropped]
    return [sys.executable, "-I", "-S", __file__, *options, "--", *program]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
