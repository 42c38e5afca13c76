"""Certificates that stand for another organisation's: a CA of its own."""

import pathlib
import shutil
import subprocess

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]


def make_certificates(directory):
    """A directory with ca.pem, server.pem and server-key.pem, made by certs/make."""
    directory.mkdir()
    script = shutil.copy(REPOSITORY / "certs" / "make", directory / "make")
    subprocess.run([script], check=True, stdout=subprocess.DEVNULL)
    return directory
