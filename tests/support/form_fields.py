"""What a browser would send of the forms that a page shows."""

from __future__ import annotations

import html
import re

import httpx

_FIELD = re.compile(
    r'<(?:input|textarea)[^>]* name="([\w-]+)"(?:[^>]* value="([^"]*)")?[^>]*>(?:\n([^<]*)(?=</textarea))?'
)
_CHECKED = re.compile(r'<input id="([\w-]+)" name="[\w-]+" type="checkbox" value="1"( checked)?>')
_SELECT = re.compile(r'<select id="[\w-]+" name="([\w-]+)">(.*?)</select>', re.DOTALL)
_CHOSEN = re.compile(r'<option(?: value="([^"]*)")? selected>([^<]*)')


def form_of(page: httpx.Response) -> dict[str, str]:
    """What a browser would send of a page's form, unchanged."""
    fields = {name: html.unescape(value or text) for name, value, text in _FIELD.findall(page.text)}
    for name, checked in _CHECKED.findall(page.text):
        if not checked:
            fields.pop(name, None)
    for name, options in _SELECT.findall(page.text):
        chosen = _CHOSEN.search(options)
        fields[name] = (chosen[1] or chosen[2]) if chosen else ""
    fields.pop("q", None)
    return fields
