"""English in Canada."""

THOUSAND_SEPARATOR = ","
