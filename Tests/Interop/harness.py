"""What the client scripts share: settings from the environment, checks, the sample messages.

A client script makes a `Client`, marks its checks and ends with `client.run()`. Checks run in
the order they are written; each prints one line that begins with pass, fail or skip.
"""

import dataclasses
import email.message
import email.policy
import email.utils
import imaplib
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import uuid

PATIENCE = 20.0
"""Seconds that anything may take before it counts as failed."""


class Failure(Exception):
    """The server did not do what the check expects."""


class Skip(Exception):
    """The check cannot run here; the text says why."""


@dataclasses.dataclass(frozen=True)
class Settings:
    """The server under test, from INTEROP_… variables."""

    host: str
    imap: int
    imaps: int
    submission: int
    submissions: int
    user: str
    password: str
    address: str
    colleague: str
    ca: str
    sink: str

    @classmethod
    def from_environment(cls):
        def value(name, default=None):
            found = os.environ.get("INTEROP_" + name, default)
            if found is None:
                sys.exit(f"INTEROP_{name} is not set; scripts/interop sets it")
            return found

        return cls(
            host=value("HOST", "localhost"),
            imap=int(value("IMAP")),
            imaps=int(value("IMAPS")),
            submission=int(value("SUBMISSION")),
            submissions=int(value("SUBMISSIONS")),
            user=value("USER"),
            password=value("PASSWORD"),
            address=value("ADDRESS"),
            colleague=value("COLLEAGUE"),
            ca=value("CA"),
            sink=value("SINK", ""),
        )

    def to_environment(self):
        return {"INTEROP_" + name.upper(): str(value) for name, value in dataclasses.asdict(self).items()}

    def tls(self):
        return ssl.create_default_context(cafile=self.ca)


class Client:
    """One mail client and the checks made with it."""

    def __init__(self, name, programs=(), lacks=None):
        """`lacks` says what else is missing here, or nothing."""
        self.name = name
        self.programs = programs
        self.lacks = lacks
        self.checks = []

    def check(self, title):
        def add(function):
            self.checks.append((title, function))
            return function

        return add

    def run(self):
        missing = [program for program in self.programs if shutil.which(program) is None]
        if missing:
            print(f"skip  {self.name}: {', '.join(missing)} not installed", flush=True)
            return
        lack = self.lacks() if self.lacks else None
        if lack:
            print(f"skip  {self.name}: {lack}", flush=True)
            return
        settings = Settings.from_environment()
        exit_on_sigterm()
        with tempfile.TemporaryDirectory(prefix="interop-") as directory:
            sys.exit(0 if run_checks(self.name, self.checks, settings, pathlib.Path(directory)) else 1)


def run_checks(name, checks, *arguments):
    """Runs (title, function) pairs, one line each. Whether none failed."""
    good = True
    for title, function in checks:
        started = time.monotonic()
        try:
            function(*arguments)
            print(f"pass  {name}: {title} ({time.monotonic() - started:.2f} s)", flush=True)
        except Skip as skip:
            print(f"skip  {name}: {title}: {skip}", flush=True)
        except Exception as error:  # a check that breaks is a failed check
            good = False
            what = str(error) if isinstance(error, Failure) else f"{type(error).__name__}: {error}"
            print(f"fail  {name}: {title}: " + what.strip().replace("\n", "\n      | "), flush=True)
    return good


def expect(condition, what):
    """Fails the check unless the condition holds."""
    if not condition:
        raise Failure(what() if callable(what) else what)


def command(arguments, stdin=None, accept=(0,), environment=None):
    """Runs a client program; its standard output as bytes. Other exit codes fail the check."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})}
    try:
        done = subprocess.run(
            [str(argument) for argument in arguments],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            timeout=PATIENCE * 3,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        told = ((late.stdout or b"") + (late.stderr or b"")).decode(errors="replace")
        raise Failure(f"{arguments[0]} did not end\n{tail(told)}") from None
    if done.returncode not in accept:
        told = (done.stdout + done.stderr).decode(errors="replace")
        raise Failure(f"{arguments[0]} ended with {done.returncode}\n{tail(told)}")
    return done.stdout


def tail(text, lines=12):
    return "\n".join(text.splitlines()[-lines:])


def eventually(condition, what, patience=PATIENCE):
    """Waits until the condition gives something true, and returns that."""
    end = time.monotonic() + patience
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() >= end:
            raise Failure(what)
        time.sleep(0.05)


def free_ports(count):
    """Loopback ports that nobody listens on now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def wait_for_port(port, process=None, host="127.0.0.1"):
    """Waits until somebody accepts connections there; fails at once if the process has ended."""

    def accepts():
        if process is not None and process.poll() is not None:
            raise Failure(f"the server ended with {process.returncode} before it listened on {port}")
        try:
            socket.create_connection((host, port), timeout=1).close()
            return True
        except OSError:
            return False

    eventually(accepts, f"nobody listens on port {port}")


def end(process, patience=PATIENCE):
    """Ends a process that this run started: SIGTERM, then SIGKILL. Its exit code."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return process.returncode


def exit_on_sigterm():
    """Makes the first SIGTERM unwind, so that what was started is ended; later ones do not disturb that."""

    def leave(*_):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        sys.exit(143)

    signal.signal(signal.SIGTERM, leave)


def message(settings, subject, to=None, body="Hello,\n\nthe samples arrived today.\n\nBest,\nAda\n", attachment=None):
    """A message with a Message-ID of its own, as an EmailMessage; `wire` gives its bytes."""
    made = email.message.EmailMessage(policy=email.policy.SMTP)
    made["From"] = settings.address
    made["To"] = to or settings.colleague
    made["Subject"] = subject
    made["Date"] = email.utils.localtime()
    made["Message-ID"] = f"<{uuid.uuid4()}@interop.example>"
    made.set_content(body)
    if attachment is not None:
        made.add_attachment(attachment, maintype="application", subtype="octet-stream", filename="samples.bin")
    return made


def wire(made):
    """A message as it travels: CRLF line ends."""
    return made.as_bytes(policy=email.policy.SMTP)


def without_block(data):
    """A stored message without the header fields that the gateway adds."""
    head, separator, body = data.partition(b"\r\n\r\n")
    kept, dropping = [], False
    for line in head.split(b"\r\n"):
        if not (dropping and line[:1] in (b" ", b"\t")):
            dropping = line.lower().startswith(b"greenroom-")
        if not dropping:
            kept.append(line)
    return b"\r\n".join(kept) + separator + body


def imap(settings, user=None, password=None):
    """A logged-in imaplib connection over TLS."""
    connection = imaplib.IMAP4_SSL(settings.host, settings.imaps, ssl_context=settings.tls(), timeout=PATIENCE)
    connection.login(user or settings.user, password or settings.password)
    return connection


def ok(answer):
    """The data of an imaplib answer that must be OK."""
    kind, data = answer
    if kind != "OK":
        raise Failure(f"{kind} {data!r}")
    return data


def left(settings, message_id):
    """Whether a message reached the smarthost, where this run can see that: else None."""
    if not settings.sink:
        return None
    wanted = message_id.encode()
    for path in pathlib.Path(settings.sink).rglob("*"):
        try:
            if path.is_file() and wanted in path.read_bytes():
                return True
        except FileNotFoundError:
            continue  # renamed while we looked
    return False


def expect_left(settings, message_id):
    """The message goes out, where this run can see that."""
    if settings.sink:
        eventually(lambda: left(settings, message_id), "accepted, but it never reached the smarthost")
