"""Evaluations: suites, prompts, verdicts, metrics and run records. Pure, save `engines`.

Values in, values out: whoever calls brings the clock, the salt and the engine. `engines/` is where
models run, and the one place that may load heavy libraries, inside functions only.
"""
