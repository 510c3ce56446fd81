"""The frame around code: language, copy button, and a block that the keyboard can scroll."""

from __future__ import annotations

import html

from conversations.rendering.highlight import highlight, language_of

_FIGURE = (
    '<figure class="code" data-lang="{language}"><figcaption><span>{label}</span>'
    '<button type="button" data-copy-code aria-label="Copy code">Copy code</button></figcaption>'
    '<pre tabindex="0" role="group" aria-label="{name}"><code>{code}</code></pre></figure>\n'
)


def code_figure(code: str, info: str = "", *, coloured: bool) -> str:
    """HTML for a code block. `coloured` only for finished code: the colours of half a string are wrong."""
    language = language_of(info)
    inner = highlight(code, language) if coloured else html.escape(code, quote=False)
    return _FIGURE.format(language=language, label=language or "text", name=f"{language or 'plain'} code", code=inner)
