"""Proposing by `git push`: what was pushed is looked at apart, and becomes a proposal or nothing.

Nothing of a push ever enters a commons but what `registry.services` puts there. Knows no HTTP, no accounts.
"""
