"""Archives of conversations from elsewhere, read as streams. Knows nothing of the database, and never writes a file.

    upload ── source.py ──> text in chunks ── elements.py ──> one conversation's bytes ── reading.py ──> values
                                                                            │
                            chatgpt.py · claude.py · own.py  <──────────────┘   ──>  ParsedConversation

What an archive holds is untrusted: `limits.py` says how much of it is looked at, `refusals.py` why all of it may be refused, and
`reasons.py` why a part of it stays out.
"""
