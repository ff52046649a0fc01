"""A site's settings.toml held against every room's catalogue at once, before anything starts.

A process knows the settings of the rooms it loads and passes over the rest; here all of them are loaded.
"""

from difflib import get_close_matches
from importlib import import_module
from typing import Final

from sigap.app.trouble import Trouble
from sigap.kernel import settings
from sigap.kernel.paths import Home

DECLARING: Final = (
    "calls.model",
    "dispatch.clocks",
    "dispatch.ranking.order",
    "dispatch.ranking.proposal",
    "geo.speeds",
    "identity.actions",
    "identity.seat_token",
    "incidents.model",
    "intake.reading",
    "reporting.feed",
    "reporting.files",
    "reporting.model",
    "voice.main",
    "voice.policy",
    "voice.recorder",
    "voice.watch",
)
"""The modules with a `settings.declare`."""


def everything(home: Home) -> list[settings.Setting[settings.Value]]:
    """The whole catalogue with the site's values. Raises Trouble as `check` does."""
    check(home)
    return settings.catalogue()


def check(home: Home) -> None:
    """Raises Trouble naming the entry that no room knows, or that is not of its type."""
    for module in DECLARING:
        import_module(f"sigap.{module}")
    try:
        settings.load(home.settings_file, whole=True)
    except ValueError as error:
        name = str(error).rsplit("no such setting: ", 1)[-1] if "no such setting" in str(error) else ""
        raise Trouble(f"{error}.", mend=_mend(name)) from error
    except OSError as error:
        raise Trouble(
            f"{home.settings_file} cannot be read: {error.strerror}.", mend=f"ls -l {home.settings_file}"
        ) from error


def _mend(unknown: str) -> str:
    known = [setting.name for setting in settings.catalogue()]
    near = get_close_matches(unknown, known, n=1, cutoff=0.7) if unknown else []
    return f"{'write ' + near[0] if near else 'mend that line'}; sigap settings lists them all"
