"""The `commons` command. Parses, calls one service, presents."""
