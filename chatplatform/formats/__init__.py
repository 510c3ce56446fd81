"""Formats that differ from Django's own: as the Unicode CLDR has them (edition 46).

Numbers are written alike in all languages of ours: live fragments are made without knowing who looks at them.
"""
