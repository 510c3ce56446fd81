"""Doors: parse, call one service, translate errors."""
