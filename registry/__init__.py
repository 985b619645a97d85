"""The shell: everything that acts. Git, the command line, the web."""

from registry.siblings import assert_siblings

# Before anything else of ours is imported: a foreign package of the same name would fail somewhere inside.
assert_siblings()
