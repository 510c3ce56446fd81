"""The generations process: one event loop that writes all its answers."""
