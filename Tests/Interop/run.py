#!/usr/bin/env python3
"""Runs the client scripts against a server and sums up.

    run.py [--against gateway|stand-in] [CLIENT...]

The gateway is the program named by GREENROOM, started on a copy of config/ with ports and a
data directory of its own. The stand-in is a real Dovecot and a real Postfix: what fails
there is the script's fault, not the gateway's.
"""

import argparse
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile

import gateway
import stand_in
from harness import Failure, end, exit_on_sigterm
from upstream import Unavailable

HERE = pathlib.Path(__file__).resolve().parent
CLIENTS = sorted(path.stem for path in (HERE / "clients").glob("*.py") if path.stem != "__init__")
MIRROR = "mirror"


class Tally:
    """Counts of lines by their first word."""

    def __init__(self):
        self.counts = {"pass": 0, "fail": 0, "skip": 0}

    def tell(self, line):
        print(line, flush=True)
        word = line.split(" ", 1)[0]
        if word in self.counts:
            self.counts[word] += 1

    def run(self, module, settings=None):
        """Runs a script and takes over its lines."""
        process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=HERE,
            env={**os.environ, **(settings.to_environment() if settings else {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        failed = self.counts["fail"]
        try:
            for line in process.stdout:
                self.tell(line.rstrip("\n"))
        finally:
            end(process)
        if process.returncode != 0 and self.counts["fail"] == failed:
            self.tell(f"fail  {module}: ended with {process.returncode}")

    def end(self):
        print("interop: {pass} passed, {fail} failed, {skip} skipped".format_map(self.counts), flush=True)
        return 1 if self.counts["fail"] or not self.counts["pass"] + self.counts["skip"] else 0


def main():
    parser = argparse.ArgumentParser(description="Real mail clients against a running server.")
    parser.add_argument("--against", choices=["gateway", "stand-in"], default="gateway")
    parser.add_argument("clients", nargs="*", metavar="CLIENT", help=", ".join([*CLIENTS, MIRROR]))
    arguments = parser.parse_args()
    unknown = set(arguments.clients) - {*CLIENTS, MIRROR}
    if unknown:
        parser.error(f"no such client: {', '.join(sorted(unknown))}")
    clients = [client for client in arguments.clients or CLIENTS if client != MIRROR]
    exit_on_sigterm()

    if os.environ.get("GREENROOM"):
        os.environ["GREENROOM"] = os.path.abspath(os.environ["GREENROOM"])  # scripts run in their own folder

    tally = Tally()
    server = gateway if arguments.against == "gateway" else stand_in
    with tempfile.TemporaryDirectory(prefix="interop-") as directory:
        directory = pathlib.Path(directory)
        directory.chmod(0o755)
        try:
            with server.running(directory) if clients else contextlib.nullcontext() as settings:
                for client in clients:
                    tally.run(f"clients.{client}", settings)
        except Unavailable as why:
            tally.tell(f"skip  {arguments.against}: {why}")
        except Failure as failure:
            tally.tell(f"fail  {arguments.against}: " + str(failure).replace("\n", "\n      | "))
    if arguments.against == "gateway" and (MIRROR in arguments.clients or not arguments.clients):
        tally.run(MIRROR)
    return tally.end()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
