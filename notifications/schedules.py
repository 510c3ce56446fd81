"""What beat runs for this app: name -> (task, seconds between runs)."""

SCHEDULE: dict[str, tuple[str, int]] = {
    "Send mails that wait": ("notifications.send_due", 30),
}
