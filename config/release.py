"""A fingerprint of the release, so that a new release serves no pages cached by an older one."""

import hashlib
from pathlib import Path


def fingerprint(*folders: Path) -> str:
    """Return a hash of all files below these folders: templates and styles affect cached pages."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
