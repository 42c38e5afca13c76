"""swaks: submission with STARTTLS, with TLS on connect, AUTH PLAIN and LOGIN, and refusals."""

from harness import Client, Failure, command, expect, expect_left, message, wire


def lacks():
    try:
        command(["perl", "-MNet::SSLeay", "-e", "1"])
    except Failure:
        return "no TLS for Perl: install libnet-ssleay-perl"
    return None


client = Client("swaks", ["swaks"], lacks)
AUTH_FAILED = 28
AUTH_IMPOSSIBLE = (28, 35)
MAIL_OR_RCPT_REFUSED = (23, 24)


def swaks(settings, *options, tls="--tls", password=None, accept=(0,), subject="Sent by swaks", body=None):
    """One transaction. Returns the transcript and the Message-ID."""
    made = message(settings, subject, body=body or "Hello,\n\n.a line with a dot.\n.\nBest,\nAda\n")
    port = settings.submissions if tls == "--tls-on-connect" else settings.submission
    login = [] if password == "" else ["--auth-user", settings.user, "--auth-password", password or settings.password]
    transcript = command(
        [
            "swaks",
            "--server",
            settings.host,
            "--port",
            port,
            *([tls] if tls else []),
            "--tls-verify",
            "--tls-ca-path",
            settings.ca,
            "--ehlo",
            "interop.example",
            "--timeout",
            "20",
            "--from",
            settings.address,
            "--to",
            settings.colleague,
            *login,
            *options,
            "--data",
            "-",
        ],
        stdin=wire(made),
        accept=accept,
    )
    return transcript.decode(errors="replace"), made["Message-ID"]


@client.check("STARTTLS, AUTH PLAIN")
def starttls_plain(settings, _):
    transcript, message_id = swaks(settings, "--auth", "PLAIN")
    expect("~> AUTH PLAIN" in transcript, "AUTH PLAIN was not used")
    expect_left(settings, message_id)


@client.check("STARTTLS, AUTH LOGIN")
def starttls_login(settings, _):
    transcript, message_id = swaks(settings, "--auth", "LOGIN")
    expect("~> AUTH LOGIN" in transcript, "AUTH LOGIN was not used")
    expect_left(settings, message_id)


@client.check("TLS on connect, AUTH PLAIN")
def tls_plain(settings, _):
    _, message_id = swaks(settings, "--auth", "PLAIN", tls="--tls-on-connect")
    expect_left(settings, message_id)


@client.check("TLS on connect, AUTH LOGIN")
def tls_login(settings, _):
    _, message_id = swaks(settings, "--auth", "LOGIN", tls="--tls-on-connect")
    expect_left(settings, message_id)


@client.check("pipelining")
def pipelining(settings, _):
    _, message_id = swaks(settings, "--auth", "PLAIN", "--pipeline", tls="--tls-on-connect")
    expect_left(settings, message_id)


@client.check("8-bit text and a line of 998 octets")
def eight_bit(settings, _):
    text = "Grüße, ça va, 你好\n" + "x" * 998 + "\nend\n"
    _, message_id = swaks(settings, "--auth", "PLAIN", body=text)
    expect_left(settings, message_id)


@client.check("wrong password is refused")
def wrong_password(settings, _):
    swaks(settings, "--auth", "PLAIN", password="wrong", accept=(AUTH_FAILED,))


@client.check("no password before TLS")
def no_plaintext(settings, _):
    transcript, _ = swaks(settings, "--auth", "PLAIN", tls=None, accept=AUTH_IMPOSSIBLE)
    expect("235" not in transcript, "a password was accepted in clear text")


@client.check("nothing is taken without log-in")
def anonymous(settings, _):
    swaks(settings, password="", tls="--tls-on-connect", accept=MAIL_OR_RCPT_REFUSED)


if __name__ == "__main__":
    client.run()
