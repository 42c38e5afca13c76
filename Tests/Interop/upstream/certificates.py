"""Certificates that stand for another organisation's: a CA of its own."""

import pathlib
import subprocess

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]


def make_certificates(directory):
    """A directory with ca.pem, server.pem and server-key.pem, made by certs/make."""
    directory.mkdir()
    subprocess.run([REPOSITORY / "certs" / "make", directory], check=True, stdout=subprocess.DEVNULL)
    return directory
