"""What others may want to hear of accounts."""

from django.dispatch import Signal

# `keys`: the keys of sessions that have just ended. Whoever holds something open for one of them lets go of it.
sessions_ended = Signal()
