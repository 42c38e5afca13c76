internal import Base
internal import IMAPWire
internal import SASL

// AUTHENTICATE (RFC 9051 §6.2.2, RFC 4959): SCRAM-SHA-256, with and without channel binding, and PLAIN.
extension Engine {
    /// What AUTH= names, the best first; LOGIN the mechanism is for SMTP clients alone.
    static func mechanisms(_ bindings: ChannelBindings) -> [SASLMechanism] {
        SASLServerExchange.offered(bindings: bindings).filter { $0 != .login }
    }

    mutating func beginAuthenticate(tag: String, mechanism: String, _ initial: [UInt8]?) {
        guard mayLogIn(tag: tag) else { return }
        let backend = backend
        let known = Self.mechanisms(settings.channelBindings)
        guard let wanted = SASLMechanism(name: mechanism), known.contains(wanted),
            var exchange = SASLServerExchange(
                wanted,
                bindings: settings.channelBindings,
                challenge: { backend.scramChallenge(for: $0) }
            )
        else {
            let names = known.map(\.rawValue).joined(separator: ", ")
            output.status(StatusResponse(tag: tag, .no, .cannot, "Only these are known here: \(names)"))
            return countFault()
        }
        // RFC 4959 §3: `=` is an initial response that is empty.
        var response: [UInt8]?
        if let initial {
            response = initial == [UInt8]("=") ? [] : Base64.decode(initial)
            guard response != nil else { return refuse(tag: tag, "That is not base 64") }
        }
        proceed(exchange.start(initialResponse: response), tag: tag, exchange)
    }

    mutating func takeSASLResponse(_ frame: Frame, tag: String, _ exchange: SASLServerExchange) {
        expectation = .command
        var exchange = exchange
        if frame.text == [UInt8]("*") { return refuse(tag: tag, "AUTHENTICATE was given up") }
        guard let response = Base64.decode(frame.text) else { return refuse(tag: tag, "That is not base 64") }
        proceed(exchange.receive(response), tag: tag, exchange)
    }

    private mutating func proceed(_ step: SASLServerExchange.Step, tag: String, _ exchange: SASLServerExchange) {
        switch step {
        case .challenge(let challenge):
            output.response(.continuation(Base64.encodedBytes(challenge)))
            expectation = .saslResponse(tag: tag, exchange)
        case .credentials(let credentials): logIn(tag: tag, credentials)
        case .malformed: refuse(tag: tag, "That is no response of the mechanism")
        }
    }

    // MARK: The server's proof

    /// SCRAM's last message from the server; IMAP has no place for it in the tagged OK (RFC 5802 §5,
    /// RFC 4422 §3.6), so that the client answers it with nothing.
    mutating func prove(_ session: any IMAPSession, _ serverFinal: [UInt8], _ answer: StatusResponse) {
        output.response(.continuation(Base64.encodedBytes(serverFinal)))
        expectation = .saslEnd(session, answer)
    }

    mutating func takeSASLEnd(_ frame: Frame, _ session: any IMAPSession, _ answer: StatusResponse) {
        guard frame.text.isEmpty, frame.literals.isEmpty else {
            // It did not believe us: there is nobody to go on with. The session ends with the connection.
            return sayGoodbye(.saslGivenUp, nil, "AUTHENTICATE was given up")
        }
        expectation = .command
        enter(session)
        output.status(answer)
    }
}
