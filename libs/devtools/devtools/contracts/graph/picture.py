"""A graph as a picture, drawn by Mermaid in a browser."""

from pathlib import Path

from playwright.sync_api import sync_playwright

_DRAW = "async text => (await mermaid.render('graph', text)).svg"


def svg(text: str, browser: Path, script: Path) -> str:
    """Return a flow chart as SVG.

    Args:
        text: The flow chart, for Mermaid.
        browser: A Chromium or Chrome.
        script: Mermaid itself.
    """
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = running.new_page()
        page.add_script_tag(path=script)
        drawn: str = page.evaluate(_DRAW, text)
        running.close()
    return drawn
