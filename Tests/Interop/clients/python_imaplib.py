"""Python's imaplib: everything that IMAP4rev1 and the small extensions offer to a client."""

import contextlib
import imaplib
import re
import time

from harness import PATIENCE, Client, Failure, eventually, expect, imap, message, ok, wire, without_block

client = Client("imaplib")
FOLDER = '"Interop imaplib"'
OTHER = '"Interop imaplib/second"'


@contextlib.contextmanager
def session(settings, folder=None):
    connection = imap(settings)
    try:
        if folder:
            ok(connection.select(folder))
        yield connection
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            connection.logout()


def fetch(connection, uid, items):
    """What UID FETCH answers for one message: {item: value}, literals as bytes."""
    found = {}
    for part in ok(connection.uid("FETCH", uid, items)):
        if isinstance(part, tuple):
            head, literal = part
            name = re.search(rb"([A-Z0-9.]+(?:\[.*?\])?(?:<\d+>)?) \{\d+\}$", head).group(1)
            found[name.decode()] = literal
            part = head
        if part is not None:
            for name, value in re.findall(rb"(UID|RFC822\.SIZE) (\d+)", part):
                found[name.decode()] = int(value)
            for name, value in re.findall(rb"(FLAGS) \((.*?)\)", part):
                found[name.decode()] = set(value.decode().split())
            for name, value in re.findall(rb'(INTERNALDATE) "(.*?)"', part):
                found[name.decode()] = value.decode()
            for name in (b"ENVELOPE", b"BODYSTRUCTURE"):
                if name + b" (" in part:
                    found[name.decode()] = part[part.index(name) :]
    return found


def append(connection, folder, made, flags=None, date=None):
    """The UID of the appended message, from APPENDUID (RFC 4315)."""
    data = ok(connection.append(folder, flags, date, wire(made)))
    uid = re.search(rb"\[APPENDUID (\d+) (\d+)\]", data[0])
    expect(uid, f"no APPENDUID in {data!r}")
    return uid.group(2).decode()


def search(connection, *criteria):
    return ok(connection.uid("SEARCH", *criteria))[0].decode().split()


@client.check("capabilities")
def capabilities(settings, _):
    with session(settings) as connection:
        announced = set(ok(connection.capability())[0].decode().upper().split())
    wanted = {"IMAP4REV1", "UIDPLUS", "IDLE", "NAMESPACE", "CHILDREN", "UNSELECT", "ENABLE", "MOVE", "SPECIAL-USE"}
    expect(wanted <= announced, f"missing: {sorted(wanted - announced)}")
    expect(announced & {"LITERAL+", "LITERAL-"}, "neither LITERAL+ nor LITERAL-")


@client.check("STARTTLS, then LOGIN and AUTHENTICATE PLAIN")
def starttls(settings, _):
    for authenticate in (False, True):
        connection = imaplib.IMAP4(settings.host, settings.imap, timeout=PATIENCE)
        expect("STARTTLS" in connection.capabilities, "STARTTLS is not announced")
        ok(connection.starttls(settings.tls()))
        expect("STARTTLS" not in connection.capabilities, "STARTTLS is announced under TLS")
        if authenticate:
            ok(connection.authenticate("PLAIN", lambda _: f"\0{settings.user}\0{settings.password}".encode()))
        else:
            ok(connection.login(settings.user, settings.password))
        connection.logout()


@client.check("a wrong password is refused")
def wrong_password(settings, _):
    try:
        imap(settings, password="wrong")
    except imaplib.IMAP4.error:
        return
    raise Failure("it was accepted")


