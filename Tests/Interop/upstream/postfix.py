"""A Postfix of its own as a smarthost: high loopback ports, STARTTLS and TLS, SASL by Dovecot.

Whatever it accepts is handed to the Dovecot by LMTP, whoever the recipient is, so that a test
finds in a maildir what really left. The local part `unknown` is refused for good, `busy` for
a time.
"""

import os
import pathlib
import shutil
import signal
import subprocess

from harness import PATIENCE, end, free_ports, wait_for_port

from . import Unavailable

MAIN = """
compatibility_level = 3.6
queue_directory = {directory}/queue
data_directory = {directory}/data
maillog_file = {directory}/postfix.log
maillog_file_prefixes = {directory}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = smarthost.example
mydestination =
alias_maps =
alias_database =
local_recipient_maps =
disable_dns_lookups = yes
default_transport = lmtp:[127.0.0.1]:{lmtp}
relay_transport = $default_transport
mynetworks =
biff = no
message_size_limit = 52428800
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {auth}
smtpd_sasl_security_options = noanonymous
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access regexp:{directory}/recipients, permit_sasl_authenticated, reject
smtpd_client_connection_rate_limit = 0
smtpd_error_sleep_time = 0
minimal_backoff_time = 10s
queue_run_delay = 10s
"""

RECIPIENTS = """
/^unknown@/ 550 5.1.1 no such mailbox
/^busy@/ 451 4.2.1 try again later
"""

MASTER = """
127.0.0.1:{submission} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt
127.0.0.1:{submissions} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """One instance beside a running Dovecot, whose users may log in here."""

    def __init__(self, directory, certificates, dovecot):
        self.program = shutil.which("postfix", path=os.environ.get("PATH", "") + ":/usr/sbin")
        if self.program is None:
            raise Unavailable("postfix is not installed")
        if os.geteuid() != 0:
            raise Unavailable("postfix starts only as root")
        self.directory = pathlib.Path(directory)
        self.ca = str(pathlib.Path(certificates) / "ca.pem")
        self.submission, self.submissions = free_ports(2)
        self.process = None

        certificates = pathlib.Path(certificates)
        self.directory.mkdir(parents=True)
        self.directory.chmod(0o755)
        (self.directory / "queue").mkdir()
        (self.directory / "data").mkdir()
        shutil.chown(self.directory / "data", "postfix")
        values = {
            "directory": self.directory,
            "lmtp": dovecot.lmtp,
            "auth": dovecot.directory / "auth",
            "certificate": certificates / "server.pem",
            "key": certificates / "server-key.pem",
            "submission": self.submission,
            "submissions": self.submissions,
        }
        for name, text in (("main.cf", MAIN), ("master.cf", MASTER), ("recipients", RECIPIENTS)):
            (self.directory / name).write_text(text.format(**values).lstrip())

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "-c", str(self.directory), "start-fg"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=open(self.directory / "stderr.log", "ab"),
        )
        try:
            for port in (self.submission, self.submissions):
                wait_for_port(port, self.process)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self):
        """Ends the master, which ends its children; `process` only waits for it."""
        if self.process is None:
            return
        try:
            os.kill(int((self.directory / "queue/pid/master.pid").read_text()), signal.SIGTERM)
            self.process.wait(PATIENCE)
        except (FileNotFoundError, ProcessLookupError, ValueError, subprocess.TimeoutExpired):
            pass  # it never came up, or has ended by itself
        end(self.process)
        self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def log(self):
        path = self.directory / "postfix.log"
        return path.read_text(errors="replace") if path.exists() else ""
