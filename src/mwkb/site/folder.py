"""The folder of a site: written whole or not at all, and only ever over an older site."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from mwkb.problems import InputProblem

MARKER = ".mwkb-site"
"""The file by which a folder is known to be a site that mwkb made."""
_REMEDY = "Name a new folder, or one that mwkb docs made."


def check(folder: Path) -> None:
    """Raise InputProblem if a site must not be written there."""
    if folder.is_dir():
        if not (folder / MARKER).is_file() and any(folder.iterdir()):
            raise InputProblem("The folder holds something that is no site of mwkb and would be replaced.", folder, _REMEDY)
    elif folder.exists() or folder.is_symlink():
        raise InputProblem("This is no folder.", folder, _REMEDY)
    elif not folder.resolve().parent.is_dir():
        raise InputProblem("There is no such folder to write to.", folder.resolve().parent)


def write(folder: Path, contents: Mapping[str, str | bytes]) -> None:
    """Write all files to a folder beside it, then let that take its place.

    Raises InputProblem as ``check``, and OSError if it cannot be written; what was there is then untouched.
    """
    check(folder)
    target = folder.resolve()
    made = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
    old = made.with_name(made.name + ".old")
    try:
        umask = os.umask(0)
        os.umask(umask)
        made.chmod(0o777 & ~umask)
        for path, content in {**contents, MARKER: "Made by mwkb docs. The next run replaces all of this folder.\n"}.items():
            file = made / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        if target.exists():
            target.rename(old)
        try:
            made.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