@client.check("create, list, subscribe, status, rename and delete folders")
def folders(settings, _):
    with session(settings) as connection:
        for name in (FOLDER, OTHER):
            ok(connection.create(name))
            ok(connection.subscribe(name))
        listed = b"\n".join(ok(connection.list()))
        expect(b"Interop imaplib/second" in listed and b"INBOX" in listed, f"not listed: {listed!r}")
        expect(
            re.search(rb'\(.*\\HasChildren.*\) "/" "?Interop imaplib"?$', listed, re.M), f"no \\HasChildren: {listed!r}"
        )
        expect(re.search(rb"\\Sent\b", listed) and re.search(rb"\\Drafts\b", listed), f"no special use: {listed!r}")
        expect(b"Interop imaplib" in b"\n".join(ok(connection.lsub('""', '"Interop*"'))), "not subscribed")
        expect(ok(connection.list('""', '""'))[0], "no hierarchy separator is told")
        expect(ok(connection.namespace())[0], "no namespace is told")
        status = ok(connection.status(FOLDER, "(MESSAGES UIDNEXT UIDVALIDITY UNSEEN RECENT)"))[0]
        expect(re.search(rb"MESSAGES 0\b", status), f"not empty: {status!r}")
        ok(connection.create('"Interop &ANY-l"'))
        expect(b"&ANY-l" in b"\n".join(ok(connection.list('""', '"Interop %"'))), "a name outside ASCII is lost")
        ok(connection.rename('"Interop &ANY-l"', '"Interop &AOQ-"'))
        ok(connection.delete('"Interop &AOQ-"'))
        expect(connection.select('"Interop &AOQ-"')[0] == "NO", "a deleted folder can be selected")


@client.check("append with flags and date; size, sections and partials agree")
def sections(settings, _):
    made = message(settings, "Sections", attachment=bytes(range(256)) * 40)
    with session(settings, FOLDER) as connection:
        uid = append(connection, FOLDER, made, r"(\Flagged Sample)", '" 1-Feb-2026 03:04:05 +0100"')
        got = fetch(connection, uid, "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE BODY.PEEK[])")
        whole = got["BODY[]"]
        expect(without_block(whole) == wire(made), lambda: f"other bytes come back: {whole[:800]!r}")
        expect(got["RFC822.SIZE"] == len(whole), f"SIZE {got['RFC822.SIZE']}, but {len(whole)} bytes")
        expect({r"\Flagged", "Sample"} <= got["FLAGS"] and r"\Seen" not in got["FLAGS"], f"flags {got['FLAGS']}")
        instant = time.mktime(time.strptime("2026-02-01 02:04:05", "%Y-%m-%d %H:%M:%S")) - time.timezone
        told = time.mktime(imaplib.Internaldate2tuple(f'INTERNALDATE "{got["INTERNALDATE"]}"'.encode()))
        expect(told == instant, f"INTERNALDATE {got['INTERNALDATE']}")
        expect(b'"Sections"' in got["ENVELOPE"], f"ENVELOPE {got['ENVELOPE']!r}")
        expect(made["Message-ID"].encode() in got["ENVELOPE"], "no Message-ID in the ENVELOPE")
        structure = got["BODYSTRUCTURE"].lower()
        expect(b'"octet-stream"' in structure and b'"mixed"' in structure, f"BODYSTRUCTURE {structure!r}")

        items = "(BODY.PEEK[HEADER] BODY.PEEK[TEXT] BODY.PEEK[1] BODY.PEEK[1.MIME] BODY.PEEK[2])"
        got = fetch(connection, uid, items)
        expect(got["BODY[HEADER]"] + got["BODY[TEXT]"] == whole, "HEADER and TEXT are not the whole message")
        text, attached = made.iter_parts()
        expect(got["BODY[1]"] == wire(text).partition(b"\r\n\r\n")[2], f"section 1 is {got['BODY[1]']!r}")
        expect(got["BODY[1.MIME]"] == wire(text).partition(b"\r\n\r\n")[0] + b"\r\n\r\n", "1.MIME differs")
        expect(got["BODY[2]"].strip() == wire(attached).partition(b"\r\n\r\n")[2].strip(), "section 2 differs")

        for start, length in ((0, 10), (7, 1000), (len(whole) - 3, 50), (len(whole) + 1, 5)):
            part = fetch(connection, uid, f"BODY.PEEK[]<{start}.{length}>").get(f"BODY[]<{start}>", b"")
            expect(part == whole[start : start + length], f"partial <{start}.{length}> is {part!r}")
        named = fetch(connection, uid, "BODY.PEEK[HEADER.FIELDS (Subject MESSAGE-ID)]")
        (fields,) = (value for name, value in named.items() if name.startswith("BODY[HEADER.FIELDS"))
        expect(fields.lower().count(b"\r\n") == 3 and b"Sections" in fields, f"HEADER.FIELDS {fields!r}")
        got = fetch(connection, uid, "(RFC822.HEADER)")
        expect(got["RFC822.HEADER"] + b"" == whole.partition(b"\r\n\r\n")[0] + b"\r\n\r\n", "RFC822.HEADER differs")
        expect(r"\Seen" not in fetch(connection, uid, "(FLAGS)")["FLAGS"], "PEEK set \\Seen")
        fetch(connection, uid, "(RFC822)")
        expect(r"\Seen" in fetch(connection, uid, "(FLAGS)")["FLAGS"], "RFC822 did not set \\Seen")


