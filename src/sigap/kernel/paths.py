"""Where an installation keeps its things."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one installation. Everything that must survive lies below it."""

    root: Path

    @classmethod
    def from_environment(cls) -> "Home":
        """SIGAP_HOME if set; else /var/lib/sigap for root and the XDG data folder for a user."""
        if named := os.environ.get("SIGAP_HOME"):
            return cls(Path(named).expanduser().resolve())
        if os.geteuid() == 0:
            return cls(Path("/var/lib/sigap"))
        data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
        return cls(Path(data) / "sigap")

    def make(self) -> "Home":
        """Create the folders that are missing; keys are for the owner alone."""
        for folder in (self.root, self.recordings, self.spool, self.roads, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        self.keys.mkdir(mode=0o700, exist_ok=True)
        return self

    @property
    def keys(self) -> Path:
        """Secrets of this installation, mode 0700."""
        return self.root / "keys"

    @property
    def recordings(self) -> Path:
        """Recorded calls, by day."""
        return self.root / "recordings"

    @property
    def spool(self) -> Path:
        """What voice learnt and has not yet handed on."""
        return self.root / "spool"

    @property
    def postgres(self) -> Path:
        """The embedded database's data folder."""
        return self.root / "postgres"

    @property
    def roads(self) -> Path:
        """Road graph and map tiles."""
        return self.root / "roads"

    @property
    def logs(self) -> Path:
        """Output of the processes."""
        return self.root / "logs"

    @property
    def settings_file(self) -> Path:
        """The site's overrides of the settings catalogue."""
        return self.root / "settings.toml"
