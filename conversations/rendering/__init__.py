"""Markdown of model answers becomes safe HTML: whole (`render`) or as it arrives (`StreamRenderer`). Knows nothing of Django.

Answers are cut into blocks at places where CommonMark guarantees that later text cannot change what came before; each block
is rendered and sanitised once. `render` goes the same way, so a streamed answer and the page after a reload are the same bytes.
"""

from conversations.rendering.elements import notes_at
from conversations.rendering.plain import plain_text
from conversations.rendering.stream import Fragment, StreamRenderer, render

__all__ = ["Fragment", "StreamRenderer", "notes_at", "plain_text", "render"]
