"""`python -m chatplatform.embedded.healthcheck HOST [PROCESS]`: for containers; light enough to be run every few seconds.

Without a process: the web server at HOST is alive. With one (generations, worker, beat): its heartbeat is heard there.
"""

from __future__ import annotations

import os
import sys

from chatplatform.embedded.readiness import ask_readyz, host_header_for, is_alive


def main(words: list[str]) -> int:
    """Exit status 0 when all is well, 1 when not."""
    host, processes = words[0], words[1:]
    port = int(os.environ.get("PORT", "8000"))
    header = host_header_for(host, port, os.environ.get("ALLOWED_HOSTS", ""))
    if not processes:
        return 0 if is_alive(host, port, header) else 1
    missing = ask_readyz(host, port, header).missing
    # When the web process itself is away nothing is known about the others, and restarting them would not help.
    unwell = [name for name in processes if name in missing]
    print(f"not well: {', '.join(unwell)}" if unwell else "ok")
    return 1 if unwell else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
