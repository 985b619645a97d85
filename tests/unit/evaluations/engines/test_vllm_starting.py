"""Why vLLM does not start, told from what its processes logged."""

from __future__ import annotations

from evaluations.engines.vllm.starting import cause_in

LOG = """\
INFO Starting to load model
ERROR EngineCore failed to start.
Traceback (most recent call last):
  File "core.py", line 1, in run
(Worker_TP0 pid=12) ValueError: To serve at least one request, 4.00 GiB KV cache is needed.
(EngineCore pid=9) RuntimeError: Engine core initialization failed. See root cause above.
"""


def test_the_cause_is_the_last_error_that_is_not_a_pointer_to_another() -> None:
    """The sentence that says what is wrong, not the one that says to look further up."""
    assert cause_in(LOG) == "ValueError: To serve at least one request, 4.00 GiB KV cache is needed."


def test_an_error_of_a_library_is_told_without_its_module() -> None:
    """Only its name and its words."""
    assert cause_in("torch.OutOfMemoryError: CUDA out of memory.") == "OutOfMemoryError: CUDA out of memory."


def test_without_an_error_there_is_no_cause() -> None:
    """Ordinary lines that mention errors are none."""
    assert cause_in("INFO no Error here\nWARNING: slow") is None
