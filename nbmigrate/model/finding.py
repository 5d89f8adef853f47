"""What lint says of an operation: why it may hurt, and how the same is done safely."""

from __future__ import annotations

from nbmigrate.model.value import value


@value
class Finding:
    """One finding: the rule's name, the object that it is about, why, and what to do instead."""

    rule: str
    about: str
    why: str
    instead: str

    def __str__(self) -> str:
        """What and why, then the safe way."""
        return f"! {self.rule} {self.about}: {self.why}\n    instead: {self.instead}"
