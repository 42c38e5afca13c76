internal import Base
internal import SASL
package import SMTPWire

/// AUTH (RFC 4954).
extension SMTPServerEngine {
    /// Whether a password may go over this connection (RFC 8314 §3.3).
    var mayLogIn: Bool {
        peer.tls != nil || (configuration.allowsPlaintextLogInOnLoopback && peer.isLoopback)
    }

    mutating func auth(_ name: String, _ initialResponse: Secret?) -> Action? {
        guard configuration.role == .submission else {
            fault(SMTPReply(502, EnhancedStatus(5, 5, 1), "No log-in here"))
            return nil
        }
        guard isExtended, user == nil, envelope == nil else {
            let text = isExtended ? "Not now: logged in already, or inside a transaction" : "Say EHLO first"
            fault(SMTPReply(503, EnhancedStatus(5, 5, 1), text))
            return nil
        }
        guard mayLogIn else {
            fault(SMTPReply(538, EnhancedStatus(5, 7, 11), "Log-in needs TLS"))
            return nil
        }
        guard let mechanism = SASLMechanism(name: name),
            var exchange = SASLServerExchange(mechanism, bindings: bindings, challenge: challenge)
        else {
            fault(SMTPReply(504, EnhancedStatus(5, 5, 4), "No such mechanism here"))
            return nil
        }
        if refusePipelined() { return nil }
        let step = exchange.start(initialResponse: initialResponse?.exposed)
        return follow(step, exchange)
    }

    /// Nothing: clients in use choose SCRAM-SHA-256-PLUS here without the bindings of TLS 1.3 at hand, and
    /// give up where they would do well without it.
    var bindings: ChannelBindings { .none }

    /// A line inside the exchange: base 64, or `*` to give up.
    mutating func authenticate(_ line: [UInt8]) -> Action? {
        if case .authenticated(let user) = phase {
            // It did not believe us, or does not know how SCRAM ends: there is nobody to go on with.
            guard line.isEmpty else { return giveUpProof() }
            enter(user: user)
            return nil
        }
        guard case .authenticating(var exchange) = phase else { return nil }
        awaitCommand()
        if line == [0x2A] {
            fault(SMTPReply(501, EnhancedStatus(5, 7, 0), "Log-in given up"))
            return nil
        }
        guard let response = Base64.decode(line) else {
            fault(SMTPReply(501, EnhancedStatus(5, 5, 2), "Not base 64"))
            return nil
        }
        let step = exchange.receive(response)
        return follow(step, exchange)
    }

    private mutating func follow(_ step: SASLServerExchange.Step, _ exchange: SASLServerExchange) -> Action? {
        switch step {
        case .challenge(let challenge):
            write(SMTPReply(334, Base64.encode(challenge)))
            awaitResponse(exchange)
            return nil
        case .credentials(let credentials):
            return perform(.logIn(credentials, peer), .logIn)
        case .malformed:
            fault(SMTPReply(501, EnhancedStatus(5, 5, 2), "Not a response of this mechanism"))
            return nil
        }
    }

    private mutating func giveUpProof() -> Action? {
        close(SMTPReply(501, EnhancedStatus(5, 7, 0), "Log-in given up"))
        return nil
    }

    /// The answer to `logIn`: the member.
    ///
    /// `serverFinal` is shown first; SMTP has no place for it in the 235 (RFC 4954 §4).
    package mutating func logInAccepted(user: String?, serverFinal: [UInt8]? = nil) {
        guard let serverFinal else { return enter(user: user) }
        write(SMTPReply(334, Base64.encode(serverFinal)))
        awaitEnd(of: user)
    }

    private mutating func enter(user: String?) {
        self.user = user
        hasSession = true
        awaitCommand()
        write(SMTPReply(235, EnhancedStatus(2, 7, 0), "Logged in"))
    }

    /// The answer to `logIn`: no, told after the delay.
    package mutating func logInRefused(_ reply: SMTPReply, after delay: Duration) {
        phase = .delayed(reply, delay)
    }
}
