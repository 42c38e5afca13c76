"""curl: one command at a time over imaps, imap with STARTTLS, smtps and smtp with STARTTLS."""

import re
import urllib.parse

from harness import Client, command, expect, expect_left, message, wire, without_block

client = Client("curl", ["curl"])
sent = {}


def curl(settings, url, *options, password=None, accept=(0,), anonymous=False):
    """curl with the CA and, by a configuration on its standard input, name and password."""
    quoted = (password or settings.password).replace("\\", "\\\\").replace('"', '\\"')
    user = "" if anonymous else f'user = "{settings.user}:{quoted}"\n'
    return command(
        ["curl", "--silent", "--show-error", "--max-time", "20", "--cacert", settings.ca, "-K", "-", *options, url],
        stdin=user,
        accept=accept,
    )


def imaps(settings, path=""):
    return f"imaps://{settings.host}:{settings.imaps}/{path}"


def uid_of(settings, message_id):
    answer = curl(settings, imaps(settings, "INBOX"), "-X", f"UID SEARCH HEADER Message-ID {message_id}")
    found = re.fullmatch(rb"\* SEARCH (\d+)\s*", answer)
    expect(found, f"one message with this Message-ID expected, not {answer!r}")
    return int(found.group(1))


def append(settings, directory, made, name="message.eml"):
    file = directory / name
    file.write_bytes(wire(made))
    curl(settings, imaps(settings, "INBOX"), "-T", file)
    return made["Message-ID"]


@client.check("imaps: list")
def list_folders(settings, _):
    answer = curl(settings, imaps(settings))
    expect(re.search(rb'^\* LIST \(.*\) "." "?INBOX"?\s*$', answer, re.M), f"no INBOX in {answer!r}")


@client.check("imap with STARTTLS: list")
def list_by_starttls(settings, _):
    answer = curl(settings, f"imap://{settings.host}:{settings.imap}/", "--ssl-reqd")
    expect(b"INBOX" in answer, f"no INBOX in {answer!r}")


@client.check("imaps: TLS 1.2 and TLS 1.3")
def versions(settings, _):
    curl(settings, imaps(settings), "--tls-max", "1.2")
    curl(settings, imaps(settings), "--tlsv1.3")


@client.check("imaps: AUTHENTICATE PLAIN, with and without an initial response")
def mechanisms(settings, _):
    for options in ((), ("--sasl-ir",)):
        curl(settings, imaps(settings), "--login-options", "AUTH=PLAIN", *options)


@client.check("imaps: wrong password is refused")
def wrong_password(settings, _):
    curl(settings, imaps(settings), password="wrong " + settings.password[:1], accept=(67,))


@client.check("imaps: append, search, fetch whole and in parts")
def append_and_fetch(settings, directory):
    made = message(settings, "Samples, appended by curl")
    uid = uid_of(settings, append(settings, directory, made))
    whole = curl(settings, imaps(settings, f"INBOX;UID={uid}"))
    expect(without_block(whole) == wire(made), lambda: f"other bytes come back: {whole!r}")
    header = curl(settings, imaps(settings, f"INBOX;UID={uid};SECTION=HEADER"))
    text = curl(settings, imaps(settings, f"INBOX;UID={uid};SECTION=TEXT"))
    expect(header + text == whole, "HEADER and TEXT are not the whole message")
    sent["uid"] = uid


@client.check("imaps: a message of 3 MB goes in and comes out")
def large(settings, directory):
    attachment = bytes(index * 7 % 251 for index in range(2_200_000))
    made = message(settings, "A large one", attachment=attachment)
    uid = uid_of(settings, append(settings, directory, made, "large.eml"))
    whole = curl(settings, imaps(settings, f"INBOX;UID={uid}"))
    expect(without_block(whole) == wire(made), f"{len(whole)} bytes come back, {len(wire(made))} were sent")


@client.check("imaps: store a flag and search for it")
def flags(settings, _):
    uid = sent["uid"]
    curl(settings, imaps(settings, "INBOX"), "-X", f"UID STORE {uid} +FLAGS (\\Flagged)")
    answer = curl(settings, imaps(settings, "INBOX"), "-X", "UID SEARCH FLAGGED")
    expect(str(uid).encode() in answer.split(), f"{uid} is not in {answer!r}")


@client.check("imaps: search by URL")
def url_search(settings, _):
    query = urllib.parse.quote("SUBJECT appended FLAGGED")
    answer = curl(settings, imaps(settings, "INBOX?" + query))
    expect(re.match(rb"\* SEARCH \d", answer), f"nothing found: {answer!r}")


@client.check("imaps: a folder that does not exist")
def missing_folder(settings, _):
    curl(settings, imaps(settings, "Nowhere;UID=1"), accept=(78, 9, 67, 21, 8))


def submit(settings, directory, url, *options, name):
    made = message(settings, f"Sent by curl, {name}")
    file = directory / "submission.eml"
    file.write_bytes(wire(made))
    curl(
        settings,
        url,
        *options,
        "--mail-from",
        settings.address,
        "--mail-rcpt",
        settings.colleague,
        "-T",
        file,
    )
    expect_left(settings, made["Message-ID"])


@client.check("smtps: submission")
def smtps(settings, directory):
    submit(settings, directory, f"smtps://{settings.host}:{settings.submissions}/interop.example", name="TLS")


@client.check("smtp with STARTTLS: submission")
def smtp_starttls(settings, directory):
    url = f"smtp://{settings.host}:{settings.submission}/interop.example"
    submit(settings, directory, url, "--ssl-reqd", name="STARTTLS")


@client.check("smtps: nothing is taken without log-in")
def anonymous(settings, directory):
    file = directory / "anonymous.eml"
    file.write_bytes(wire(message(settings, "Must not be taken")))
    curl(
        settings,
        f"smtps://{settings.host}:{settings.submissions}/interop.example",
        "--mail-from",
        settings.address,
        "--mail-rcpt",
        settings.colleague,
        "-T",
        file,
        anonymous=True,
        accept=(55,),
    )


if __name__ == "__main__":
    client.run()
