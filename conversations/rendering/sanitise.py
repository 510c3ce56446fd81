"""The last step of every block: nothing passes that is not on this list, whatever happened before."""

from __future__ import annotations

import nh3

from conversations.rendering.highlight import CLASS_NAMES

_TAGS = {
    "a", "blockquote", "br", "button", "code", "del", "div", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "input", "li", "ol", "p", "pre", "section", "span", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ALERTS = {"note", "tip", "important", "warning", "caution"}

_cleaner = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=set(),
    attributes={
        "a": {"href", "title"},
        "button": {"data-copy-code", "aria-label"},
        "div": {"aria-label"},
        "figure": {"data-lang"},
        "input": {"checked", "aria-label"},
        "ol": {"start"},
        "pre": {"aria-label"},
        "span": {"data-math-style"},
    },
    tag_attribute_values={
        "input": {"disabled": {""}},
        "div": {"role": {"group"}, "tabindex": {"0"}},
        "pre": {"role": {"group"}, "tabindex": {"0"}},
        "td": {"align": {"left", "center", "right"}},
        "th": {"align": {"left", "center", "right"}},
    },
    # One for each tag: more would come in an order that differs from process to process.
    set_tag_attribute_values={"a": {"target": "_blank"}, "button": {"type": "button"}, "input": {"type": "checkbox"}},
    allowed_classes={
        "a": {"remote-image"},
        "div": {"table", "markdown-alert"} | {f"markdown-alert-{kind}" for kind in _ALERTS},
        "figure": {"code"},
        "li": {"task"},
        "p": {"markdown-alert-title"},
        "section": {"footnotes"},
        "span": {"remote-image", *CLASS_NAMES},
        "sup": {"footnote-ref"},
    },
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow ugc",
)


def sanitise(markup: str) -> str:
    """The markup with everything removed that is not allowed."""
    return _cleaner.clean(markup)
