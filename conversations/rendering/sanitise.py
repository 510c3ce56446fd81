"""The last step of every block: nothing passes that is not on this list, whatever happened before."""

from __future__ import annotations

import nh3

from conversations.rendering import maths
from conversations.rendering.highlight import CLASS_NAMES

_TAGS = {
    "a", "blockquote", "br", "button", "code", "del", "div", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "input", "li", "ol", "p", "pre", "section", "span", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
# MathML Core: what `maths` makes, and nothing that opens, loads or links (`maction`, `mglyph`, `annotation-xml`, `href`).
_MATHS = {
    "annotation", "math", "menclose", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts", "mroot",
    "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover",
    "semantics",
}  # fmt: skip
_LENGTHS = {"width", "height", "depth", "voffset", "lspace"}
_ALERTS = {"note", "tip", "important", "warning", "caution"}

_cleaner = nh3.Cleaner(
    tags=_TAGS | _MATHS,
    clean_content_tags=set(),
    attributes={
        "a": {"href", "title"},
        "button": {"data-copy-code", "aria-label"},
        "div": {"aria-label"},
        "figure": {"data-lang"},
        "input": {"checked", "aria-label"},
        "li": {"data-note"},
        "ol": {"start"},
        "pre": {"aria-label"},
        "math": {"displaystyle"},
        "menclose": {"notation"},
        "mfrac": {"linethickness"},
        "mo": {
            "form",
            "lspace",
            "rspace",
            "minsize",
            "maxsize",
            "stretchy",
            "symmetric",
            "largeop",
            "movablelimits",
            "accent",
            "fence",
            "separator",
        },
        "mover": {"accent"},
        "mpadded": _LENGTHS,
        "mspace": _LENGTHS,
        "mtd": {"columnspan", "rowspan"},
        "munder": {"accentunder"},
        "munderover": {"accent", "accentunder"},
        "span": {"aria-label", "data-note"},
        "sup": {"data-note"},
    },
    tag_attribute_values={
        "input": {"disabled": {""}},
        "div": {"role": {"group"}, "tabindex": {"0"}},
        "pre": {"role": {"group"}, "tabindex": {"0"}},
        "span": {"role": {"group"}, "tabindex": {"0"}},
        "math": {"display": {"block"}},
        "mi": {"mathvariant": {"normal"}},
        "annotation": {"encoding": {"application/x-tex"}},
        "td": {"align": {"left", "center", "right"}},
        "th": {"align": {"left", "center", "right"}},
    },
    # One for each tag: more would come in an order that differs from process to process.
    set_tag_attribute_values={"a": {"target": "_blank"}, "button": {"type": "button"}, "input": {"type": "checkbox"}}
    | {tag: {"dir": "auto"} for tag in ("blockquote", "h2", "h3", "h4", "h5", "h6", "ol", "p", "table", "ul")},
    allowed_classes={
        "a": {"remote-image"},
        "code": {"tex"},
        "div": {"table", "markdown-alert"} | {f"markdown-alert-{kind}" for kind in _ALERTS},
        "figure": {"code"},
        "li": {"task"},
        "p": {"markdown-alert-title"},
        "section": {"footnotes"},
        "span": {"remote-image", "formula", "footnote-back", *CLASS_NAMES},
        "sup": {"footnote-ref"},
    }
    | {tag: set(maths.CLASS_NAMES) for tag in _MATHS},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow ugc",
)


def sanitise(markup: str) -> str:
    """The markup with everything removed that is not allowed."""
    return _cleaner.clean(markup)
