#!/usr/bin/env python3
"""Sends mail through the gateway while its process is killed, again and again (INV-1, INV-2).

    kill.py [--messages N] [--kills N] [--senders N] [--seed N] [--keep]

Some of the mail may leave, some waits for a manager, of whom one approves a part of it by IMAP.
A smarthost of our own, which is never killed, counts what arrives. In the end nothing that was
acknowledged is missing, nothing arrived that was not released, and nothing arrived twice without
a kill that explains it. Exit code 1 where that does not hold.
"""

import argparse
import collections
import imaplib
import pathlib
import random
import re
import smtplib
import socketserver
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Interop"))

import gateway  # noqa: E402
from harness import Failure, exit_on_sigterm, tail  # noqa: E402

PERMITTED = "press@elsewhere.example"
CREATOR = "mia@creators.example"

POLICY = """
[default]
approvals = { managers = 1 }

[[permits]]
name = "nobody we work with"
when = { every_recipient = ["unknown"] }
"""

# Ada writes; Ben decides.
BEN = """
groups = ["managers"]
campaigns = ["*"]

[[members.ben.devices]]
label = "endurance"
scopes = ["read", "send", "approve"]
password = {password}
"""

PATIENCE = 600
"""Seconds for the last mail to arrive: the relay waits longer after each attempt that broke off."""


