"""What a browser is, in three words, so that somebody knows their own sessions. Touches nothing.

A User-Agent says far more than that, and is a fingerprint: nothing else of it is kept.
"""

from __future__ import annotations

# The first that fits: browsers say that they are also those that came before them.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
    ("python", "a Python program"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_LOOKED_AT = 500


def agent_name(stated: str | None) -> str:
    """`Firefox on Linux`."""
    text = (stated or "")[:_LOOKED_AT]
    browser = next((name for sign, name in _BROWSERS if sign in text), "A browser")
    system = next((name for sign, name in _SYSTEMS if sign in text), None)
    return f"{browser} on {system}" if system else browser
