"""What beat runs for this app: name -> (task, seconds between runs)."""

SCHEDULE: dict[str, tuple[str, int]] = {
    "Close dead generations, hand over forgotten ones": ("conversations.sweep_generations", 5),
}
