"""Asks axe-core what is wrong with a page for people who cannot see, hear or point."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.async_api import Page

SCRIPT = Path(__file__).parents[1] / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def violations(page: Page) -> list[str]:
    """Return one line for each violation on the page as it stands: rule, help, and where."""
    # Evaluated in the page's own world by the debugger, so the page's content policy stays as strict as it is.
    await page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    found: dict[str, Any] = await page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
    )
    return [
        f"{one['id']}: {one['help']}: {', '.join(' '.join(node['target']) for node in one['nodes'][:5])}"
        for one in found["violations"]
    ]
