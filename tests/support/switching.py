"""Switches one rule of governance off, so that a test can show what would happen without it.

A rule is a call of `refuse_unless`, named by words of its refusal, or a function that answers otherwise.
It is switched off wherever it is used, and only within the `with`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from governance import authority, replay

_refuse_unless = authority.refuse_unless


def _users(name: str, original: object) -> Iterator[Any]:
    """Every module of governance, and of what plays the registry in tests, that has this function."""
    for module_name, module in list(sys.modules.items()):
        ours = module_name.startswith(("governance.", "tests.support."))
        if ours and module_name != __name__ and getattr(module, name, None) is original:
            yield module


@contextmanager
def without_refusal(*words: str) -> Iterator[None]:
    """No act is refused with any of these words in the rule. Fails when one of them refused nothing."""
    spared: set[str] = set()

    def lenient(condition: bool, rule: str, remedy: str) -> None:
        found = [word for word in words if word in rule]
        spared.update(found if not condition else ())
        _refuse_unless(condition or bool(found), rule, remedy)

    modules = list(_users("refuse_unless", _refuse_unless))
    for module in modules:
        module.refuse_unless = lenient
    try:
        yield
    finally:
        for module in modules:
            module.refuse_unless = _refuse_unless
    assert spared == set(words), "a rule that is switched off would not have refused anything"


@contextmanager
def with_answer(function: Callable[..., Any], answer: Callable[..., Any]) -> Iterator[None]:
    """A named rule answers otherwise, in every module that uses it."""
    name = function.__name__
    modules = list(_users(name, function))
    steps = [type_ for type_, step in replay._APPLY.items() if step is function]
    assert modules
    for module in modules:
        setattr(module, name, answer)
    replay._APPLY.update(dict.fromkeys(steps, answer))
    try:
        yield
    finally:
        for module in modules:
            setattr(module, name, function)
        replay._APPLY.update(dict.fromkeys(steps, function))
