internal import Base
internal import SASL
internal import SMTPWire

/// From the greeting to a session that may send.
extension SMTPClientEngine {
    mutating func greeted(_ reply: SMTPReply) {
        guard reply.code == 220 else { return fail(.reply(reply), at: .greeting) }
        sayHello()
    }

    private mutating func sayHello() {
        capabilities = SMTPCapabilities()
        send([.ehlo(configuration.name)], [.ehlo], configuration.timeouts.command)
    }

    mutating func ehloAnswered(_ reply: SMTPReply) {
        if reply.code == 250 {
            capabilities = SMTPCapabilities(lines: reply.lines)
            secureOrLogIn()
        } else if reply.isPermanent,
            configuration.security == .plaintext || configuration.security == .opportunisticTLS,
            credentials == nil
        {
            // RFC 5321 §3.2: an old server that knows HELO alone.
            send([.helo(configuration.name)], [.helo], configuration.timeouts.command)
        } else {
            fail(.reply(reply), at: .hello)
        }
    }

    mutating func heloAnswered(_ reply: SMTPReply) {
        guard reply.code == 250 else { return fail(.reply(reply), at: .hello) }
        phase = .ready
    }

    private mutating func secureOrLogIn() {
        if isSecured { return logIn() }
        switch configuration.security {
        case .implicitTLS, .plaintext:
            logIn()
        case .startTLS:
            guard capabilities.startTLS else { return fail(.noTLS, at: .startTLS) }
            send([.startTLS], [.startTLS], configuration.timeouts.command)
        case .opportunisticTLS:
            guard capabilities.startTLS else { return logIn() }
            send([.startTLS], [.startTLS], configuration.timeouts.command)
        }
    }

    /// `hasMore` where bytes came behind the reply: they were sent in the clear, by whoever, and would
    /// be read as if they had come inside TLS.
    mutating func startTLSAnswered(_ reply: SMTPReply, hasMore: Bool) {
        if hasMore { return fail(.protocolViolation("bytes behind the reply to STARTTLS"), at: .startTLS) }
        if reply.code == 220 {
            phase = .startingTLS
        } else if configuration.security == .opportunisticTLS {
            logIn()
        } else {
            fail(.reply(reply), at: .startTLS)
        }
    }

    /// The handshake is done: what was said before is forgotten (RFC 3207 §4.2).
    package mutating func secured() {
        isSecured = true
        sayHello()
    }

    // MARK: AUTH (RFC 4954)

    private mutating func logIn() {
        guard let credentials else {
            phase = .ready
            return
        }
        guard isSecured || configuration.security == .plaintext else { return fail(.noTLS, at: .logIn) }
        guard let exchange = SASLClientExchange(offered: capabilities.mechanisms, credentials: credentials)
        else { return fail(.noMechanism, at: .logIn) }
        self.exchange = exchange
        // A response that is too long for the command line waits for the server's question.
        let response = exchange.initialResponse.flatMap { $0.exposed.count <= Limits.saslResponse * 2 / 3 ? $0 : nil }
        hasSentResponse = response != nil
        send(
            [.auth(exchange.mechanism.rawValue, initialResponse: response)],
            [.auth],
            configuration.timeouts.command
        )
    }

    mutating func authAnswered(_ reply: SMTPReply) {
        if reply.code == 235 {
            exchange = nil
            phase = .ready
            return
        }
        guard reply.code == 334, var exchange else {
            let refusal = exchange?.refusal
            let cause: SMTPFailure.Cause = refusal.map { .tokenRefused($0, reply) } ?? .reply(reply)
            return fail(reply.isSuccess ? .protocolViolation("AUTH answered by \(reply.code)") : cause, at: .logIn)
        }
        let challenge = Base64.decode(ASCII.trimmed(reply.text).utf8)
        let response = challenge.flatMap { exchange.respond(to: $0, isAnswerToCommand: !hasSentResponse) }
        hasSentResponse = true
        self.exchange = exchange
        // RFC 4954 §4: a lone asterisk gives the log-in up.
        sendLine(
            response.map { Base64.encodedBytes($0.exposed) } ?? [0x2A],
            .auth,
            configuration.timeouts.command
        )
    }
}
