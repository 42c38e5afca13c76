import Base
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
            S: d NO [CANNOT] Only PLAIN is known here
            C: e AUTHENTICATE PLAIN A===
            S: e BAD That is not base 64
            S: * BYE Too many faulty commands
            S: [closed: too many faulty commands]
            """
        )
    }
}
