internal import IMAPWire
internal import SASL

// LOGIN (RFC 9051 §6.2.3), and what it shares with AUTHENTICATE.
extension Engine {
    /// Whether a password may come at all; the answer is given where not.
    mutating func mayLogIn(tag: String) -> Bool {
        if isEncrypted || settings.allowsPlaintextLogIn { return true }
        output.status(StatusResponse(tag: tag, .no, .privacyRequired, "Begin TLS before you log in"))
        countFault()
        return false
    }

    mutating func logIn(tag: String, _ credentials: SASLCredentials) {
        let attempt = LogInAttempt(credentials: credentials, peer: settings.peer, isEncrypted: isEncrypted)
        perform(tag: tag, .logIn(attempt, backend, clientID, capabilities: loggedInCapabilities))
    }

    private var loggedInCapabilities: [String] {
        Capabilities.names(isEncrypted: isEncrypted, settings: settings, isLoggedIn: true)
    }
}

extension CommandRun {
    /// Asks the house; a refusal is told by the engine, after its delay.
    func logIn(
        _ attempt: LogInAttempt,
        _ backend: any IMAPBackend,
        clientID: [IDField],
        capabilities: [String]
    ) async -> Completion {
        switch await backend.logIn(attempt) {
        case .accepted(let session, let serverFinal):
            if !clientID.isEmpty { await session.identify(clientID.map { ($0.name, $0.value) }) }
            guard let serverFinal else {
                return .ok("Logged in", .capability(capabilities), then: .loggedIn(session))
            }
            let answer = StatusResponse(tag: tag, .ok, .capability(capabilities), "Logged in")
            return Completion(answer: nil, transition: .proven(session, serverFinal: serverFinal, answer))
        case .refused(let failure, let delay):
            let answer = StatusResponse(tag: tag, .no, failure.code ?? .authenticationFailed, failure.text)
            return Completion(answer: nil, transition: .refused(answer, delay: delay))
        }
    }
}
