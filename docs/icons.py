"""The app's icons as pixels, made from `static/icons/*.svg`: `.venv/bin/python -m docs.icons` from the root, after `bin/test` has run once.

Whoever changes a drawing runs it and commits what it wrote.
"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.person import executable, launch_flags

ICONS = Path(__file__).resolve().parent.parent / "static" / "icons"
# Drawing, edge in pixels, file.
FILES = (
    ("favicon.svg", 192, "app-192.png"),
    ("favicon.svg", 512, "app-512.png"),
    ("app.svg", 512, "app-maskable-512.png"),
    ("app.svg", 180, "apple-touch-icon.png"),
)


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=launch_flags())
        for drawing, edge, name in FILES:
            draw(browser, ICONS / drawing, edge, ICONS / name)
        browser.close()


def draw(browser: Browser, drawing: Path, edge: int, file: Path) -> None:
    """In its light colours; what the drawing leaves free is transparent."""
    page = browser.new_page(viewport={"width": edge, "height": edge}, color_scheme="light")
    page.set_content(f"<style>body{{margin:0}}svg{{display:block;inline-size:{edge}px;block-size:{edge}px}}</style>{drawing.read_text()}")
    page.screenshot(path=file, omit_background=True)
    page.close()


if __name__ == "__main__":
    main()
