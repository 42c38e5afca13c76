"""A real Dovecot and a real Postfix in the gateway's place, to test the client scripts."""

import contextlib

from harness import Settings
from upstream.certificates import make_certificates
from upstream.dovecot import Dovecot
from upstream.postfix import Postfix

USER = "ada@glow.example"
COLLEAGUE = "ben@glow.example"


@contextlib.contextmanager
def running(directory):
    certificates = make_certificates(directory / "certs")
    password = 'right "battery\\ 1'  # what a client must quote
    with Dovecot(directory / "dovecot", certificates, {USER: password, COLLEAGUE: "unused"}) as dovecot:
        with Postfix(directory / "postfix", certificates, dovecot) as postfix:
            yield Settings(
                host="localhost",
                imap=dovecot.imap,
                imaps=dovecot.imaps,
                submission=postfix.submission,
                submissions=postfix.submissions,
                user=USER,
                password=password,
                address=USER,
                colleague=COLLEAGUE,
                ca=str(certificates / "ca.pem"),
                sink=str(dovecot.mailbox(COLLEAGUE)),
            )
