"""How `private.db` came to look as it does: one revision after the other. Run when it is opened."""
