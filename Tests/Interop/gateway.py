"""The gateway under test, on a configuration, ports and a data directory of its own."""

import base64
import contextlib
import dataclasses
import hashlib
import hmac
import json
import os
import pathlib
import secrets
import subprocess

from harness import Failure, Settings, end, free_ports, tail, wait_for_port
from upstream.certificates import make_certificates

GATEWAY = """
brand = "Glow"
domains = ["glow.example"]
data = {data}
host_name = "mail.glow.example"

[tls]
certificate = {certificate}
key = {key}

[[listeners]]
service = "imap"
address = "127.0.0.1:{imap}"

[[listeners]]
service = "imaps"
address = "127.0.0.1:{imaps}"

[[listeners]]
service = "submission"
address = "127.0.0.1:{submission}"

[[listeners]]
service = "submissions"
address = "127.0.0.1:{submissions}"

[[listeners]]
service = "lmtp"
address = "127.0.0.1:{lmtp}"
networks = ["127.0.0.1/32"]

[accounts.team]
kind = "{kind}"
shared = true
addresses = ["{account}"]
{upstream}
[smarthost]
{smarthost}
"""

TEAM = """
[groups.managers]

[members.ada]
name = "Ada"
addresses = ["{ada}"]
groups = ["managers"]
accounts = ["team"]
campaigns = ["*"]
sends_as = ["{account}"]

[[members.ada.devices]]
label = "interop"
scopes = ["read", "send", "approve"]
password = {password}

[members.ben]
name = "Ben"
addresses = ["{ben}"]
accounts = ["team"]
"""

POLICY = """
[default]
approvals = { managers = 1 }

# What the clients send here shall reach the smarthost, so that a test sees it arrive.
[[permits]]
name = "all"
when = { always = true }
"""

CREATORS = "id,name,addresses\nmia,Mia Winter,mia@creators.example\n"

ACCOUNT = "team@glow.example"
ADA = "ada@glow.example"
BEN = "ben@glow.example"


def toml(value):
    """A TOML value: strings and lists of strings are written as JSON writes them."""
    return json.dumps(str(value) if isinstance(value, pathlib.Path) else value)


def stored_password(password):
    """A password as team.toml keeps it (RFC 5803)."""
    salt, count = secrets.token_bytes(16), 4096
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, count)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    encode = lambda data: base64.b64encode(data).decode()  # noqa: E731
    return f"SCRAM-SHA-256${count}:{encode(salt)}${encode(stored)}:{encode(server)}"


@dataclasses.dataclass(frozen=True)
class Provider:
    """A mailbox provider that the account is mirrored from; both servers, as TOML."""

    upstream: str
    smarthost: str


class Gateway:
    """One gateway. `start`, `kill` and `start` again keep its data."""

    def __init__(self, directory, provider=None):
        self.program = os.environ.get("GREENROOM", "")
        if not os.access(self.program, os.X_OK):
            raise Failure("GREENROOM names no program; `make interop` builds it")
        self.program = str(pathlib.Path(self.program).resolve())
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(mode=0o700)
        self.process = None
        self.certificates = make_certificates(self.directory / "certs")
        self.password = secrets.token_urlsafe(16)
        self.imap, self.imaps, self.submission, self.submissions, self.lmtp = free_ports(5)
        self.data = self.directory / "data"
        self.config = self.directory / "config"
        (self.config / "policies").mkdir(parents=True)
        self.write(
            "greenroom.toml",
            GATEWAY.format(
                data=toml(self.data),
                certificate=toml(self.certificates / "server.pem"),
                key=toml(self.certificates / "server-key.pem"),
                imap=self.imap,
                imaps=self.imaps,
                submission=self.submission,
                submissions=self.submissions,
                lmtp=self.lmtp,
                account=ACCOUNT,
                kind="mirrored" if provider else "local",
                upstream=provider.upstream if provider else "",
                smarthost=provider.smarthost if provider else "sink = true",
            ),
        )
        self.write(
            "team.toml",
            TEAM.format(ada=ADA, ben=BEN, account=ACCOUNT, password=toml(stored_password(self.password))),
        )
        self.write("policies/all.toml", POLICY)
        self.write("creators.csv", CREATORS)

    def write(self, name, text):
        path = self.config / name
        path.write_text(text)
        path.chmod(0o600)

    def start(self):
        log = open(self.directory / "greenroom.log", "ab")
        self.process = subprocess.Popen(
            [self.program, "serve", "--config", str(self.config)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        log.close()
        try:
            for port in (self.imap, self.imaps, self.submission, self.submissions, self.lmtp):
                wait_for_port(port, self.process)
        except Failure as failure:
            self.kill()
            raise Failure(f"{failure}\n{tail(self.log())}") from None
        return self

    def stop(self):
        """Ends it with SIGTERM; it must drain and end well."""
        if self.process is None:
            return
        code = end(self.process)
        self.process = None
        if code != 0:
            raise Failure(f"the gateway ended with {code} after SIGTERM\n{tail(self.log())}")

    def kill(self):
        """SIGKILL: a crash."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def log(self):
        path = self.directory / "greenroom.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def settings(self, sink=None):
        return Settings(
            host="localhost",
            imap=self.imap,
            imaps=self.imaps,
            submission=self.submission,
            submissions=self.submissions,
            user="ada",
            password=self.password,
            address=ADA,
            colleague=BEN,
            ca=str(self.certificates / "ca.pem"),
            sink=str(sink or self.data / "sink"),
        )


@contextlib.contextmanager
def running(directory):
    """A gateway with a local account and the sink as smarthost."""
    gateway = Gateway(directory / "gateway").start()
    try:
        yield gateway.settings()
        gateway.stop()
    finally:
        gateway.kill()
