"""A Dovecot of its own: temporary directory, high loopback ports, TLS, passwords and XOAUTH2."""

import base64
import contextlib
import grp
import os
import pathlib
import pwd
import secrets
import shlex
import shutil
import signal
import subprocess
import sys

from harness import end, free_ports, wait_for_port

from . import Unavailable, token

CONFIGURATION = """
base_dir = {directory}/run
state_dir = {directory}/state
log_path = {directory}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = yes
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
auth_verbose = yes
mail_location = maildir:{directory}/mail/%u
mail_uid = {owner}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_fsync = never
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
{capability}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Drafts {{
    auto = subscribe
    special_use = \\Drafts
  }}
  mailbox Sent {{
    auto = subscribe
    special_use = \\Sent
  }}
  mailbox Archive {{
    auto = subscribe
    special_use = \\Archive
  }}
  mailbox Trash {{
    auto = subscribe
    special_use = \\Trash
  }}
  mailbox Junk {{
    auto = subscribe
    special_use = \\Junk
  }}
}}

passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {directory}/oauth2.conf
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=plain username_format=%u {directory}/users
}}
userdb {{
  driver = static
  args = allow_all_users=yes
}}

service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service auth {{
  unix_listener {directory}/auth {{
    mode = 0666
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""

OAUTH2 = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={directory}/keys/
username_attribute = sub
"""


class Dovecot:
    """One instance. `start`, `stop` and `start` again keep the mail."""

    def __init__(self, directory, certificates, users, capability=None):
        """`users` is name → password; `capability` replaces what the server announces after log-in."""
        self.program = shutil.which("dovecot", path=os.environ.get("PATH", "") + ":/usr/sbin")
        if self.program is None:
            raise Unavailable("dovecot is not installed")
        self.directory = pathlib.Path(directory)
        self.users = dict(users)
        self.ca = str(pathlib.Path(certificates) / "ca.pem")
        self.imap, self.imaps, self.lmtp = free_ports(3)
        self.process = None
        self.secret = secrets.token_bytes(32)

        self.directory.mkdir(parents=True)
        for name in ("run", "state", "mail", "keys/default/HS256"):
            (self.directory / name).mkdir(parents=True)
        # Dovecot never opens mail as root; `mail` is a system user of every Debian.
        if os.geteuid() == 0:
            owner, group, internal, internal_group, login = "mail", "mail", "dovecot", "dovecot", "dovenull"
            shutil.chown(self.directory / "mail", owner, group)
        else:
            owner = internal = login = pwd.getpwuid(os.geteuid()).pw_name
            group = internal_group = grp.getgrgid(os.getegid()).gr_name
        self.directory.chmod(0o755)
        certificates = pathlib.Path(certificates)
        self.write(
            "dovecot.conf",
            CONFIGURATION.format(
                directory=self.directory,
                certificate=certificates / "server.pem",
                key=certificates / "server-key.pem",
                owner=owner,
                group=group,
                internal=internal,
                internal_group=internal_group,
                login=login,
                imap=self.imap,
                imaps=self.imaps,
                lmtp=self.lmtp,
                capability=f"imap_capability = {capability}" if capability else "",
            ),
        )
        self.write("users", "".join(f"{name}:{password}\n" for name, password in self.users.items()))
        self.write("oauth2.conf", OAUTH2.format(directory=self.directory))
        (self.directory / "secret").touch(mode=0o600)
        (self.directory / "secret").write_bytes(self.secret)
        self.write("keys/default/HS256/default", base64.b64encode(self.secret).decode())

    def write(self, name, text):
        path = self.directory / name
        path.write_text(text)
        path.chmod(0o644)

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "-F", "-c", str(self.directory / "dovecot.conf")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=open(self.directory / "stderr.log", "ab"),
            start_new_session=True,
        )
        try:
            for port in (self.imap, self.imaps, self.lmtp):
                wait_for_port(port, self.process)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self):
        """Ends the master, and then the sessions that outlive it for a while."""
        if self.process is not None:
            try:
                end(self.process)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.process.pid, signal.SIGKILL)
                self.process = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def log(self):
        path = self.directory / "dovecot.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def mailbox(self, user):
        """The maildir of a user, for looking at what was delivered."""
        return self.directory / "mail" / user

    def token(self, user, lifetime=3600):
        """An access token for XOAUTH2; one with a negative lifetime has ended."""
        return token.make(self.secret, user, lifetime)

    def token_command(self, user, lifetime=3600):
        """A program that prints a fresh token, as a configuration's `{ command = … }` wants it."""
        path = self.directory / f"token-{user}"
        path.write_text(
            "#!/bin/sh\n"
            f"exec {shlex.quote(sys.executable)} {shlex.quote(token.__file__)} "
            f"{shlex.quote(str(self.directory / 'secret'))} {shlex.quote(user)} {lifetime}\n"
        )
        path.chmod(0o700)
        return str(path)
