"""What beat runs for this app: name -> (task, seconds between runs)."""

SCHEDULE: dict[str, tuple[str, int]] = {
    "Close dead generations, hand over forgotten ones": ("conversations.sweep_generations", 5),
    "Carry on imports whose worker died, delete stale uploads": ("conversations.sweep_imports", 10),
    "Make messages searchable that no job was told of": ("conversations.index_missing", 60),
    "Count the readers of shared conversations": ("conversations.record_share_views", 60),
    "Erase shared conversations that nobody can read any more": ("conversations.erase_old_shares", 3600),
    "Erase what was deleted 30 days ago and temporary chats that are over": ("conversations.erase_conversations", 60),
}
