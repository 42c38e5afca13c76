"""The gateway between a real Dovecot, whose mailbox it mirrors, and a real Postfix as smarthost.

Runs alone as `python3 -m mirror`, with GREENROOM naming the program.
"""

import contextlib
import imaplib
import pathlib
import re
import secrets
import smtplib
import ssl
import sys
import tempfile
import time

from gateway import ACCOUNT, ADA, Gateway, Provider, toml
from harness import (
    PATIENCE,
    Failure,
    Skip,
    eventually,
    exit_on_sigterm,
    expect,
    imap,
    message,
    ok,
    run_checks,
    wire,
    without_block,
)
from upstream import Unavailable
from upstream.certificates import make_certificates
from upstream.dovecot import Dovecot
from upstream.postfix import Postfix

CREATOR = "mia@creators.example"
HIDDEN = "cleo@agency.example"

checks = []


def check(title):
    def add(function):
        def run(house):
            house.ready()
            function(house)

        checks.append((title, run))
        return function

    return add


class House:
    """Provider, gateway and smarthost, with what a check asks of each."""

    def __init__(self, directory, method, capability=None):
        directory.mkdir()
        directory.chmod(0o755)
        self.certificates = make_certificates(directory / "provider-certs")
        self.mailbox_password = secrets.token_urlsafe(12)
        self.dovecot = Dovecot(
            directory / "dovecot", self.certificates, {ACCOUNT: self.mailbox_password}, capability
        )
        self.postfix = Postfix(directory / "postfix", self.certificates, self.dovecot)
        if method == "xoauth2":
            login = f'auth = "xoauth2"\nsecret = {{ command = [{toml(self.dovecot.token_command(ACCOUNT))}] }}\n'
        else:
            file = directory / "mailbox-password"
            file.touch(mode=0o600)
            file.write_text(self.mailbox_password)
            login = f"secret = {{ file = {toml(file)} }}\n"
        common = f'host = "localhost"\nca_file = {toml(self.dovecot.ca)}\nuser = "{ACCOUNT}"\n{login}'
        self.gateway = Gateway(
            directory / "gateway",
            Provider(
                upstream=f"[accounts.team.upstream]\nport = {self.dovecot.imaps}\n{common}",
                smarthost=f"port = {self.postfix.submissions}\n{common}",
            ),
        )
        self.first_start_failed = None  # not tried yet
        self.settings = self.gateway.settings(sink=self.dovecot.mailbox(CREATOR))

    def __enter__(self):
        try:
            self.dovecot.start()
            self.postfix.start()
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        with contextlib.ExitStack() as stack:  # each is ended, whatever happens to the others
            stack.callback(self.dovecot.stop)
            stack.callback(self.postfix.stop)
            stack.callback(self.gateway.kill)

    def ready(self):
        """Starts again what an earlier check left down."""
        if self.dovecot.process is None:
            self.dovecot.start()
        if self.gateway.process is None and self.first_start_failed is not None:
            if self.first_start_failed:
                raise Skip("the gateway did not start")
            self.gateway.start()

    def begin(self):
        """The gateway's first start; what comes later is skipped if it fails."""
        self.first_start_failed = True
        self.gateway.start()
        self.first_start_failed = False

    @contextlib.contextmanager
    def member(self, folder="INBOX"):
        """A member's session with the gateway."""
        with selected(imap(self.settings), folder) as connection:
            yield connection

    @contextlib.contextmanager
    def owner(self, folder="INBOX"):
        """A session with the provider itself, behind the gateway's back."""
        connection = imaplib.IMAP4_SSL(
            "localhost", self.dovecot.imaps, ssl_context=self.provider_tls(), timeout=PATIENCE
        )
        connection.login(ACCOUNT, self.mailbox_password)
        with selected(connection, folder):
            yield connection

    def provider_tls(self):
        return ssl.create_default_context(cafile=self.dovecot.ca)

    def deliver(self, subject):
        """New mail, brought to the provider by LMTP."""
        made = message(self.settings, subject, to=ACCOUNT)
        with smtplib.LMTP("127.0.0.1", self.dovecot.lmtp, "mx.example") as connection:
            connection.sendmail(CREATOR, [ACCOUNT], wire(made))
        return made["Message-ID"]

    def submit(self, made, recipients):
        with smtplib.SMTP_SSL(
            "localhost",
            self.settings.submissions,
            "interop.example",
            timeout=PATIENCE,
            context=self.settings.tls(),
        ) as connection:
            connection.login(self.settings.user, self.settings.password)
            connection.sendmail(ADA, recipients, wire(made))


@contextlib.contextmanager
def selected(connection, folder):
    try:
        ok(connection.select(folder))
        yield connection
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            connection.logout()


