internal import Base
internal import IMAPWire
internal import SASL

// AUTHENTICATE (RFC 9051 §6.2.2, RFC 4959): PLAIN alone.
extension Engine {
    mutating func beginAuthenticate(tag: String, mechanism: String, _ initial: [UInt8]?) {
        guard mayLogIn(tag: tag) else { return }
        guard let known = SASLMechanism(name: mechanism), known == .plain, var exchange = SASLServerExchange(known)
        else {
            output.status(StatusResponse(tag: tag, .no, .cannot, "Only PLAIN is known here"))
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
        case .credentials(let credentials): logIn(tag: tag, method: .plain, credentials)
        case .malformed: refuse(tag: tag, "That is no response of the mechanism")
        }
    }
}
