"""A name for what is installed, so that nothing made by an older release is shown by a newer."""

import hashlib


def fingerprint(*folders):
    """Return a text that is another one when any file below these folders changed.

    Templates and style are in every page that a cache keeps.
    """
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
