"""Prompt templates: versioned code that asks a model, and reads its answer. Pure."""
