"""``@value`` beside ``@dataclass(frozen=True)``: whoever holds a result can't tell them apart."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any

import pytest

from nbmigrate.model.value import replaced, value


@value
class Ours:
    """A place."""

    name: str
    rows: tuple[int, ...] = ()
    note: str | None = None

    @property
    def size(self) -> int:
        return len(self.rows)


@dataclasses.dataclass(frozen=True)
class Theirs:
    name: str
    rows: tuple[int, ...] = ()
    note: str | None = None


BOTH = pytest.mark.parametrize("make", [Ours, Theirs])


@BOTH
@pytest.mark.parametrize(
    ("args", "kw"),
    [
        ((), {}),
        (("a", (), None, 4), {}),
        (("a",), {"name": "b"}),
        (("a",), {"colour": 1}),
        ((), {"note": "x"}),
    ],
)
def test_what_does_not_fit_is_a_type_error(make: Any, args: Any, kw: Any) -> None:
    with pytest.raises(TypeError):
        make(*args, **kw)


@BOTH
def test_a_value(make: Any) -> None:
    one, two = make("a", rows=(1, 2)), make("a", (1, 2), None)
    assert one == two and hash(one) == hash(two) and one != make("b") and one != ("a", (1, 2), None)
    assert repr(one) == f"{make.__name__}(name='a', rows=(1, 2), note=None)"
    assert dataclasses.asdict(one) == {"name": "a", "rows": (1, 2), "note": None}
    assert [field.name for field in dataclasses.fields(one)] == ["name", "rows", "note"]
    assert dataclasses.fields(make)[1].default == ()
    assert dataclasses.replace(one, note="n") == make("a", (1, 2), "n")
    assert dataclasses.is_dataclass(one)
    assert pickle.loads(pickle.dumps(one)) == one == copy.deepcopy(one)
    for change in (lambda: setattr(one, "name", "z"), lambda: delattr(one, "name")):
        with pytest.raises(dataclasses.FrozenInstanceError):
            change()
    match one:
        case make(name, rows):
            assert (name, rows) == ("a", (1, 2))


def test_replaced() -> None:
    one = Ours("a", (1,))
    assert replaced(one, note="n") == Ours("a", (1,), "n")
    assert one.note is None and one.size == 1


def test_a_text_of_its_own_is_kept() -> None:
    @value
    class Named:
        name: str

        def __repr__(self) -> str:
            return f"<{self.name}>"

    assert repr(Named("a")) == "<a>"


def test_what_is_hidden_is_neither_shown_nor_compared() -> None:
    @value(hidden=("graph",))
    class Step:
        graph: Any
        name: str = "x"

    assert (
        Step(object()) == Step(graph=object()) and hash(Step(1)) == hash(Step(2)) and Step(1, "y") != Step(1)
    )
    assert repr(Step(1)).endswith("Step(name='x')")
    assert not dataclasses.fields(Step)[0].compare
    with pytest.raises(TypeError, match="lacks graph"):
        Step()  # type: ignore[call-arg]
