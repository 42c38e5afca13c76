"""mbsync (isync): a folder synchronised both ways; a second run moves nothing."""

import re

from harness import Client, command, expect, imap, message, ok, wire, without_block

client = Client("mbsync", ["mbsync"])
FOLDER = "Interop mbsync"

CONFIGURATION = """
IMAPAccount server
Host {host}
Port {port}
SSLType {tls}
SystemCertificates no
CertificateFile {ca}
User {user}
PassCmd "cat {directory}/password"

IMAPStore remote
Account server

MaildirStore local
Path {directory}/mail/
Inbox {directory}/mail/INBOX
SubFolders Verbatim

Channel both
Far :remote:
Near :local:
Patterns "{folder}"
Create Both
Remove None
Expunge Both
Sync All
SyncState *
CopyArrivalDate yes
"""


def mbsync(settings, directory, tls="IMAPS"):
    """One run; what it moved, by its own summary: {"far": "+1 *0 #0", "near": …}."""
    (directory / "mail").mkdir(exist_ok=True)
    password = directory / "password"
    password.touch(mode=0o600)
    password.write_text(settings.password)
    port = settings.imaps if tls == "IMAPS" else settings.imap
    rc = directory / "mbsyncrc"
    rc.write_text(
        CONFIGURATION.format(
            host=settings.host,
            port=port,
            tls=tls,
            ca=settings.ca,
            user=settings.user,
            directory=directory,
            folder=FOLDER,
        )
    )
    return command(["mbsync", "-V", "-c", rc, "both"]).decode(errors="replace")


def local(directory):
    """The local messages: file name → (bytes, modification time)."""
    files = {}
    for part in ("cur", "new"):
        for path in (directory / "mail" / FOLDER / part).glob("*"):
            files[f"{part}/{path.name}"] = (path.read_bytes(), path.stat().st_mtime_ns)
    return files


def remote(settings):
    """The remote messages: UID → (flags, bytes)."""
    connection = imap(settings)
    try:
        ok(connection.select(f'"{FOLDER}"', readonly=True))
        found = {}
        for part in ok(connection.uid("FETCH", "1:*", "(UID FLAGS BODY.PEEK[])")):
            if isinstance(part, tuple):
                uid = int(re.search(rb"UID (\d+)", part[0]).group(1))
                flags = set(re.search(rb"FLAGS \((.*?)\)", part[0]).group(1).decode().split()) - {r"\Recent"}
                found[uid] = (flags, part[1])
        return found
    finally:
        connection.logout()


def unix(data):
    """A message as mbsync keeps it: LF, without its own marker and without the gateway's block."""
    lines = without_block(data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")).split(b"\r\n")
    return b"\n".join(line for line in lines if not line.startswith(b"X-TUID: "))


def same_mail(settings, directory):
    """Fails unless both sides hold the same messages; gives their number."""
    here = sorted(unix(data) for data, _ in local(directory).values())
    there = sorted(unix(data) for _, data in remote(settings).values())
    expect(here == there, f"{len(here)} messages here, {len(there)} there, not the same")
    return len(here)


def quiet_run(settings, directory, tls="IMAPS"):
    """A run that must move nothing."""
    files, messages = local(directory), remote(settings)
    told = mbsync(settings, directory, tls)
    expect(local(directory) == files, f"a file changed\n{told}")
    expect(remote(settings) == messages, f"a message on the server changed\n{told}")
    moved = re.search(r"[Ff]ar: \+(\d+) \*(\d+) #(\d+).*[Nn]ear: \+(\d+) \*(\d+) #(\d+)", told)
    if moved:
        expect(set(moved.groups()) == {"0"}, f"mbsync says that it moved something\n{told}")


@client.check("server to client")
def far_to_near(settings, directory):
    connection = imap(settings)
    ok(connection.create(f'"{FOLDER}"'))
    for number in range(5):
        flags = r"(\Seen \Flagged)" if number == 0 else None
        made = message(settings, f"On the server {number}", attachment=b"x" * 30_000 if number == 1 else None)
        ok(connection.append(f'"{FOLDER}"', flags, None, wire(made)))
    connection.logout()
    mbsync(settings, directory)
    expect(same_mail(settings, directory) == 5, "not 5 messages")
    expect([name for name in local(directory) if name.endswith(":2,FS")], f"flags are lost: {sorted(local(directory))}")


@client.check("the second run moves nothing")
def second(settings, directory):
    quiet_run(settings, directory)


@client.check("client to server")
def near_to_far(settings, directory):
    for number in range(4):
        made = message(settings, f"On the client {number}")
        path = directory / "mail" / FOLDER / "cur" / f"12345{number}.interop.example:2,{'S' if number % 2 else ''}"
        path.write_bytes(wire(made).replace(b"\r\n", b"\n"))
    mbsync(settings, directory)
    expect(same_mail(settings, directory) == 9, "not 9 messages")
    seen = [uid for uid, (flags, _) in remote(settings).items() if flags == {r"\Seen"}]
    expect(len(seen) == 2, f"{len(seen)} messages have \\Seen, not 2")


@client.check("the next run moves nothing")
def third(settings, directory):
    quiet_run(settings, directory)


@client.check("flags and deletions, both ways")
def changes(settings, directory):
    uids = sorted(remote(settings))
    connection = imap(settings)
    ok(connection.select(f'"{FOLDER}"'))
    ok(connection.uid("STORE", str(uids[1]), "+FLAGS", r"(\Answered)"))
    ok(connection.uid("STORE", str(uids[2]), "+FLAGS", r"(\Deleted)"))
    ok(connection.uid("EXPUNGE", str(uids[2])))
    connection.logout()
    plain = sorted((directory / "mail" / FOLDER / "cur").glob("12345*:2,*S"))
    plain[0].rename(str(plain[0]).replace(":2,S", ":2,FS"))
    plain[1].rename(str(plain[1]).replace(":2,S", ":2,ST"))
    mbsync(settings, directory)
    expect(same_mail(settings, directory) == 7, "not 7 messages")
    flags = [flags for flags, _ in remote(settings).values()]
    expect({r"\Flagged", r"\Seen"} in flags, f"the client's flag did not arrive: {flags}")
    expect([name for name in local(directory) if re.search(r":2,[A-Z]*R", name)], "the server's flag did not arrive")


@client.check("over STARTTLS, again nothing to move")
def starttls(settings, directory):
    quiet_run(settings, directory, tls="STARTTLS")


@client.check("remove the folder")
def remove(settings, _):
    connection = imap(settings)
    ok(connection.delete(f'"{FOLDER}"'))
    connection.logout()


if __name__ == "__main__":
    client.run()
