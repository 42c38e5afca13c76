import Base
import SASL
import TestSupport
import Testing

@testable import IMAPServer

@Suite struct AuthenticateTests {
    /// NUL anna NUL secret.
    @Test func withAndWithoutInitialResponse() async {
        await Conversation().play(
            """
            C: a AUTHENTICATE PLAIN AGFubmEAc2VjcmV0
            S: a OK [CAPABILITY …] Logged in
            """
        )
        await Conversation().play(
            """
            C: a authenticate plain
            S: +…
            C: AGFubmEAc2VjcmV0
            S: a OK [CAPABILITY …] Logged in
            """
        )
    }

    @Test func faultyResponses() async {
        await Conversation().play(
            """
            C: a AUTHENTICATE PLAIN
            S: +…
            C: *
            S: a BAD AUTHENTICATE was given up
            C: b AUTHENTICATE PLAIN
            S: +…
            C: not base 64
            S: b BAD That is not base 64
            C: c AUTHENTICATE PLAIN =
            S: c BAD That is no response of the mechanism
            C: d AUTHENTICATE GSSAPI
            S: d NO [CANNOT] Only these are known here: SCRAM-SHA-256, PLAIN
            C: e AUTHENTICATE PLAIN A===
            S: e BAD That is not base 64
            S: * BYE Too many faulty commands
            S: [closed: too many faulty commands]
            """
        )
    }

    /// The last line of a server, as its challenge.
    private func challenge(_ client: Conversation.Client) -> String {
        let line = client.lines.isEmpty ? "" : client.lines.removeFirst()
        return String(decoding: Base64.decode(line.dropFirst(2).utf8) ?? [], as: UTF8.self)
    }

    private func base64(_ text: String) -> String { Base64.encode(Array(text.utf8)) }

    /// Goes as far as the server's proof; gives whether it was right.
    private func prove(_ talk: Conversation, _ scram: ScramClient, _ mechanism: String = "SCRAM-SHA-256") async -> Bool
    {
        let client = await talk.client(1)
        await talk.send("a AUTHENTICATE \(mechanism) \(base64(scram.first))\r\n", client)
        let final = scram.final(challenge(client))
        await talk.send("\(base64(final.message))\r\n", client)
        return challenge(client) == final.serverFinal
    }

    @Test func scramProvesBothSides() async {
        let talk = Conversation()
        #expect(await prove(talk, ScramClient(user: "anna", password: Secret("secret"))))
        let client = await talk.client(1)
        await talk.send("\r\n", client)
        #expect(client.lines.removeFirst().hasPrefix("a OK [CAPABILITY IMAP4rev1 "))
        await talk.play(
            """
            C: b NOOP
            S: b OK NOOP done
            """
        )
    }

    @Test func scramWithAWrongPassword() async {
        let talk = Conversation()
        let client = await talk.client(1)
        let scram = ScramClient(user: "anna", password: Secret("guess"))
        await talk.send("a AUTHENTICATE SCRAM-SHA-256 \(base64(scram.first))\r\n", client)
        let final = scram.final(challenge(client))
        await talk.send("\(base64(final.message))\r\n", client)
        #expect(client.lines == ["[pause 1]", "a NO [AUTHENTICATIONFAILED] Wrong name or password"])
    }

    @Test func aClientThatDoesNotBelieveUsLeaves() async {
        let talk = Conversation()
        #expect(await prove(talk, ScramClient(user: "anna", password: Secret("secret"))))
        await talk.play(
            """
            C: *
            S: * BYE AUTHENTICATE was given up
            S: [closed: log-in given up]
            """
        )
    }

    @Test func scramBoundToTheConnection() async {
        let plus = EngineSettings(
            peer: "192.0.2.1",
            isEncrypted: true,
            canStartTLS: false,
            channelBindings: ChannelBindings(exporter: [4, 5, 6])
        )
        let talk = Conversation(settings: plus)
        let scram = ScramClient(
            user: "anna",
            password: Secret("secret"),
            header: "p=tls-exporter,,",
            binding: [4, 5, 6]
        )
        #expect(await prove(talk, scram, "SCRAM-SHA-256-PLUS"))
        await Conversation().play(
            """
            C: a AUTHENTICATE SCRAM-SHA-256-PLUS
            S: a NO [CANNOT] Only these are known here: SCRAM-SHA-256, PLAIN
            """
        )
        await Conversation(settings: plus).play(
            """
            C: a CAPABILITY
            S: * CAPABILITY … AUTH=SCRAM-SHA-256-PLUS AUTH=SCRAM-SHA-256 AUTH=PLAIN
            S: a OK CAPABILITY done
            """
        )
    }
}
