"""How `main.py` makes its modules importable. The lines below the imports' end stand in `main.py` word for word.

The modules are written into a new folder of the browser's own file system, which lives in memory, and imported from there as from
anywhere. So tracebacks show their lines, `importlib.resources` finds the texts, and no importer of ours is needed, which would be
harder to read and to trust.
"""

import hashlib
import importlib
import shutil
import sys
import tempfile
from pathlib import Path

PACKAGE = "xlcrm"
MARK = f"{PACKAGE}-in-main.py-"


def unpack(sources: dict[str, str]) -> Path:
    """Writes the modules and their texts (path -> content), puts their folder first on the search path, and returns it.

    Where `main.py` runs again and nothing was edited, all stays as it is. What was unpacked from other sources goes away, so that an
    edited line counts at once.
    """
    digest = hashlib.sha256(repr(sorted(sources.items())).encode()).hexdigest()[:16]
    for earlier in [folder for folder in sys.path if MARK in folder]:
        if f"{MARK}{digest}" in earlier:
            return Path(earlier)
        sys.path.remove(earlier)
        shutil.rmtree(earlier, ignore_errors=True)
    for name in [name for name in sys.modules if name == PACKAGE or name.startswith(f"{PACKAGE}.")]:
        del sys.modules[name]
    root = Path(tempfile.mkdtemp(prefix=f"{MARK}{digest}-"))
    for path, content in sources.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content.lstrip("\n"), encoding="utf-8", newline="\n")
    sys.path.insert(0, str(root))
    importlib.invalidate_caches()
    return root
