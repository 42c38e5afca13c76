#!/usr/bin/env python3
"""Runs a ready imaptest against the gateway: its scripted tests, then its stress mode.

    run.py [--seconds N] [--only scripted|many|one] [--against HOST:PORT:USER%d:PASSWORD] [--keep]

IMAPTEST names the program, IMAPTEST_DIR the folder of its scripted tests. Without them
the run is skipped. Exit code 1 where anything failed. With --against another server is
asked the same; its mailboxes are emptied by it.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Interop"))

import gateway  # noqa: E402
from harness import Failure, exit_on_sigterm  # noqa: E402

USERS = 20
CLIENTS = 50

ACCOUNT = """
[accounts.box{number}]
kind = "local"
owner = "tester{number}"
addresses = ["tester{number}@glow.example"]
"""

MEMBER = """
[members.tester{number}]
name = "Tester {number}"
addresses = ["tester{number}@glow.example"]
accounts = ["box{number}"]

[[members.tester{number}.devices]]
label = "imaptest"
scopes = ["read", "send", "approve"]
password = {password}
"""


class Target:
    """A server, with users who all have one password."""

    def __init__(self, host, port, user, password):
        self.host, self.port, self.user, self.password = host, port, user, password

    def arguments(self, *more, user=None):
        base = [f"host={self.host}", f"port={self.port}", f"user={user or self.user}", f"pass={self.password}"]
        return [os.environ["IMAPTEST"], *base, *more]


def write_mbox(path, count=200):
    """Messages with Message-IDs of their own, which imaptest knows them by."""
    with open(path, "w", encoding="ascii", newline="") as file:
        for number in range(count):
            lines = [
                f"From creator{number}@creators.example Thu Jan  1 00:00:00 2026",
                f"From: Creator {number} <creator{number}@creators.example>",
                "To: hello@glow.example",
                f"Subject: Message {number} about the spring campaign",
                "Date: Thu, 1 Jan 2026 00:00:00 +0000",
                f"Message-ID: <{number}.conformance@creators.example>",
                "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=us-ascii",
                "",
            ] + [f"Line {line} of message {number}: what a creator may write." for line in range(5 + number % 60)]
            file.write("\r\n".join(lines) + "\r\n\r\n")


def make_gateway(directory):
    """A gateway with one personal account for each tester."""
    server = gateway.Gateway(directory / "gateway")
    stored = gateway.toml(gateway.stored_password(server.password))
    numbers = range(1, USERS + 1)
    with open(server.config / "greenroom.toml", "a", encoding="utf-8") as file:
        file.write("".join(ACCOUNT.format(number=number) for number in numbers))
    with open(server.config / "team.toml", "a", encoding="utf-8") as file:
        file.write("".join(MEMBER.format(number=number, password=stored) for number in numbers))
    path = server.config / "greenroom.toml"
    # imaptest's TLS is not what is tested here.
    listener = f'address = "127.0.0.1:{server.imap}"\n'
    path.write_text(path.read_text().replace(listener, listener + "allow_plaintext = true\n"))
    server.start()
    return server


def run(arguments, directory, log):
    """Runs imaptest; gives its output, which is kept beside the log."""
    with open(log, "w", encoding="utf-8") as file:
        code = subprocess.run(
            arguments, cwd=directory, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT, check=False
        ).returncode
    text = pathlib.Path(log).read_text(encoding="utf-8", errors="replace")
    return code, text


def scripted(target, directory):
    """Every scripted test; the summary's own words decide."""
    tests = os.environ["IMAPTEST_DIR"]
    code, text = run(
        target.arguments(f"test={tests}", "user2=tester2", user=target.user.replace("%d", "1")),
        directory,
        directory / "scripted.log",
    )
    for line in text.splitlines():
        if re.match(r"\*\*\*|.*(failed|Error|skipped|groups|commands)", line):
            print("     ", line)
    failed = re.search(r"(\d+) test groups: (\d+) failed, (\d+) skipped", text)
    if not failed:
        print("fail  scripted tests: imaptest gave no summary (exit", code, ")")
        print("\n".join(text.splitlines()[-20:]))
        return False
    groups, failures, skipped = map(int, failed.groups())
    print("pass " if failures == 0 else "fail ", f"scripted tests: {groups} groups, {failures} failed, {skipped} skipped")
    return failures == 0


def stress(target, directory, name, user, seconds):
    """The stress mode, which keeps track of all it sees; every complaint is a failure."""
    code, text = run(
        target.arguments(
            f"users={USERS}",
            f"clients={CLIENTS}",
            f"secs={seconds}",
            "msgs=100",
            "seed=1",
            f"mbox={directory / 'mails.mbox'}",
            "copybox=Archive",
            "status=50",
            "search=30",
            "sort=10",
            "thread=10",
            "noop=20",
            "move=10,5",
            "uidfetch=20",
            "check=10",
            user=user,
        ),
        directory,
        directory / f"{name}.log",
    )
    complaints = [line for line in text.splitlines() if re.match(r"(Error|Warning|Panic|Fatal)", line)]
    for line in complaints[:20]:
        print("     ", line)
    totals = [line for line in text.splitlines() if re.match(r"\s*\d+\s+\d+\s", line)]
    if totals:
        print("      totals:", totals[-1].strip())
    good = code == 0 and not complaints
    print("pass " if good else "fail ", f"{name}: {CLIENTS} clients, {seconds} s, {len(complaints)} complaints")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--only", choices=["scripted", "many", "one"])
    parser.add_argument("--against", metavar="HOST:PORT:USER:PASSWORD")
    parser.add_argument("--keep", action="store_true", help="keep the directory of logs and data")
    options = parser.parse_args()
    exit_on_sigterm()
    for name in ("IMAPTEST", "IMAPTEST_DIR"):
        path = os.environ.get(name)
        if not path or not os.path.exists(path):
            print(f"skip  conformance: {name} names no imaptest; say `make conformance IMAPTEST=… IMAPTEST_DIR=…`")
            return 0
        os.environ[name] = str(pathlib.Path(path).resolve())
    parent = tempfile.mkdtemp(prefix="conformance-") if options.keep else None
    with tempfile.TemporaryDirectory(prefix="conformance-") as temporary:
        directory = pathlib.Path(parent or temporary)
        write_mbox(directory / "mails.mbox")
        server = None
        try:
            if options.against:
                host, port, user, password = options.against.split(":", 3)
                target = Target(host, port, user, password)
            else:
                server = make_gateway(directory)
                target = Target("127.0.0.1", server.imap, "tester%d", server.password)
            results = []
            if options.only in (None, "scripted"):
                results.append(scripted(target, directory))
            if options.only in (None, "many"):
                results.append(stress(target, directory, "many users", target.user, options.seconds))
            if options.only in (None, "one"):
                one = target.user.replace("%d", "1")
                results.append(stress(target, directory, "one user", one, options.seconds))
            if server:
                server.stop()
            if parent:
                print("logs in", parent)
            return 0 if all(results) else 1
        finally:
            if server:
                server.kill()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        print("fail ", failure)
        sys.exit(1)
