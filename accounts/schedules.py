"""What beat runs for this app: name -> (task, seconds between runs, or the time of day in UTC)."""

from datetime import time

SCHEDULE: dict[str, tuple[str, int | time]] = {
    "Carry on exports whose worker died, delete old ones": ("accounts.sweep_exports", 15),
    "Erase the people whose time of grace is over": ("accounts.erase_due_people", 60),
    "Forget strangers who failed to sign in": ("accounts.forget_strangers", time(4)),
}
