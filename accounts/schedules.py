"""What beat runs for this app: name -> (task, seconds between runs)."""

SCHEDULE: dict[str, tuple[str, int]] = {
    "Carry on exports whose worker died, delete old ones": ("accounts.sweep_exports", 15),
    "Erase the people whose time of grace is over": ("accounts.erase_due_people", 60),
}
