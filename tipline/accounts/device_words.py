"""A browser in two words, as its owner would call it: enough to recognise, too little to track anybody."""

from __future__ import annotations

from typing import Final

# First match wins: later names are contained in the headers of earlier browsers.
BROWSERS: Final = (
    ("MicroMessenger", "WeChat"),
    ("QQBrowser", "QQ Browser"),
    ("QihooBrowser", "360 Browser"),
    ("360SE", "360 Browser"),
    ("360EE", "360 Browser"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_words(user_agent: str) -> str:
    """Return browser and system of a User-Agent header (`Firefox, Windows`); what is not known is left out."""
    found = (next((words for mark, words in names if mark in user_agent), "") for names in (BROWSERS, SYSTEMS))
    return ", ".join(words for words in found if words)
