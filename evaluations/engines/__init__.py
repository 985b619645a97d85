"""Engines: what answers. The one impure corner of `evaluations`; heavy libraries load inside functions."""