class Smarthost(socketserver.ThreadingTCPServer):
    """Takes everything, and remembers which numbers came to whom."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Talk)
        self.lock = threading.Lock()
        self.arrived = collections.Counter()
        self.strangers = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def handle_error(self, request, client_address):
        """A connection that breaks is what this is about."""


class Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 smarthost.example ESMTP")
        recipients = []
        for line in iter(self.rfile.readline, b""):
            word = line.split(b":")[0].strip().upper()
            if word.startswith(b"EHLO"):
                self.say("250-smarthost.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 DSN")
            elif word == b"MAIL FROM":
                recipients = []
                self.say("250 2.1.0 fine")
            elif word == b"RCPT TO":
                recipients.append(line)
                self.say("250 2.1.5 fine")
            elif word == b"DATA":
                self.say("354 go on")
                data = b""
                for line in iter(self.rfile.readline, b".\r\n"):
                    if not line:
                        return
                    data += line
                self.take(data, recipients)
                self.say("250 2.0.0 taken")
            elif word == b"QUIT":
                self.say("221 2.0.0 bye")
                return
            else:
                self.say("250 2.0.0 fine")

    def take(self, data, recipients):
        number = re.search(rb"^Subject: mail (\d+)\r$", data, re.M)
        with self.server.lock:
            if number is None or len(recipients) != 1:
                self.server.strangers.append(data[:500])
            else:
                address = re.search(rb"<(.*?)>", recipients[0]).group(1).decode()
                self.server.arrived[(int(number.group(1)), address)] += 1

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


class Run:
    def __init__(self, options, directory):
        self.options = options
        self.random = random.Random(options.seed)
        self.smarthost = Smarthost()
        self.server = gateway.Gateway(directory / "gateway")
        self.configure()
        self.lock = threading.Lock()
        self.next = 0
        self.accepted = {}  # number: recipient
        self.unknown = set()  # the connection broke before the answer
        self.approved = set()
        self.maybe_approved = set()
        self.pending = {}  # UID in Waiting: number, to be approved
        self.scanned = 0  # the last UID that was looked at
        self.moves = 0
        self.kills = 0
        self.over = threading.Event()

    def configure(self):
        path = self.server.config / "greenroom.toml"
        text = path.read_text().replace(
            "sink = true", f'host = "127.0.0.1"\nport = {self.smarthost.port}\ntls = "none"'
        )
        for port in (self.server.imap, self.server.submission):
            listener = f'address = "127.0.0.1:{port}"\n'
            text = text.replace(listener, listener + "allow_plaintext = true\n")
        self.server.write("greenroom.toml", text.replace('brand = "Glow"', 'brand = "Glow"\nundo_time = "0s"'))
        team = (self.server.config / "team.toml").read_text()
        password = gateway.toml(gateway.stored_password(self.server.password))
        self.server.write("team.toml", team + BEN.format(password=password))
        self.server.write("policies/all.toml", POLICY)

    # Senders

    def send(self):
        connection = None
        while not self.over.is_set():
            with self.lock:
                if len(self.accepted) >= self.options.messages:
                    return
                number = self.next
                self.next += 1
            recipient = CREATOR if number % 3 == 0 else PERMITTED
            text = (
                f"From: {gateway.ADA}\r\nTo: {recipient}\r\nSubject: mail {number}\r\n"
                f"Message-ID: <{number}@endurance.example>\r\n\r\n" + "What a brand may write.\r\n" * 40
            )
            try:
                if connection is None:
                    connection = smtplib.SMTP("127.0.0.1", self.server.submission, timeout=20)
                    connection.login("ada", self.server.password)
            except (OSError, smtplib.SMTPException):
                connection = None
                time.sleep(0.02)
                continue
            try:
                connection.sendmail(gateway.ADA, [recipient], text)
                with self.lock:
                    self.accepted[number] = recipient
            except smtplib.SMTPResponseException as refusal:
                raise Failure(f"mail {number} was refused: {refusal}") from None
            except (OSError, smtplib.SMTPException):
                with self.lock:
                    self.unknown.add(number)
                connection = None

    # An approver

    def approve(self):
        """Moves a few of the messages that wait to Approve, as long as the gateway lives."""
        while not self.over.is_set():
            try:
                client = imaplib.IMAP4("127.0.0.1", self.server.imap, timeout=20)
                client.login("ben", self.server.password)
                while not self.over.is_set():
                    self.approve_some(client)
                    time.sleep(0.05)
            except (OSError, imaplib.IMAP4.error, EOFError, AttributeError):
                time.sleep(0.02)

    def approve_some(self, client):
        client.select('"Approvals/Waiting"')
        _, data = client.uid("FETCH", f"{self.scanned + 1}:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
        for item in data or []:
            if isinstance(item, tuple):
                uid = re.search(rb"UID (\d+)", item[0])
                number = re.search(rb"mail (\d+)", item[1])
                # `*` is the last message, new or not.
                if uid and int(uid.group(1)) > self.scanned:
                    self.scanned = int(uid.group(1))
                    if number and int(number.group(1)) % 6 == 0:
                        self.pending[self.scanned] = int(number.group(1))
        batch = dict(sorted(self.pending.items())[:20])
        if not batch:
            return
        numbers = set(batch.values())
        with self.lock:
            self.maybe_approved |= numbers
        # What an attempt that broke off has moved is not there any more, and the others are moved now.
        kind, _ = client.uid("MOVE", ",".join(map(str, batch)), '"Approvals/Approve"')
        if kind == "OK":
            for uid in batch:
                del self.pending[uid]
            with self.lock:
                self.approved |= numbers
                self.moves += 1

    # The killing

    def let_approve(self):
        """Gives the approver time for a decision in each life: log-in and folder take longer than some mails."""
        moves, deadline = self.moves, time.monotonic() + 2
        while self.moves == moves and time.monotonic() < deadline:
            time.sleep(0.002)

    def play(self):
        self.server.start()
        people = [threading.Thread(target=self.send, daemon=True) for _ in range(self.options.senders)]
        people.append(threading.Thread(target=self.approve, daemon=True))
        for each in people:
            each.start()
        started = time.monotonic()
        while any(each.is_alive() for each in people[:-1]):
            share = len(self.accepted) / self.options.messages
            if self.kills < self.options.kills and share * self.options.kills >= self.kills:
                self.let_approve()
                time.sleep(self.random.uniform(0, 0.1))
                self.server.kill()
                self.kills += 1
                self.server.start()
            else:
                time.sleep(0.005)
        while self.kills < self.options.kills:
            time.sleep(self.random.uniform(0, 0.1))
            self.server.kill()
            self.kills += 1
            self.server.start()
        self.over.set()
        people[-1].join()
        print(f"{len(self.accepted)} accepted in {time.monotonic() - started:.0f} s, {self.kills} kills", flush=True)

    # The reckoning

    def expected(self):
        with self.lock:
            return {
                number for number, to in self.accepted.items() if to == PERMITTED or number in self.approved
            }

    def arrived(self):
        with self.smarthost.lock:
            return dict(self.smarthost.arrived), list(self.smarthost.strangers)

    def missing(self):
        there = {number for number, _ in self.arrived()[0]}
        return sorted(self.expected() - there)

    def reckon(self):
        deadline = time.monotonic() + PATIENCE
        while self.missing() and time.monotonic() < deadline:
            time.sleep(0.2)
        arrived, strangers = self.arrived()
        good = True

        def say(condition, text):
            nonlocal good
            good = good and condition
            print("pass " if condition else "fail ", text, flush=True)

        missing = self.missing()
        say(not missing, f"{len(self.expected())} released and acknowledged, {len(missing)} missing {missing[:10]}")
        wrong = [key for key in arrived if key[1] == CREATOR and key[0] not in self.maybe_approved]
        approved = sum(1 for key in arrived if key[1] == CREATOR)
        say(not wrong, f"{approved} approved arrived, {len(wrong)} unapproved")
        say(approved >= self.options.messages // 50, "enough were approved for that to mean something")
        crossed = [key for key in arrived if self.accepted.get(key[0], key[1]) != key[1]]
        say(not strangers and not crossed, f"{len(strangers)} unknown and {len(crossed)} misdirected messages")
        twice = sum(count - 1 for count in arrived.values())
        say(twice <= self.kills, f"{twice} duplicates, at most one a kill")
        held = {int(each) for each in re.findall(r"mail (\d+)", self.ask("approvals", "list", "--json"))}
        waiting = {n for n, to in self.accepted.items() if to == CREATOR and n not in self.maybe_approved}
        lost = sorted(waiting - held)
        say(not lost, f"{len(waiting)} acknowledged and never approved, {len(lost)} not waiting {lost[:10]}")
        for words in (("ledger", "verify"), ("ledger", "replay")):
            say(True, " ".join(words) + ": " + self.ask(*words).strip())
        ghosts = sum(1 for number, _ in arrived if number in self.unknown)
        print(f"      {len(self.unknown)} broke off before an answer; {ghosts} of them arrived all the same")
        return good

    def ask(self, *words):
        done = subprocess.run(
            [self.server.program, *words, "--config", str(self.server.config)], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise Failure(f"greenroom {' '.join(words)} ended with {done.returncode}\n{tail(done.stdout + done.stderr)}")
        return done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--senders", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="keep the directory of log and data")
    options = parser.parse_args()
    exit_on_sigterm()
    parent = tempfile.mkdtemp(prefix="endurance-") if options.keep else None
    with tempfile.TemporaryDirectory(prefix="endurance-") as temporary:
        run = Run(options, pathlib.Path(parent or temporary))
        try:
            run.play()
            good = run.reckon()
            run.server.stop()
            if parent:
                print("kept in", parent)
            return 0 if good else 1
        finally:
            run.server.kill()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        print("fail ", failure)
        sys.exit(1)
