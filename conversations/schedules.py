"""What beat runs for this app: name -> (task, seconds between runs)."""

SCHEDULE: dict[str, tuple[str, int]] = {
    "Close dead generations, hand over forgotten ones": ("conversations.sweep_generations", 5),
    "Carry on imports whose worker died, delete stale uploads": ("conversations.sweep_imports", 10),
    "Make messages searchable that no job was told of": ("conversations.index_missing", 60),
}
