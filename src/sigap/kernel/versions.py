"""What a person had seen of a record when they decided (RFC 9110 §13.1.1): its revision, or nothing said."""

from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field

Rev = Annotated[int, Field(ge=1, lt=2**53, strict=True)]


@dataclass(frozen=True, slots=True)
class Seen:
    """The revisions, as entity tags, of which the record must have one now. None: whatever it is."""

    tags: frozenset[str] | None = None

    def holds(self, rev: object) -> bool:
        """Whether the record is still as it was seen."""
        return self.tags is None or str(rev) in self.tags

    def with_rev(self, rev: int | None) -> "Seen":
        """The same, and this revision: both must hold where both were said."""
        if rev is None:
            return self
        said = frozenset({str(rev)})
        return Seen(said if self.tags is None else said & self.tags)


ANYTHING: Final = Seen()
"""Nothing was said: the verb goes by the state alone."""
