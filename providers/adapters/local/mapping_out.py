"""Chunks of the local server -> our events; it speaks Chat Completions.

How llama.cpp's server counts (xllamacpp 2026.10, seen on the wire, November 2026): `prompt_tokens` includes tokens found in its
own cache (`prompt_tokens_details.cached_tokens`), usage is final and comes in the last chunk, output includes any reasoning.
The model is free, so a cached token costs what a fresh one does: nothing.
"""

from providers.adapters.openai_compatible.mapping_out import Mapper

__all__ = ["Mapper"]
