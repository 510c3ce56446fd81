"""`python -m chatplatform.embedded.process NAME`: become one process of the Procfile (for containers)."""

from __future__ import annotations

import os
import sys

from chatplatform.embedded.errors import StartError
from chatplatform.embedded.procfile import read_procfile, shell_words
from chatplatform.embedded.surroundings import ROOT


def main() -> int:
    """With a name of the Procfile: that line. Otherwise the words are a command of Django (`migrate`, `prepare` ...)."""
    words = sys.argv[1:]
    try:
        processes = read_procfile(ROOT / "Procfile")
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    if len(words) == 1 and words[0] in processes:
        command = list(shell_words(processes[words[0]]))
        os.execvp(command[0], command)  # noqa: S606 - lines of our own Procfile
    os.execv(sys.executable, [sys.executable, str(ROOT / "manage.py"), *words])  # noqa: S606 - our own interpreter and file


if __name__ == "__main__":
    sys.exit(main())
