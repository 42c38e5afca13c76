"""Python's smtplib: extensions, log-in, several messages in a session, errors by their codes."""

import base64
import smtplib
import socket

from harness import PATIENCE, Client, Failure, expect, expect_left, message, wire

client = Client("smtplib")


def connect(settings, tls_on_connect=True):
    options = {"local_hostname": "interop.example", "timeout": PATIENCE}
    if tls_on_connect:
        return smtplib.SMTP_SSL(settings.host, settings.submissions, context=settings.tls(), **options)
    connection = smtplib.SMTP(settings.host, settings.submission, **options)
    connection.starttls(context=settings.tls())
    return connection


def logged_in(settings, tls_on_connect=True):
    connection = connect(settings, tls_on_connect)
    connection.login(settings.user, settings.password)
    return connection


def refused(function, *codes):
    """The code of the refusal that the call must meet."""
    try:
        function()
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
    except smtplib.SMTPResponseException as error:
        code = error.smtp_code
    else:
        raise Failure("it was accepted")
    expect(code in codes, f"refused with {code}, not {codes}")


@client.check("extensions after STARTTLS and with TLS on connect")
def extensions(settings, _):
    for tls_on_connect in (True, False):
        with connect(settings, tls_on_connect) as connection:
            connection.ehlo()
            for name in ("size", "8bitmime", "smtputf8", "enhancedstatuscodes", "pipelining", "auth"):
                expect(connection.has_extn(name), f"{name} is not announced: {connection.esmtp_features}")
            expect(not connection.has_extn("starttls"), "STARTTLS is announced under TLS")
            mechanisms = connection.esmtp_features["auth"].split()
            expect({"PLAIN", "LOGIN"} <= set(mechanisms), f"mechanisms are {mechanisms}")


@client.check("no AUTH and no mail before STARTTLS")
def before_tls(settings, _):
    with smtplib.SMTP(settings.host, settings.submission, "interop.example", PATIENCE) as connection:
        connection.ehlo()
        expect(connection.has_extn("starttls"), "STARTTLS is not announced")
        expect(not connection.has_extn("auth"), "AUTH is announced before TLS")
        code, _ = connection.docmd("MAIL", f"FROM:<{settings.address}>")
        expect(code == 530, f"MAIL before TLS is answered {code}, not 530")


@client.check("AUTH PLAIN and LOGIN, with and without an initial response")
def mechanisms(settings, _):
    user = base64.b64encode(settings.user.encode()).decode()
    secret = base64.b64encode(settings.password.encode()).decode()
    plain = base64.b64encode(f"\0{settings.user}\0{settings.password}".encode()).decode()
    for lines in (
        (f"AUTH PLAIN {plain}",),
        ("AUTH PLAIN", plain),
        ("AUTH LOGIN", user, secret),
        (f"AUTH LOGIN {user}", secret),
    ):
        with connect(settings) as connection:
            connection.ehlo()
            codes = [connection.docmd(line)[0] for line in lines]
            expect(codes == [334] * (len(lines) - 1) + [235], f"{lines[0].split()[:2]}… is answered {codes}")


@client.check("a cancelled exchange, bad base64 and a wrong password")
def bad_logins(settings, _):
    with connect(settings) as connection:
        connection.ehlo()
        connection.docmd("AUTH PLAIN")
        code, _ = connection.docmd("*")
        expect(code == 501, f"a cancelled exchange is answered {code}, not 501")
        code, _ = connection.docmd("AUTH PLAIN !!!")
        expect(code in (501, 535), f"bad base64 is answered {code}, not 501")
        try:
            connection.login(settings.user, "wrong")
            raise Failure("a wrong password was accepted")
        except smtplib.SMTPAuthenticationError as error:
            expect(error.smtp_code == 535, f"a wrong password is answered {error.smtp_code}, not 535")


@client.check("no mail without log-in")
def anonymous(settings, _):
    with connect(settings) as connection:
        made = message(settings, "Must not be taken")
        refused(lambda: connection.send_message(made), 530, 554)


@client.check("three messages and a reset in one session")
def session(settings, _):
    with logged_in(settings) as connection:
        for number in range(3):
            made = message(settings, f"Number {number} of a session")
            answer = connection.sendmail(settings.address, [settings.colleague], wire(made), ["BODY=8BITMIME"])
            expect(answer == {}, f"refused recipients: {answer}")
            expect_left(settings, made["Message-ID"])
            expect(connection.mail(settings.address)[0] == 250, "MAIL is refused")
            expect(connection.rset()[0] == 250, "RSET is refused")


@client.check("commands out of order")
def order(settings, _):
    with logged_in(settings, tls_on_connect=False) as connection:
        for line in (f"RCPT TO:<{settings.colleague}>", "DATA"):
            code, _ = connection.docmd(line)
            expect(code in (503, 554), f"{line.split()[0]} before MAIL is answered {code}, not 503")
        code, _ = connection.docmd("NONSENSE")
        expect(code in (500, 502), f"an unknown command is answered {code}, not 500")
        code, _ = connection.docmd("MAIL FROM:nobody at all")
        expect(code in (501, 555), f"a bad address is answered {code}, not 501")
        expect(connection.noop()[0] == 250, "the session does not go on")


@client.check("a message over the announced size is refused at MAIL")
def size(settings, _):
    with logged_in(settings) as connection:
        connection.ehlo()
        limit = int(connection.esmtp_features["size"])
        code, _ = connection.mail(settings.address, [f"SIZE={limit + 1}"])
        expect(code == 552, f"SIZE={limit + 1} is answered {code}, not 552")


@client.check("SMTPUTF8: a recipient outside ASCII")
def smtputf8(settings, _):
    with logged_in(settings) as connection:
        connection.ehlo()
        code, text = connection.mail(settings.address, ["SMTPUTF8", "BODY=8BITMIME"])
        expect(code == 250, f"MAIL with SMTPUTF8 is answered {code} {text!r}")
        connection.send("RCPT TO:<jürgen@creators.example>\r\n".encode())
        code, text = connection.getreply()
        expect(code == 250, f"the recipient is answered {code} {text!r}")
        expect(connection.rset()[0] == 250, "RSET is refused")


@client.check("a group of commands in one packet")
def pipelined(settings, _):
    made = message(settings, "All at once")
    with logged_in(settings) as connection:
        connection.ehlo()
        group = f"MAIL FROM:<{settings.address}>\r\nRCPT TO:<{settings.colleague}>\r\nDATA\r\n"
        connection.send(group)
        codes = [connection.getreply()[0] for _ in range(3)]
        expect(codes == [250, 250, 354], f"answered {codes}")
        connection.send(wire(made) + b".\r\nNOOP\r\n")
        codes = [connection.getreply()[0] for _ in range(2)]
        expect(codes == [250, 250], f"answered {codes}")
    expect_left(settings, made["Message-ID"])


@client.check("commands behind STARTTLS in one packet are never obeyed")
def injection(settings, _):
    raw = socket.create_connection((settings.host, settings.submission), timeout=PATIENCE)
    with raw, raw.makefile("rb") as answers:
        answers.readline()
        raw.sendall(b"EHLO interop.example\r\n")
        while answers.readline()[3:4] == b"-":
            pass
        raw.sendall(b"STARTTLS\r\nRSET\r\n")
        expect(answers.readline()[:3] in (b"220", b"554", b"501", b""), "STARTTLS is answered strangely")
        raw.settimeout(2)
        try:
            more = answers.readline()
        except (TimeoutError, OSError):
            more = b""
        expect(not more.startswith(b"250"), f"the injected command was obeyed: {more!r}")


if __name__ == "__main__":
    client.run()
