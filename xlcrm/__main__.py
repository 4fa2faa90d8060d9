"""`python -m xlcrm`, and the `xlcrm` command."""

import gc
import os

_OBJECTS_BEFORE_A_COLLECTION = 200_000


def main() -> None:
    """Runs the command line."""
    # A command lives for a moment, and most of what it makes lives as long: looking for dead cycles every 700 objects costs a tenth of it.
    gc.set_threshold(_OBJECTS_BEFORE_A_COLLECTION)
    # Pydantic would read the metadata of every installed package, looking for plugins.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from xlcrm.cli import main as command

    command()


if __name__ == "__main__":
    main()