@client.check("store: add, remove, replace, silent; a keyword")
def store(settings, _):
    with session(settings, FOLDER) as connection:
        uid = append(connection, FOLDER, message(settings, "Flags"))
        for action, flags, expected in (
            ("+FLAGS", r"(\Answered \Flagged)", {r"\Answered", r"\Flagged"}),
            ("-FLAGS", r"(\Flagged)", {r"\Answered"}),
            ("FLAGS.SILENT", r"($Forwarded)", {"$Forwarded"}),
            ("FLAGS", r"(\Draft)", {r"\Draft"}),
            ("FLAGS", "()", set()),
        ):
            ok(connection.uid("STORE", uid, action, flags))
            told = fetch(connection, uid, "(FLAGS)")["FLAGS"] - {r"\Recent"}
            expect(told == expected, f"{action} {flags} gives {told}")


@client.check("search")
def searching(settings, _):
    with session(settings, FOLDER) as connection:
        made = message(settings, "Herbstkollektion", body="The word is Quetzalcoatl.\n")
        uid = append(connection, FOLDER, made)
        for criteria in (
            ("HEADER", "Message-ID", made["Message-ID"]),
            ("SUBJECT", "herbstkoll"),
            ("BODY", "quetzalcoatl"),
            ("TEXT", "Quetzal", "UNSEEN"),
            ("FROM", f'"{settings.address}"', "SUBJECT", "Herbstkollektion"),
            ("UID", uid, "NOT", "DELETED"),
            ("OR", "SUBJECT", "nowhere", "(SUBJECT Herbst SINCE 1-Jan-2020)"),
            ("SUBJECT", "Herbst", "SMALLER", "100000", "LARGER", "10", "UNFLAGGED"),
        ):
            expect(search(connection, *criteria) == [uid], f"SEARCH {' '.join(criteria)} does not find {uid}")
        expect(search(connection, "SUBJECT", "nowhere") == [], "something is found that is not there")
        expect(uid in search(connection, "ALL"), "SEARCH ALL lacks the message")


@client.check("copy and move")
def copy_and_move(settings, _):
    made = message(settings, "To be moved")
    with session(settings, FOLDER) as connection:
        uid = append(connection, FOLDER, made, r"(\Flagged)")
        ok(connection.uid("COPY", uid, OTHER))
        expect(search(connection, "UID", uid) == [uid], "COPY took the message away")
        expect(connection.response("COPYUID")[1] != [None], "COPY gives no COPYUID")
        ok(connection.uid("MOVE", uid, OTHER))
        expect(search(connection, "UID", uid) == [], "MOVE left the message behind")
    with session(settings, OTHER) as connection:
        found = search(connection, "HEADER", "Message-ID", made["Message-ID"])
        expect(len(found) == 2, f"{len(found)} messages arrived, not 2")
        for each in found:
            got = fetch(connection, each, "(FLAGS BODY.PEEK[])")
            expect(without_block(got["BODY[]"]) == wire(made), "other bytes arrived")
            expect(r"\Flagged" in got["FLAGS"], f"the flag was lost: {got['FLAGS']}")


@client.check("expunge, UID EXPUNGE, close and unselect")
def expunge(settings, _):
    with session(settings, FOLDER) as connection:
        first, second, third = (append(connection, FOLDER, message(settings, f"Delete {n}")) for n in range(3))
        ok(connection.uid("STORE", f"{first},{second}", "+FLAGS.SILENT", r"(\Deleted)"))
        ok(connection.uid("EXPUNGE", first))
        left = search(connection, "ALL")
        expect(first not in left and second in left, "UID EXPUNGE took the wrong messages")
        ok(connection.expunge())
        left = search(connection, "ALL")
        expect(second not in left and third in left, "EXPUNGE took the wrong messages")
        ok(connection.uid("STORE", third, "+FLAGS.SILENT", r"(\Deleted)"))
        ok(connection.unselect())
        ok(connection.select(FOLDER))
        expect(third in search(connection, "ALL"), "UNSELECT expunged")
        ok(connection.close())
        ok(connection.select(FOLDER))
        expect(third not in search(connection, "ALL"), "CLOSE did not expunge")


