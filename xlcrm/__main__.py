"""`python -m xlcrm`, and the `xlcrm` command: what makes a short process short, then the command line."""

import gc
import os
import sys
from collections.abc import Sequence

_OBJECTS_BEFORE_A_COLLECTION = 200_000
_SMALL_BYTES = 8 << 20


def _threads_enough_for(arguments: Sequence[str]) -> None:
    """One thread for polars where all files named are small: handing steps of a millisecond to other threads costs more than they do."""
    files = [argument for argument in arguments if os.path.isfile(argument)]  # noqa: PTH113 - pathlib is not needed for it
    if files and sum(map(os.path.getsize, files)) < _SMALL_BYTES:
        os.environ.setdefault("POLARS_MAX_THREADS", "1")


def main() -> None:
    """Runs the command line."""
    # A command lives for a moment, and most of what it makes lives as long: looking for dead cycles every 700 objects costs a tenth of it.
    gc.set_threshold(_OBJECTS_BEFORE_A_COLLECTION)
    # Pydantic would read the metadata of every installed package, looking for plugins.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # Polars would give memory back after half a second, only to be given the same pages again, cleared, for the next piece of a sheet.
    os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:2000")
    _threads_enough_for(sys.argv[1:])
    from xlcrm.cli import main as command

    try:
        command()
    finally:
        gc.freeze()  # the end of a process need not look for dead cycles either


if __name__ == "__main__":
    main()
