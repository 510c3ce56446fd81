"""The small demonstration model, served on this machine by `providers.local_server`."""