def uids(connection, message_id):
    """The UIDs of all copies in the selected folder, told afresh."""
    ok(connection.noop())
    return ok(connection.uid("SEARCH", "HEADER", "Message-ID", f'"{message_id}"'))[0].decode().split()


def uid(connection, message_id, patience=PATIENCE):
    """The UID of the one copy, waited for."""
    found = eventually(lambda: uids(connection, message_id), "the message does not show", patience)
    expect(len(found) == 1, f"{len(found)} copies")
    return found[0]


def flags(connection, number):
    data = b" ".join(part for part in ok(connection.uid("FETCH", number, "(FLAGS)")) if isinstance(part, bytes))
    found = re.search(rb"FLAGS \((.*?)\)", data)
    return set(found.group(1).decode().split()) if found else set()


def body(connection, number):
    return ok(connection.uid("FETCH", number, "(BODY.PEEK[])"))[0][1]


def settled(connection, message_id, count, what):
    """The number of copies becomes `count` and stays there for a second."""
    eventually(lambda: len(uids(connection, message_id)) == count, what)
    until = time.monotonic() + 1
    while time.monotonic() < until:
        expect(len(uids(connection, message_id)) == count, f"{what}: first {count}, then another number")
        time.sleep(0.2)


@check("mail that was there before shows, with its flags and bytes")
def first_sync(house):
    made = [message(house.settings, f"Before {number}", attachment=b"z" * 90_000 * number) for number in range(3)]
    with house.owner() as owner:
        for number, each in enumerate(made):
            ok(owner.append("INBOX", r"(\Flagged)" if number == 1 else None, None, wire(each)))
    house.begin()
    with house.member() as member:
        for number, each in enumerate(made):
            found = uid(member, each["Message-ID"])
            expect(without_block(body(member, found)) == wire(each), "other bytes show")
            expect((r"\Flagged" in flags(member, found)) == (number == 1), f"flags {flags(member, found)}")


@check("new mail shows within two seconds, told by IDLE")
def new_mail(house):
    with house.member() as member:
        member.send(b"I1 IDLE\r\n")
        expect(member.readline().startswith(b"+"), "IDLE is refused")
        started = time.monotonic()
        message_id = house.deliver("Just in")
        line = member.readline()
        while not re.match(rb"\* \d+ EXISTS\r\n", line):
            expect(line, "the connection ended")
            line = member.readline()
        took = time.monotonic() - started
        member.send(b"DONE\r\n")
        while not line.startswith(b"I1 "):
            line = member.readline()
        uid(member, message_id)
        expect(took <= 2, f"told after {took:.2f} s")


@check("flags go both ways")
def both_ways(house):
    message_id = house.deliver("Flags")
    with house.member() as member, house.owner() as owner:
        here, there = uid(member, message_id), uid(owner, message_id)
        ok(owner.uid("STORE", there, "+FLAGS", r"(\Flagged)"))
        eventually(lambda: member.noop() and r"\Flagged" in flags(member, here), "the provider's flag does not come")
        ok(member.uid("STORE", here, "+FLAGS", r"(\Answered $Forwarded)"))
        wanted = {r"\Flagged", r"\Answered", "$Forwarded"}
        eventually(lambda: owner.noop() and wanted <= flags(owner, there), "the member's flags do not arrive")
        ok(owner.uid("STORE", there, "-FLAGS", r"(\Flagged)"))
        ok(member.uid("STORE", here, "-FLAGS", r"(\Answered)"))
        eventually(lambda: member.noop() and r"\Flagged" not in flags(member, here), "a removed flag stays here")
        eventually(lambda: owner.noop() and r"\Answered" not in flags(owner, there), "a removed flag stays there")


@check("copy, move, append and expunge by a member reach the provider, once each")
def write_back(house):
    copied, moved, gone = (house.deliver(f"To be {word}") for word in ("copied", "moved", "expunged"))
    added = message(house.settings, "Appended by a member", to=CREATOR)
    with house.member() as member, house.owner("INBOX") as inbox, house.owner("Sent") as sent:
        ok(member.uid("COPY", uid(member, copied), "Sent"))
        ok(member.uid("MOVE", uid(member, moved), "Sent"))
        target = uid(member, gone)
        ok(member.uid("STORE", target, "+FLAGS", r"(\Deleted)"))
        ok(member.uid("EXPUNGE", target))
        ok(member.append("INBOX", r"(\Flagged)", None, wire(added)))
        settled(sent, copied, 1, "the copy arrives")
        settled(sent, moved, 1, "the moved message arrives")
        settled(inbox, copied, 1, "the original stays")
        settled(inbox, moved, 0, "the moved message leaves")
        settled(inbox, gone, 0, "the expunged message goes")
        settled(inbox, added["Message-ID"], 1, "the appended message arrives")
        arrived = uid(inbox, added["Message-ID"])
        expect(body(inbox, arrived) == wire(added), "other bytes arrived")
        expect(r"\Flagged" in flags(inbox, arrived), "its flag did not arrive")


