import Base
import Testing

@testable import IMAPServer

@Suite struct LoginTests {
    @Test func logsInAndAnnouncesWhatIsWhole() async {
        await Conversation().play(
            """
            C: a LOGIN anna secret
            S: a OK [CAPABILITY IMAP4rev1 LITERAL+ SASL-IR … APPENDLIMIT=52428800] Logged in
            C: b LOGIN anna secret
            S: b BAD You are logged in already
            """
        )
    }

    @Test func takesNameAndPasswordAsLiterals() async {
        await Conversation().play(
            """
            C: a LOGIN {4}
            S: + OK
            C: anna {6+}
            C: secret
            S: a OK …
            """
        )
    }

    @Test func refusalIsHeldBackByTheHouse() async {
        await Conversation().play(
            """
            C+: a LOGIN anna wrong
            C: b LOGIN anna secret
            S: [pause 1]
            S: a NO [AUTHENTICATIONFAILED] Wrong name or password
            S: b OK …
            """
        )
    }

    @Test func wrongPasswordsEndTheConnection() async {
        await Conversation().play(
            """
            C: a LOGIN anna 1
            S: [pause 1]
            S: a NO …
            C: a LOGIN anna 2
            S: [pause 2]
            S: a NO …
            C: a LOGIN anna 3
            S: [pause 3]
            S: a NO …
            C: a LOGIN anna 4
            S: [pause 4]
            S: a NO …
            C: a LOGIN anna 5
            S: [pause 5]
            S: a NO …
            S: * BYE Too many wrong log-ins
            S: [closed: too many faulty commands]
            """
        )
    }

    @Test func noPasswordWithoutTLS() async {
        let settings = EngineSettings(peer: "192.0.2.1", isEncrypted: false, canStartTLS: true)
        await Conversation(settings: settings).play(
            """
            C: a CAPABILITY
            S: * CAPABILITY IMAP4rev1 LITERAL+ SASL-IR ID ENABLE IDLE STARTTLS LOGINDISABLED
            S: a OK CAPABILITY done
            C: b LOGIN anna secret
            S: b NO [PRIVACYREQUIRED] Begin TLS before you log in
            C: c AUTHENTICATE PLAIN AGFubmEAc2VjcmV0
            S: c NO [PRIVACYREQUIRED] Begin TLS before you log in
            C: d STARTTLS
            S: d OK Begin TLS now
            S: [TLS]
            C: e CAPABILITY
            S: * CAPABILITY IMAP4rev1 LITERAL+ SASL-IR ID ENABLE IDLE AUTH=SCRAM-SHA-256 AUTH=PLAIN
            S: e OK CAPABILITY done
            C: f LOGIN anna secret
            S: f OK …
            """
        )
    }

    @Test func plaintextIsAllowedWhereTheListenerSaysSo() async {
        let settings = EngineSettings(
            peer: "127.0.0.1",
            isEncrypted: false,
            canStartTLS: false,
            allowsPlaintextLogIn: true
        )
        await Conversation(settings: settings).play(
            """
            C: a CAPABILITY
            S: * CAPABILITY IMAP4rev1 LITERAL+ SASL-IR ID ENABLE IDLE AUTH=SCRAM-SHA-256 AUTH=PLAIN
            S: a OK CAPABILITY done
            C: b LOGIN anna secret
            S: b OK …
            """
        )
    }

    @Test func commandsBeforeLogInAreRefused() async {
        await Conversation().play(
            """
            C: a SELECT INBOX
            S: a BAD Log in first
            C: b NOOP
            S: b OK NOOP done
            C: c LOGOUT
            S: * BYE Goodbye
            S: c OK LOGOUT done
            S: [closed: logged out]
            """
        )
    }
}
