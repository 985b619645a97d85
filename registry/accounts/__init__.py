"""Accounts: who may act here, by password, session and token. Keeps `private.db`; nothing of it is in Git."""
