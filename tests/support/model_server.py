"""The scripted server that ships (`registry.mock`), by the names under which tests know it."""

from registry.mock.behaviours import completion, dies_after, endlessly, gives, never, says, sends
from registry.mock.server import LABEL, MODEL, Asked, Behaviour, ModelServer, Script

__all__ = [
    "LABEL",
    "MODEL",
    "Asked",
    "Behaviour",
    "ModelServer",
    "Script",
    "completion",
    "dies_after",
    "endlessly",
    "gives",
    "never",
    "says",
    "sends",
]
