"""neomutt without a person: reads a folder through a terminal of its own, sends in batch."""

import mailbox
import os
import pty
import select
import subprocess
import time

from harness import PATIENCE, Client, Failure, command, end, eventually, expect, expect_left, imap, message, ok, wire

client = Client("neomutt", ["neomutt"])
FOLDER = "Interop neomutt"

CONFIGURATION = """
set from = "{address}"
set realname = "Ada"
set use_from = yes
set hostname = "interop.example"
set folder = "imaps://{host}:{imaps}/"
set imap_user = "{user}"
set imap_pass = "{password}"
set smtp_url = "{smtp}"
set smtp_pass = "{password}"
set ssl_starttls = yes
set ssl_force_tls = yes
set ssl_ca_certificates_file = "{ca}"
set certificate_file = ""
set ssl_verify_host = yes
set record = "{record}"
set copy = yes
set header_cache = ""
set message_cachedir = ""
set tmpdir = "{directory}"
set sleep_time = 0
set confirmappend = no
set confirmcreate = no
set delete = yes
set quit = yes
set mark_old = no
set wait_key = no
set editor = "true"
set autoedit = no
set fast_reply = yes
set abort_unmodified = no
set imap_check_subscribed = no
set move = no
"""


def quoted(text):
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("`", "\\`")


def configure(settings, directory, smtp, record="+" + FOLDER):
    rc = directory / "neomuttrc"
    rc.touch(mode=0o600)
    name = settings.user.replace("@", "%40")
    port = settings.submissions if smtp == "smtps" else settings.submission
    rc.write_text(
        CONFIGURATION.format(
            address=settings.address,
            host=settings.host,
            imaps=settings.imaps,
            user=quoted(settings.user),
            password=quoted(settings.password),
            smtp=f"{smtp}://{name}@{settings.host}:{port}/",
            ca=settings.ca,
            record=record,
            directory=directory,
        )
    )
    return rc


def neomutt(arguments, directory, prompt=None, keys=b""):
    """Runs neomutt in a terminal of its own until it ends; what it showed.

    The keys are typed once, when it shows the prompt.
    """
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        ["neomutt", *map(str, arguments)],
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
        env={**os.environ, "TERM": "vt100", "HOME": str(directory), "LC_ALL": "C.UTF-8"},
    )
    os.close(follower)
    shown = b""
    until = time.monotonic() + PATIENCE * 2
    try:
        while time.monotonic() < until:
            if select.select([leader], [], [], 0.2)[0]:
                try:
                    piece = os.read(leader, 65536)
                except OSError:  # the terminal is closed: neomutt has ended
                    piece = b""
                if not piece:
                    process.wait(PATIENCE)
                    return shown.decode(errors="replace")
                shown += piece
            elif prompt is not None and prompt in shown:
                prompt = None
                os.write(leader, keys)
        raise Failure(f"neomutt did not end\n{shown[-1500:].decode(errors='replace')!r}")
    finally:
        end(process)
        os.close(leader)


def send_in_batch(settings, directory, smtp):
    """Sends with nobody there; neomutt's own copy tells the Message-ID."""
    copy = directory / f"copy-{smtp}"
    rc = configure(settings, directory, smtp, record=copy)
    (directory / "attachment.bin").write_bytes(bytes(range(256)) * 100)
    command(
        [
            "neomutt",
            "-n",
            "-F",
            rc,
            "-s",
            f"Sent over {smtp}",
            "-a",
            directory / "attachment.bin",
            "--",
            settings.colleague,
        ],
        stdin="Hello,\n\nthe samples arrived.\n",
        environment={"HOME": str(directory)},
    )
    (stored,) = mailbox.mbox(copy)
    expect_left(settings, stored["Message-ID"])


@client.check("reads a folder: every message is copied out as it is")
def read(settings, directory):
    connection = imap(settings)
    ok(connection.create(f'"{FOLDER}"'))
    made = [message(settings, f"For neomutt {number}", attachment=b"y" * 20_000) for number in range(3)]
    for each in made:
        ok(connection.append(f'"{FOLDER}"', None, None, wire(each)))
    connection.logout()

    rc = configure(settings, directory, "smtps")
    target = directory / "copied"
    keys = f"<tag-pattern>~A<enter><tag-prefix><copy-message><kill-line>{target}<enter><quit>"
    shown = neomutt(
        ["-n", "-F", rc, "-f", f"imaps://{settings.host}:{settings.imaps}/{FOLDER}", "-e", f'push "{keys}"'], directory
    )
    expect(target.exists(), lambda: f"nothing was copied\n{shown[-1500:]!r}")
    copied = {each["Message-ID"]: each for each in mailbox.mbox(target)}
    for each in made:
        expect(each["Message-ID"] in copied, f"{each['Subject']} was not copied")
        _, attached = copied[each["Message-ID"]].get_payload()
        expect(attached.get_payload(decode=True) == b"y" * 20_000, "the attachment differs")


@client.check("flags and deletes through the folder")
def change(settings, directory):
    rc = configure(settings, directory, "smtps")
    keys = "<tag-pattern>~A<enter><first-entry><flag-message><last-entry><delete-message><sync-mailbox><quit>"
    neomutt(
        ["-n", "-F", rc, "-f", f"imaps://{settings.host}:{settings.imaps}/{FOLDER}", "-e", f'push "{keys}"'], directory
    )
    connection = imap(settings)
    ok(connection.select(f'"{FOLDER}"', readonly=True))

    def changed():
        ok(connection.noop())
        flagged = ok(connection.uid("SEARCH", "FLAGGED"))[0].split()
        there = ok(connection.uid("SEARCH", "ALL"))[0].split()
        return len(flagged) == 1 and len(there) == 2

    eventually(changed, "not one flagged and two left", patience=5)
    connection.logout()


@client.check("sends in batch with TLS")
def send_smtps(settings, directory):
    send_in_batch(settings, directory, "smtps")


@client.check("sends in batch with STARTTLS")
def send_starttls(settings, directory):
    send_in_batch(settings, directory, "smtp")


@client.check("sends from its compose menu and stores its copy by IMAP")
def send_and_store(settings, directory):
    rc = configure(settings, directory, "smtps")
    body = directory / "body"
    body.write_text("Hello,\n\nthe samples arrived.\n")
    subject = "Sent from the compose menu"
    shown = neomutt(
        ["-n", "-F", rc, "-s", subject, "-i", body, "--", settings.colleague], directory, prompt=b"Security:", keys=b"y"
    )
    connection = imap(settings)
    ok(connection.select(f'"{FOLDER}"'))
    found = ok(connection.uid("SEARCH", "SUBJECT", f'"{subject}"'))[0].decode().split()
    expect(len(found) == 1, lambda: f"{len(found)} copies were stored\n{shown[-1500:]!r}")
    data = ok(connection.uid("FETCH", found[0], "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"))
    connection.logout()
    expect_left(settings, data[0][1].decode().split(":", 1)[1].strip())


@client.check("remove the folder")
def remove(settings, _):
    connection = imap(settings)
    ok(connection.delete(f'"{FOLDER}"'))
    connection.logout()


if __name__ == "__main__":
    client.run()
