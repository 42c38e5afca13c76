"""Starts both servers by hand and prints how to reach them: python3 -m upstream [USER...]

Ends with Ctrl-C or SIGTERM and takes the mail with it.
"""

import pathlib
import secrets
import signal
import sys
import tempfile

from harness import exit_on_sigterm

from . import Unavailable
from .certificates import make_certificates
from .dovecot import Dovecot
from .postfix import Postfix


def main():
    users = {name: secrets.token_urlsafe(12) for name in sys.argv[1:] or ["team@glow.example"]}
    exit_on_sigterm()
    with tempfile.TemporaryDirectory(prefix="upstream-") as name:
        directory = pathlib.Path(name)
        directory.chmod(0o755)
        made = make_certificates(directory / "certs")
        with Dovecot(directory / "dovecot", made, users) as dovecot:
            print(f"CA {dovecot.ca}")
            print(f"IMAP localhost:{dovecot.imap} STARTTLS, localhost:{dovecot.imaps} TLS")
            for user, password in users.items():
                print(f"user {user} password {password} token command {dovecot.token_command(user)}")
            try:
                with Postfix(directory / "postfix", made, dovecot) as postfix:
                    print(f"SMTP localhost:{postfix.submission} STARTTLS, localhost:{postfix.submissions} TLS")
                    sys.stdout.flush()
                    signal.pause()
            except Unavailable as why:
                print(f"no SMTP: {why}", flush=True)
                signal.pause()


try:
    main()
except KeyboardInterrupt:
    pass
