"""vLLM in this process: the only place that imports it, and only inside functions."""
