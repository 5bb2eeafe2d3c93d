"""Checks and screenshots of pages at each width and in each theme.

LOOK= in the environment names a folder for the pictures."""

import os
from pathlib import Path

LOOKS = [(360, False), (360, True), (1280, False), (1280, True)]
FOLDER = os.environ.get("LOOK")
# How far a page can be scrolled sideways.
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
IS_DARK = "matchMedia('(prefers-color-scheme: dark)').matches"


def in_dark(tab, dark):
    tab.emulate_media(color_scheme="dark" if dark else "light")


def too_wide(tab, *widths):
    """Return the widths, of these or else of ``LOOKS``, at which something scrolls sideways."""
    before, found = tab.viewport_size, []
    for width in widths or sorted({width for width, _ in LOOKS}):
        tab.set_viewport_size({"width": width, "height": before["height"]})
        if tab.evaluate(SIDEWAYS) > 0:
            found.append(width)
    tab.set_viewport_size(before)
    return found


def look(tab, name):
    """Take a screenshot of each look if LOOK= names a folder."""
    if not FOLDER:
        return
    size, was_dark = tab.viewport_size, tab.evaluate(IS_DARK)
    for width, dark in LOOKS:
        tab.set_viewport_size({"width": width, "height": size["height"]})
        in_dark(tab, dark)
        light = "dark" if dark else "light"
        tab.screenshot(path=Path(FOLDER) / f"{name}-{width}-{light}.png", full_page=True)
    tab.set_viewport_size(size)
    in_dark(tab, was_dark)