@client.check("EXAMINE is read-only")
def examine(settings, _):
    with session(settings) as connection:
        ok(connection.select(FOLDER, readonly=True))
        uid = search(connection, "ALL")[0]
        before = fetch(connection, uid, "(FLAGS)")["FLAGS"]
        connection.uid("STORE", uid, "+FLAGS", r"(\Draft)")  # refused, or without effect
        fetch(connection, uid, "(BODY[])")
        expect(fetch(connection, uid, "(FLAGS)")["FLAGS"] == before, "flags changed")


@client.check("a UID is for ever: the same in the next session")
def stable(settings, _):
    made = message(settings, "For ever")
    told = []
    for _ in range(2):
        with session(settings, FOLDER) as connection:
            uid = append(connection, FOLDER, made) if not told else told[0][0]
            validity = connection.response("UIDVALIDITY")[1]
            told.append((uid, validity, fetch(connection, uid, "(BODY.PEEK[])")["BODY[]"]))
    expect(told[0] == told[1], "UID, UIDVALIDITY or bytes changed")


@client.check("IDLE tells of new mail, flags and expunges made by another session")
def idle(settings, _):
    with session(settings, FOLDER) as watcher, session(settings, FOLDER) as other:
        watcher.send(b"I1 IDLE\r\n")
        expect(watcher.readline().startswith(b"+"), "IDLE is refused")

        def hears(pattern):
            line = watcher.readline()
            while not re.match(pattern, line):
                expect(line, f"the connection ended while waiting for {pattern!r}")
                line = watcher.readline()

        uid = append(other, FOLDER, message(settings, "Wake up"))
        hears(rb"\* \d+ EXISTS\r\n")
        ok(other.uid("STORE", uid, "+FLAGS", r"(\Flagged \Deleted)"))
        hears(rb"\* \d+ FETCH \(.*\\Flagged.*\)\r\n")
        ok(other.uid("EXPUNGE", uid))
        hears(rb"\* (\d+ EXPUNGE|VANISHED .*)\r\n")
        watcher.send(b"DONE\r\n")
        hears(rb"I1 OK")


@client.check("a command line in pieces, non-synchronising literals, pipelined commands")
def raw(settings, _):
    with session(settings, FOLDER) as connection:
        for piece in (b"R1 NO", b"OP\r", b"\nR2 NOOP\r\nR3 EXAMINE {17+}\r\n", b"Interop imaplib/s\r\n"):
            connection.send(piece)
            time.sleep(0.02)
        tagged = []
        while len(tagged) < 3:
            line = connection.readline()
            expect(line, "the connection ended")
            if line.startswith(b"R"):
                tagged.append(line.split()[:2])
        expect([tag for tag, _ in tagged] == [b"R1", b"R2", b"R3"], f"answered {tagged}")
        expect(tagged[2][1] == b"NO", f"a folder that does not exist is answered {tagged[2]}")


@client.check("errors: unknown command, bad arguments, folder that does not exist")
def errors(settings, _):
    with session(settings) as connection:
        for line, expected in (
            (b"E1 NONSENSE\r\n", b"BAD"),
            (b"E2 FETCH 1 FLAGS\r\n", b"BAD"),
            (b"E3 SELECT\r\n", b"BAD"),
            (b'E4 SELECT "Interop nowhere"\r\n', b"NO"),
            (b"E5 NOOP\r\n", b"OK"),
        ):
            connection.send(line)
            answer = connection.readline()
            while answer.startswith(b"* "):
                answer = connection.readline()
            told = answer.split()[:2]
            expect(told == [line.split()[0], expected], f"{line!r} is answered {answer!r}")


@client.check("remove the folders")
def remove(settings, _):
    with session(settings) as connection:
        for name in (OTHER, FOLDER):
            connection.unsubscribe(name)
            ok(connection.delete(name))
        eventually(lambda: connection.select(FOLDER)[0] == "NO", "a deleted folder can be selected")


if __name__ == "__main__":
    client.run()
