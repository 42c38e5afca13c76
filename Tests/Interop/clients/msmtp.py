"""msmtp: the sendmail replacement, with STARTTLS and with TLS on connect."""

from harness import Client, command, expect, expect_left, message, wire

client = Client("msmtp", ["msmtp"])


def msmtp(settings, directory, starttls, password=None, accept=(0,)):
    made = message(settings, "Sent by msmtp")
    secret = directory / "password"
    secret.touch(mode=0o600)
    secret.write_text(password or settings.password)
    rc = directory / "msmtprc"
    rc.touch(mode=0o600)
    rc.write_text(
        f"account default\nhost {settings.host}\n"
        f"port {settings.submission if starttls else settings.submissions}\n"
        f"tls on\ntls_starttls {'on' if starttls else 'off'}\ntls_trust_file {settings.ca}\n"
        f"auth on\nuser {settings.user}\npasswordeval cat {secret}\n"
        f"from {settings.address}\ndomain interop.example\n"
    )
    # msmtp reads a message with the line ends of Unix.
    command(["msmtp", "-C", rc, "--", settings.colleague], stdin=wire(made).replace(b"\r\n", b"\n"), accept=accept)
    return made["Message-ID"]


@client.check("TLS on connect")
def tls(settings, directory):
    expect_left(settings, msmtp(settings, directory, starttls=False))


@client.check("STARTTLS")
def starttls(settings, directory):
    expect_left(settings, msmtp(settings, directory, starttls=True))


@client.check("wrong password is refused")
def wrong_password(settings, directory):
    expect(msmtp(settings, directory, starttls=False, password="wrong", accept=(77,)), "accepted")


if __name__ == "__main__":
    client.run()