@check("moves and deletions at the provider show")
def changes_there(house):
    moved, gone = house.deliver("Moved there"), house.deliver("Deleted there")
    with house.member("INBOX") as inbox, house.member("Sent") as sent, house.owner() as owner:
        uid(inbox, moved), uid(inbox, gone)
        ok(owner.uid("MOVE", uid(owner, moved), "Sent"))
        target = uid(owner, gone)
        ok(owner.uid("STORE", target, "+FLAGS", r"(\Deleted)"))
        ok(owner.uid("EXPUNGE", target))
        settled(inbox, moved, 0, "the moved message leaves")
        settled(inbox, gone, 0, "the deleted message goes")
        settled(sent, moved, 1, "the moved message shows in Sent")


@check("a restart of the provider: the mirror finds back, nothing doubles")
def reconnect(house):
    before = house.deliver("Before the restart")
    with house.member() as member:
        uid(member, before)
    house.dovecot.stop()
    house.dovecot.start()
    after = house.deliver("After the restart")
    with house.member() as member:
        uid(member, after, patience=60)
        settled(member, before, 1, "one copy stays")


@check("while the provider is down members go on working; all arrives once it is back")
def offline(house):
    flagged, moved = house.deliver("Flagged meanwhile"), house.deliver("Moved meanwhile")
    added = message(house.settings, "Appended meanwhile", to=CREATOR)
    with house.member() as member:
        first, second = uid(member, flagged), uid(member, moved)
        house.dovecot.stop()
        ok(member.uid("STORE", first, "+FLAGS", r"(\Flagged)"))
        ok(member.uid("MOVE", second, "Sent"))
        ok(member.append("INBOX", None, None, wire(added)))
        expect(r"\Flagged" in flags(member, first), "the flag does not show")
        expect(not uids(member, moved), "the moved message still shows")
        uid(member, added["Message-ID"])
    house.dovecot.start()
    with house.owner("INBOX") as inbox, house.owner("Sent") as sent:
        there = uid(inbox, flagged)
        eventually(lambda: inbox.noop() and r"\Flagged" in flags(inbox, there), "the flag does not arrive", patience=60)
        settled(sent, moved, 1, "the moved message arrives")
        settled(inbox, moved, 0, "the moved message leaves")
        settled(inbox, added["Message-ID"], 1, "the appended message arrives")


@check("killed with work waiting: after the start nothing is lost, nothing doubled, every UID the same")
def crash(house):
    flagged, moved = house.deliver("Flagged before the crash"), house.deliver("Moved before the crash")
    added = message(house.settings, "Appended before the crash", to=CREATOR)
    with house.member() as member:
        first, second = uid(member, flagged), uid(member, moved)
        house.dovecot.stop()
        ok(member.uid("STORE", first, "+FLAGS", r"(\Flagged)"))
        ok(member.uid("MOVE", second, "Sent"))
        ok(member.append("INBOX", None, None, wire(added)))
        third = uid(member, added["Message-ID"])
        data = body(member, third)
        house.gateway.kill()
    house.gateway.start()
    with house.member() as member:
        expect(r"\Flagged" in flags(member, first), "the flag is lost")
        expect(uids(member, moved) == [], "the moved message came back")
        expect(uids(member, added["Message-ID"]) == [third], "the appended message has another UID")
        expect(body(member, third) == data, "the appended message has other bytes")
    house.dovecot.start()
    with house.owner("INBOX") as inbox, house.owner("Sent") as sent:
        eventually(lambda: len(uids(sent, moved)) == 1, "the moved message does not arrive", patience=60)
        settled(sent, moved, 1, "the moved message arrives")
        settled(inbox, moved, 0, "the moved message leaves")
        settled(inbox, added["Message-ID"], 1, "the appended message arrives")
        expect(r"\Flagged" in flags(inbox, uid(inbox, flagged)), "the flag does not arrive")
    with house.member() as member:
        settled(member, added["Message-ID"], 1, "one copy shows")
        expect(uids(member, added["Message-ID"]) == [third], "the UID changed")


