"""The probes there are, by id and by their short name. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from evaluations.probes.base import Probe, ProbeError
from evaluations.probes.carve_out_1 import CARVE_OUT_1
from evaluations.probes.inversion_1 import INVERSION_1
from evaluations.probes.off_topic_1 import OFF_TOPIC_1

PROBES: Mapping[str, Probe] = MappingProxyType(
    {probe.id: probe for probe in (INVERSION_1, OFF_TOPIC_1, CARVE_OUT_1)}
)


def probe_named(name: str) -> Probe:
    """The probe with this id; without a version the newest. Raises `ProbeError` naming those there are."""
    if name in PROBES:
        return PROBES[name]
    versions = [probe for id_, probe in PROBES.items() if id_.partition("@")[0] == name]
    if not versions:
        raise ProbeError(name[:80], "is not known.", f"Use one of: {', '.join(sorted(PROBES))}.")
    return max(versions, key=lambda probe: int(probe.id.partition("@")[2]))
