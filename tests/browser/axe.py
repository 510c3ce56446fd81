"""What axe finds in a page: violations of WCAG 2.2 (A and AA) and of good practice.

A rule that ends in an error of its own has looked at nothing, which counts as a violation.
"""

from __future__ import annotations

from importlib.resources import files

from playwright.sync_api import Page

_SCRIPT = files("axe_playwright_python").joinpath("axe.min.js").read_text()
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_EVERYTHING: dict[str, object] = {"runOnly": {"type": "tag", "values": _TAGS}}
# While the drawer is open over a phone's page, the page below it, with its heading, is out of reach on purpose.
BELOW_A_DRAWER = frozenset({"landmark-one-main", "page-has-heading-one"})
_COLOURS: dict[str, object] = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
# Style sheets and sounds are not fetched again: the rule that reads the first is experimental, so it never runs, and nothing here plays.
_LOOK = """async ([part, options]) => {
  const QUICKLY = { preload: false, resultTypes: ["violations", "incomplete"] };
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))); // colours on their way to those of another theme
  for (const animation of document.getAnimations()) if (animation instanceof CSSTransition) animation.finish();
  const { violations, incomplete } = await axe.run(part, { ...options, ...QUICKLY });
  const failed = incomplete.filter((rule) => rule.error).map((rule) => [rule.id, String(rule.error)]);
  const told = (node) => `${node.html.slice(0, 160)} (${[...node.any, ...node.all, ...node.none][0]?.message})`;
  return [...failed, ...violations.map((rule) => [rule.id, rule.nodes.map(told).join("; ")])];
}"""


def violations(page: Page, part: str = "html", *, besides: frozenset[str] = frozenset()) -> list[str]:
    """Of the page as it stands, or of a `part` of it (a selector): rule, elements, and what is wrong. Rules `besides` are passed over."""
    return _look(page, part, _EVERYTHING, besides)


def violations_in_both_themes(page: Page, part: str = "html", *, besides: frozenset[str] = frozenset()) -> list[str]:
    """The same, and the colours of the dark theme, which are all that a theme can change. Leaves the page dark."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    found = [f"light, {one}" for one in _look(page, part, _EVERYTHING, besides)]
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    return [*found, *(f"dark, {one}" for one in _look(page, part, _COLOURS, besides))]


def _look(page: Page, part: str, options: dict[str, object], besides: frozenset[str]) -> list[str]:
    # Evaluated by the driver: the page's policy, which forbids scripts that are not its own, is not in the way.
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(_SCRIPT)
    found: list[tuple[str, str]] = page.evaluate(_LOOK, [part, options])
    return [f"{rule}: {nodes}" for rule, nodes in found if rule not in besides]
