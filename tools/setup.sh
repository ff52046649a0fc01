#!/bin/sh
# Finds a Python that can run tools/bootstrap.py (3.9 or newer); says in one sentence if there is none.
#     sh tools/setup.sh runtime|dev|lint|system
set -u
cd "$(dirname "$0")/.." || exit 1

starts() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 9))' >/dev/null 2>&1
}

stop() {
    printf '\nSigap cannot be set up: %s\n  %s\n' "$1" "$2" >&2
    exit 1
}

if [ -n "${PYTHON:-}" ]; then
    starts "$PYTHON" || stop "PYTHON=$PYTHON does not run here, or is older than 3.9." \
        "Leave PYTHON away, or name one that runs: PYTHON=/path/to/python3 make demo"
    exec "$PYTHON" tools/bootstrap.py "$@"
fi
for candidate in python3 python3.13 python3.12 python3.14 /opt/homebrew/bin/python3 /usr/local/bin/python3; do
    if starts "$candidate"; then
        exec "$candidate" tools/bootstrap.py "$@"
    fi
done
if command -v apt-get >/dev/null 2>&1; then
    stop "there is no Python 3 on this machine." "apt-get install python3 python3-venv"
fi
stop "there is no Python 3 on this machine." "Install one (macOS: brew install python@3.13) and run make again."
