"""What can stop a start."""

from __future__ import annotations


class StartError(Exception):
    """The start cannot go on. The text is one line for the person at the terminal: what is wrong and what to do."""

    exit_status = 1


class ConfigurationError(StartError):
    """A variable has a value that cannot be used; same exit status as the settings use."""

    exit_status = 2


class StopAsked(Exception):
    """SIGINT, SIGTERM or SIGHUP arrived."""
