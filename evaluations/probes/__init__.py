"""Probes: known changes to a policy, to see whether a model's verdicts follow the text. Pure."""
