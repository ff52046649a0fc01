"""What stops an installation from running, in one sentence, with what mends it."""


class Trouble(RuntimeError):
    """Said to the person who started us; never a traceback. `mend` is a command or an act, not a theory."""

    def __init__(self, what: str, *, mend: str) -> None:
        if what.endswith("."):
            what = what.rstrip(".") + "."  # an error's own words may have brought theirs
        super().__init__(f"{what} Mend: {mend.rstrip('.')}.")
        self.what = what
        self.mend = mend
