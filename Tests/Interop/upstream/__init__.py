"""Real servers on loopback: Dovecot as a mailbox provider, Postfix as its smarthost."""


class Unavailable(Exception):
    """The server cannot be run here; the text says why."""
