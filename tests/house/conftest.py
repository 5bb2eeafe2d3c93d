"""Hearth in a process of its own, with an environment that a test gives."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def root():
    """The folder of the checkout."""
    return ROOT


@pytest.fixture
def hearth(tmp_path):
    """A function that runs Python code or arguments with just this environment, and returns the
    finished process: hearth("manage.py", "check", DEBUG="off")."""

    def run(*arguments, **environment):
        clean = {"PATH": os.environ["PATH"], "ENV_FILE": "none", "DATA_DIR": str(tmp_path)}
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=clean | {name: str(value) for name, value in environment.items()},
            capture_output=True,
            text=True,
            check=False,
        )

    return run
