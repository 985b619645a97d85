"""TEMPORARY."""

from governance.charter.model import ChangeClass
from governance.charter.resolve import plain_values


def amendment_class(old, new):
    a, b = plain_values(old), plain_values(new)
    d = [k for k in set(a) | set(b) if a.get(k) != b.get(k)]
    return (
        ChangeClass.ENTRENCHED
        if any(k.startswith(("class.entrenched", "panel", "audit", "nesting.locked")) for k in d)
        else ChangeClass.CHARTER
    )


def looser_keys(bounds, child):
    return []
