"""Blocks of Mermaid's code become diagrams, in a frame that can do nothing to the page."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations, violations_in_both_themes
from tests.browser.person import SECONDS, Person
from tests.browser.test_accessibility import PHONE

FLOW = (
    "```mermaid\\nflowchart LR\\n" + "\\n".join(f"  A{n}(Step number {n}) --> A{n + 1}(Step number {n + 1})" for n in range(9)) + "\\n```"
)
# What only a diagram needs: its script, the frame, and what draws in that.
OF_DIAGRAMS = re.compile(r"/diagrams[\w.]*\.js|/diagrams/frame/|/diagram_frame[\w.]*\.js|mermaid")
HOSTILE = (
    "```mermaid\\n%%{init: {'securityLevel': 'loose', 'htmlLabels': true}}%%\\nflowchart TD\\n"
    '  A("<img src=x onerror=alert(1)><script>alert(2)</script>") --> B(two)\\n'
    '  click A "javascript:alert(3)"\\n  click B call alert(4)\\n```'
)


@pytest.mark.parametrize(("device", "theme"), [({}, "light"), (PHONE, "dark")], ids=["desktop-light", "phone-dark"])
def test_a_diagram_is_drawn_enlarged_saved_and_never_runs_anything(
    sign_up: Callable[..., Person], device: dict[str, object], theme: str
) -> None:
    person = sign_up(color_scheme=theme, **device)
    chat = person.chat
    page = chat.page
    page.on("dialog", lambda dialog: person.complaints.append(dialog.message))
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    chat.ask("[[say:```python\\nno_diagram()\\n```]]")
    expect(chat.answer.locator("figure.code")).to_be_visible()
    assert list(filter(OF_DIAGRAMS.search, fetched)) == []
    chat.ask(f"[[say:{FLOW}\\n\\n{HOSTILE}\\n\\n```mermaid\\nnothing like it\\n```]]")
    figures = chat.answer.locator("figure.code")
    for figure in figures.all():
        figure.scroll_into_view_if_needed()
        expect(figure).to_have_attribute("data-diagram", re.compile("drawn|failed"), timeout=3 * SECONDS)
    first, hostile, wrong = figures.all()
    expect(first.get_by_role("img", name="Diagram")).to_be_visible()
    expect(wrong).to_contain_text("This is not a diagram Mermaid can draw:")
    expect(wrong.locator("pre")).to_be_visible()
    expect(hostile).to_have_attribute("data-diagram", "drawn")
    drawing = hostile.evaluate("figure => figure.drawing.svg")
    assert not re.search(r"<script|foreignObject|javascript:|<[^>]*\sonerror|<[^>]*\sonclick", drawing), drawing
    # Mermaid measures the hostile label in its frame, whose policy lets nothing of it run; the page itself has nothing to complain about.
    assert all("inline event handler" in line and "diagram_frame" in line for line in person.complaints), person.complaints
    person.complaints.clear()
    frames = page.locator("iframe.diagram-frame")
    expect(frames).to_have_count(1)
    assert len(list(filter(OF_DIAGRAMS.search, fetched))) > 2, fetched
    expect(frames).to_have_attribute("sandbox", "allow-scripts")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    if folder := os.environ.get("SCREENSHOTS"):
        first.scroll_into_view_if_needed()
        page.screenshot(path=Path(folder) / f"diagram-{theme}.png")

    before = first.evaluate("figure => figure.drawing.svg")
    page.emulate_media(color_scheme="light" if theme == "dark" else "dark")
    page.wait_for_function("([figure, svg]) => figure.drawing.svg !== svg", arg=[first.element_handle(), before])
    assert violations(page) == []

    first.get_by_role("button", name="Code", exact=True).click()
    expect(first.locator("pre")).to_be_visible()
    expect(first.get_by_role("img")).to_be_hidden()
    first.get_by_role("button", name="Diagram", exact=True).click()
    first.get_by_role("button", name="Enlarge the diagram").press("Enter")
    large = page.get_by_role("dialog", name="Diagram")
    width = large.get_by_role("img").evaluate("picture => picture.width")
    large.get_by_role("button", name="Zoom in").press("Enter")
    assert large.get_by_role("img").evaluate("picture => picture.width") > width
    assert violations_in_both_themes(page, "dialog[open]") == []
    page.keyboard.press("Escape")
    expect(large).to_have_count(0)
    with page.expect_download() as download:
        first.get_by_role("button", name="Download the diagram as SVG").click()
    assert download.value.suggested_filename == "diagram.svg"
    person.complaints.clear()  # the hostile one was drawn again in the other theme
