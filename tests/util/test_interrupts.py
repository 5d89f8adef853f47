"""Ctrl-C held back, and delivered where it does no harm."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from nbmigrate.util import interrupts
from nbmigrate.util.interrupts import allowed, held, hold_from_here


@pytest.fixture(autouse=True)
def pythons_own() -> Iterator[None]:
    """Python's handler is in place before, and after."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


def press() -> None:
    signal.raise_signal(signal.SIGINT)


def test_what_is_held_is_delivered_at_the_end() -> None:
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt), held():
        press()
        done.append("all the same")
    assert done


def test_what_is_held_is_delivered_at_the_next_place_that_allows_it() -> None:
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt), held():
        press()
        done.append("before")
        with allowed():
            done.append("inside")
    assert done == ["before"]


def test_it_comes_through_where_it_is_allowed_and_then_no_more() -> None:
    """The second one would break what the first one's exception passes on its way."""
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt), held():
        try:
            with allowed():
                try:
                    press()
                finally:
                    press()
                    done.append("inner")
        finally:
            press()
            done.append("outer")
    assert done == ["inner", "outer"]


def test_what_is_allowed_can_be_ended_from_inside() -> None:
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt), held():
        with allowed():
            hold_from_here()
            press()
            done.append("held")
        done.append("after")
    assert done == ["held", "after"]


def test_blocks_nest() -> None:
    """As a revision does that runs migrations of its own."""
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt), held(), allowed():
        with held():
            press()
            done.append("inner")
        done.append("outer")
        with allowed():
            done.append("never")
    assert done == ["inner", "outer"]


def test_an_error_is_not_covered_by_what_was_held() -> None:
    with pytest.raises(LookupError), held():
        press()
        raise LookupError


def test_an_error_that_a_driver_makes_of_it_is_an_interrupt() -> None:
    """DuckDB says RuntimeError("Query interrupted")."""
    with pytest.raises(KeyboardInterrupt) as interrupt, held(), allowed():
        try:
            press()
        except KeyboardInterrupt:
            raise RuntimeError("Query interrupted") from None
    assert isinstance(interrupt.value.__cause__, RuntimeError)


def test_whoever_presses_again_after_a_while_is_not_made_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interrupts, "PATIENCE", 0.0)
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt), held():
        press()
        done.append("first")
        press()
        done.append("second")
    assert done == ["first"]


def test_a_programs_own_handler_keeps_deciding() -> None:
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: pressed.append(number))
    try:
        with held():
            press()
            assert pressed == []
            with allowed():
                assert pressed == [signal.SIGINT]
                press()
                assert len(pressed) == 2
                press()
        assert len(pressed) == 3
    finally:
        signal.signal(signal.SIGINT, before)


def test_ignored_is_ignored_and_other_threads_have_none() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with held(), allowed():
            press()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
    seen: list[Any] = []

    def work() -> None:
        with held(), allowed():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]


def test_another_thread_is_told_to_stop() -> None:
    told = threading.Event()
    token = interrupts.stop.set(told)
    try:
        with allowed():
            told.set()
        with pytest.raises(KeyboardInterrupt), allowed():
            pass
    finally:
        interrupts.stop.reset(token)