@check("killed again and again while it works: nothing is lost, nothing doubled")
def crashes(house):
    appended, moved, arrived = [], [], []
    for turn in range(5):
        mine = message(house.settings, f"Appended in turn {turn}", to=CREATOR)
        moved.append(house.deliver(f"Moved in turn {turn}"))
        with house.member() as member:
            number = uid(member, moved[-1])
            ok(member.append("INBOX", None, None, wire(mine)))
            appended.append(mine["Message-ID"])
            ok(member.uid("MOVE", number, "Sent"))
            time.sleep(0.02 * turn)
            house.gateway.kill()
        arrived.append(house.deliver(f"Came while it was dead, turn {turn}"))
        house.gateway.start()
    with house.owner("INBOX") as inbox, house.owner("Sent") as sent:
        with house.member("INBOX") as own_inbox, house.member("Sent") as own_sent:
            for message_id in moved:
                settled(sent, message_id, 1, "the moved message arrives")
                expect(not uids(inbox, message_id), "the moved message stays in INBOX")
                expect(not uids(own_inbox, message_id), "the moved message comes back")
                expect(len(uids(own_sent, message_id)) == 1, "the moved message shows once")
            for message_id in [*appended, *arrived]:
                settled(inbox, message_id, 1, "the message is in INBOX")
                eventually(lambda: len(uids(own_inbox, message_id)) == 1, "the message shows once")  # noqa: B023


@check("a new UIDVALIDITY at the provider is not passed on: every UID stays, nothing doubles")
def new_validity(house):
    kept, gone = house.deliver("Kept over the change"), house.deliver("Gone with the change")
    with house.member() as member:
        before = {each: uid(member, each) for each in (kept, gone)}
        house.dovecot.stop()
        maildir = house.dovecot.mailbox(ACCOUNT)
        for path in [*maildir.glob("dovecot*"), *maildir.glob(".Sent/dovecot*")]:
            path.unlink()
        for path in [*maildir.glob("cur/*"), *maildir.glob("new/*")]:
            if gone.encode() in path.read_bytes():
                path.unlink()
        house.dovecot.start()
        after = house.deliver("After the change")
        uid(member, after, patience=60)
        eventually(lambda: not uids(member, gone), "the message that is gone still shows")
        expect(uids(member, kept) == [before[kept]], "the UID changed")
    with house.member("Sent") as sent:
        numbers = ok(sent.uid("SEARCH", "ALL"))[0].split()
        headers = [body(sent, number.decode()) for number in numbers]
        ids = [re.search(rb"(?im)^Message-ID:\s*(\S+)", header).group(1) for header in headers]
        expect(len(ids) == len(set(ids)), "messages in Sent are doubled")


@check("a submission leaves through the smarthost once, without Bcc, and stands in Sent once")
def relay(house):
    made = message(house.settings, "Out into the world", to=CREATOR)
    made["Bcc"] = HIDDEN
    house.submit(made, [CREATOR, HIDDEN])
    for recipient in (CREATOR, HIDDEN):
        maildir = house.dovecot.mailbox(recipient)
        found = eventually(
            lambda maildir=maildir: [
                path for path in maildir.glob("new/*") if made["Message-ID"].encode() in path.read_bytes()
            ],
            f"nothing reached {recipient}",
        )
        expect(len(found) == 1, f"{len(found)} copies reached {recipient}")
        data = found[0].read_bytes().lower()
        expect(b"\nbcc:" not in data, f"{recipient} can read Bcc")
        expect(b"\ngreenroom-" not in data, f"{recipient} can read our header fields")
    with house.owner("Sent") as there, house.member("Sent") as here:
        settled(there, made["Message-ID"], 1, "it is filed in the provider's Sent")
        settled(here, made["Message-ID"], 1, "it shows in Sent")


@check("nothing of ours reached the provider: no field, no folder")
def nothing_left_behind(house):
    for path in house.dovecot.mailbox(ACCOUNT).rglob("*"):
        if path.parent.name in ("cur", "new"):
            expect(b"\ngreenroom-" not in path.read_bytes().lower(), f"our fields are in {path.name}")
    folders = {path.name for path in house.dovecot.mailbox(ACCOUNT).glob(".*") if path.is_dir()}
    ours = {name for name in folders if re.match(r"\.(Approvals|Campaigns|Queues|Team|Reports)", name)}
    expect(not ours, f"our folders are there: {sorted(ours)}")


@check("SIGTERM ends it well")
def stop(house):
    house.gateway.stop()


RUNS = {
    "password": ("password", None),
    "xoauth2": ("xoauth2", None),
    # What Exchange Online offers: no CONDSTORE, no special uses.
    "few extensions": ("password", "IMAP4rev1 SASL-IR UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+"),
    "fewer still": ("password", "IMAP4rev1 UIDPLUS IDLE"),
}


def main():
    exit_on_sigterm()
    good = True
    with tempfile.TemporaryDirectory(prefix="mirror-") as name:
        directory = pathlib.Path(name)
        directory.chmod(0o755)
        for name, (method, capability) in RUNS.items():
            title = f"mirror with {name}"
            try:
                with House(directory / name.replace(" ", "-"), method, capability) as house:
                    good = run_checks(title, checks, house) and good
            except Unavailable as why:
                print(f"skip  {title}: {why}", flush=True)
            except Failure as failure:
                print(f"fail  {title}: " + str(failure).replace("\n", "\n      | "), flush=True)
                good = False
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
