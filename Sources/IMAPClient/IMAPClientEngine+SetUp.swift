internal import Base
internal import IMAPWire
internal import SASL

/// From the greeting to a session that takes commands.
extension IMAPClientEngine {
    mutating func greeted(_ status: StatusResponse) {
        switch status.condition {
        case .ok:
            if isSecured || configuration.security == .plaintext {
                askCapabilities(isLoggedIn: false)
            } else {
                // What the server says before TLS is nobody's word: it is not even asked.
                phase = .startTLS
                send("STARTTLS")
            }
        case .preauth:
            // RFC 9051 §11.3: behind PREAUTH there is no STARTTLS; somebody may have put it there.
            guard isSecured || configuration.security == .plaintext else {
                return fail(.protocolViolation("PREAUTH before TLS"))
            }
            askCapabilities(isLoggedIn: true)
        default:
            fail(.refused(status))
        }
    }

    mutating func askCapabilities(isLoggedIn: Bool) {
        capabilities = []
        phase = .capability(isLoggedIn: isLoggedIn)
        send("CAPABILITY")
    }

    mutating func logIn() {
        phase = .loggingIn
        guard let credentials else { return fail(.noMechanism) }
        guard isSecured || configuration.security == .plaintext else { return fail(.noTLS) }
        let offered = capabilities.filter { $0.hasPrefix("AUTH=") }.map { String($0.dropFirst(5)) }.sorted()
        guard let exchange = SASLClientExchange(offered: offered, credentials: credentials) else {
            return logInPlainly(credentials)
        }
        self.exchange = exchange
        let hasInitial = capabilities.contains("SASL-IR")
        // A response too long for a command line waits for the server's question.
        let response = exchange.initialResponse.flatMap { response in
            hasInitial && response.exposed.count <= Limits.imapLineBeforeLogin / 2 ? response : nil
        }
        hasSentResponse = response != nil
        send("AUTHENTICATE") { writer in
            writer.space()
            writer.write(text: exchange.mechanism.rawValue)
            guard let response else { return }
            writer.space()
            // RFC 4959 §3: an empty response is `=`.
            writer.write(response.exposed.isEmpty ? Array("=".utf8) : Base64.encodedBytes(response.exposed))
        }
    }

    /// LOGIN, for servers without a mechanism that fits.
    private mutating func logInPlainly(_ credentials: ClientCredentials) {
        guard case .password(let plain) = credentials, plain.authorization.isEmpty,
            !capabilities.contains("LOGINDISABLED"), !plain.password.exposed.contains(0)
        else { return fail(.noMechanism) }
        send("LOGIN") { writer in
            writer.space()
            writer.astring(Array(plain.authentication.utf8))
            writer.space()
            writer.string(plain.password.exposed)
        }
    }

    mutating func challenged(_ text: [UInt8]) {
        guard var exchange else { return fail(.protocolViolation("a challenge outside AUTHENTICATE")) }
        let challenge = Base64.decode(ASCII.trimmed(String(decoding: text, as: UTF8.self)).utf8)
        let response = challenge.flatMap { exchange.respond(to: $0, isAnswerToCommand: !hasSentResponse) }
        hasSentResponse = true
        self.exchange = exchange
        // RFC 9051 §6.2.2: a lone asterisk gives the log-in up.
        write((response.map { Base64.encodedBytes($0.exposed) } ?? [0x2A]) + [ASCII.cr, ASCII.lf])
    }

    mutating func loggedIn(_ status: StatusResponse) {
        guard status.condition == .ok else {
            let refusal = exchange?.refusal
            return fail(refusal.map { .tokenRefused($0, status) } ?? .refused(status))
        }
        exchange = nil
        askCapabilities(isLoggedIn: true)
    }
}
