"""The scripted model: no network, no intelligence, the same answer every time. For tests, demos and as the last resort."""
