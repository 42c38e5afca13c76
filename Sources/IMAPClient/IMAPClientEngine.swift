package import Base
package import IMAPWire
package import SASL

/// One connection to an upstream IMAP server as a state machine: responses in, actions out, no I/O.
///
/// Set up once (greeting, STARTTLS, log-in, CAPABILITY), then one command after the other.
/// Arguments are written by the encoder of IMAPWire: nothing from elsewhere can end a line.
package struct IMAPClientEngine: ~Copyable {
    /// What the driver does next.
    package enum Action: Sendable {
        /// Write all of it.
        case write([UInt8])
        /// Read some bytes, or call `failed` at the deadline.
        case read(deadline: Instant)
        /// Shake hands as the client and call `secured`.
        case startTLS
        /// No command is under way: `begin` may follow.
        case ready
        /// The server said this while a command is under way.
        case untagged(Response)
        /// The server waits in IDLE: give it bytes as they come, or call `endIdle`.
        case idling
        /// The command is over; whether it succeeded stands in the response.
        case done(StatusResponse)
        /// The session is over.
        case failed(IMAPClientFailure)
        /// Close the connection.
        case close
    }

    enum Phase {
        case greeting
        case startTLS
        case startingTLS
        case capability(isLoggedIn: Bool)
        case loggingIn
        case ready
        case command
        /// IDLE was sent and `+` has not come.
        case enteringIdle
        case idling
        case leavingIdle
        case failed(IMAPClientFailure)
        case closed
    }

    let configuration: IMAPClientConfiguration
    let credentials: ClientCredentials?
    let time: any TimeSource
    var phase = Phase.greeting
    var isSecured: Bool
    var exchange: SASLClientExchange?
    /// A SASL response was sent, with AUTHENTICATE or behind it.
    var hasSentResponse = false
    /// What the server offers since the log-in, in capitals.
    package internal(set) var capabilities: Set<String> = []
    var tag = ""
    private var tagNumber = 0
    private var framer = Framer(reader: .client, lineLimit: Limits.imapServerLine)
    private var told: [Action] = []
    /// Parts of a command that wait for `+`, one each.
    private var waitingParts: [[UInt8]] = []
    private var deadline: Instant

    /// An engine for a fresh connection; with implicit TLS the handshake is done already.
    package init(configuration: IMAPClientConfiguration, credentials: ClientCredentials?, time: any TimeSource) {
        self.configuration = configuration
        self.credentials = credentials
        self.time = time
        isSecured = configuration.security == .implicitTLS
        deadline = time.instant.advanced(by: configuration.timeouts.greeting)
    }

    // MARK: What happens to the connection

    /// Bytes came.
    package mutating func receive(_ bytes: [UInt8]) {
        framer.append(bytes)
        // Each part of an answer has its own time: a large one may take long as a whole.
        if case .greeting = phase { return }
        extendDeadline()
    }

    /// The connection broke, closed or took too long.
    package mutating func failed(_ cause: IMAPClientFailure.Cause) {
        fail(cause)
    }

    /// The handshake is done: what was said before is forgotten (RFC 9051 §6.2.1).
    package mutating func secured() {
        isSecured = true
        askCapabilities(isLoggedIn: false)
    }

    /// Whether a command may begin.
    package var isReady: Bool {
        if case .ready = phase { true } else { false }
    }

    // MARK: Commands

    /// How literals are sent to this server.
    var literals: WireWriter.Literals {
        if capabilities.contains("LITERAL+") { return .nonSynchronizing }
        return capabilities.contains("LITERAL-") ? .shortNonSynchronizing : .synchronizing
    }

    /// Begins a command; only when `next` has said `ready`.
    package mutating func begin(_ name: StaticString, _ arguments: (inout WireWriter) -> Void = { _ in }) {
        guard case .ready = phase else { return }
        phase = .command
        send(name, arguments)
    }

    /// Begins IDLE (RFC 2177); `endIdle` ends it.
    package mutating func beginIdle() {
        guard case .ready = phase else { return }
        phase = .enteringIdle
        send("IDLE")
    }

    /// Ends IDLE; `done` follows.
    package mutating func endIdle() {
        guard case .idling = phase else { return }
        phase = .leavingIdle
        write(Array("DONE\r\n".utf8))
    }

    // MARK: What to do

    /// The next action.
    package mutating func next() -> Action {
        while true {
            if !told.isEmpty { return told.removeFirst() }
            switch phase {
            case .startingTLS: return .startTLS
            case .ready: return .ready
            case .failed(let failure):
                phase = .closed
                return .failed(failure)
            case .closed: return .close
            case .idling:
                if !takeFrame() { return .idling }
            default:
                if !takeFrame() { return .read(deadline: deadline) }
            }
        }
    }

    /// Takes the next complete response from the input; false where there is none.
    private mutating func takeFrame() -> Bool {
        switch framer.next() {
        case .incomplete:
            return false
        case .literal(let announcement):
            // INV-9: what one response may hold is bounded, whatever the server announces.
            let room = Limits.message + Limits.imapServerLine - framer.literalOctets
            guard announcement.size <= UInt64(max(0, room)) else {
                fail(.protocolViolation("a literal of \(announcement.size) octets"))
                return true
            }
            framer.accept()
        case .spoiled:
            break
        case .lineTooLong:
            fail(.protocolViolation("a response is too long"))
        case .frame(let frame):
            take(frame)
        }
        return true
    }

    private mutating func take(_ frame: Frame) {
        let response: Response
        do {
            response = try ResponseParser.parse(frame)
        } catch {
            // Untagged data that we cannot read is data that we did not ask for.
            guard frame.text.first == UInt8(ascii: "*") else {
                return fail(.protocolViolation("\(error)"))
            }
            if case .greeting = phase { return fail(.protocolViolation("no greeting")) }
            return
        }
        switch response {
        case .continuation(let text): takeContinuation(text)
        case .status(let status) where status.tag != nil: takeTagged(status)
        case .status(let status) where status.condition == .bye: fail(.bye(status.text))
        default: takeUntagged(response)
        }
    }

    private mutating func takeUntagged(_ response: Response) {
        switch phase {
        case .greeting:
            guard case .status(let status) = response else { return fail(.protocolViolation("no greeting")) }
            greeted(status)
        case .capability:
            if case .capability(let names) = response { capabilities = Set(names) }
        case .command, .enteringIdle, .idling, .leavingIdle:
            told.append(.untagged(response))
        default:
            break
        }
    }

    private mutating func takeContinuation(_ text: [UInt8]) {
        switch phase {
        case .loggingIn where waitingParts.isEmpty:
            challenged(text)
        case .command, .loggingIn:
            guard !waitingParts.isEmpty else { return fail(.protocolViolation("a continuation that nobody asked for")) }
            write(waitingParts.removeFirst())
        case .enteringIdle:
            phase = .idling
        default:
            fail(.protocolViolation("a continuation that nobody asked for"))
        }
    }

    private mutating func takeTagged(_ status: StatusResponse) {
        guard status.tag == tag else { return fail(.protocolViolation("an answer to no command of ours")) }
        waitingParts = []
        switch phase {
        case .startTLS:
            // Bytes behind the answer were sent in the clear, by whoever, and would be read as if
            // they had come inside TLS.
            if framer.hasUnreadBytes { return fail(.protocolViolation("bytes behind the answer to STARTTLS")) }
            guard status.condition == .ok else { return fail(.noTLS) }
            phase = .startingTLS
        case .capability(let isLoggedIn):
            guard status.condition == .ok else { return fail(.refused(status)) }
            if isLoggedIn { phase = .ready } else { logIn() }
        case .loggingIn:
            loggedIn(status)
        case .command, .enteringIdle, .leavingIdle, .idling:
            phase = .ready
            told.append(.done(status))
        default:
            fail(.protocolViolation("an answer to no command of ours"))
        }
    }

    // MARK: Used by the steps

    /// Sends a command under a fresh tag.
    mutating func send(_ name: StaticString, _ arguments: (inout WireWriter) -> Void = { _ in }) {
        tagNumber += 1
        tag = "G\(tagNumber)"
        var writer = CommandEncoder.encode(tag: tag, name, literals: literals, arguments)
        let pauses = writer.pauses
        let bytes = writer.takeBytes()
        var start = 0
        for end in pauses + [bytes.count] {
            waitingParts.append(Array(bytes[start..<end]))
            start = end
        }
        write(waitingParts.removeFirst())
    }

    mutating func write(_ bytes: [UInt8]) {
        told.append(.write(bytes))
        extendDeadline()
    }

    private mutating func extendDeadline() {
        deadline = time.instant.advanced(by: configuration.timeouts.command)
    }

    /// Ends the session.
    mutating func fail(_ cause: IMAPClientFailure.Cause) {
        switch phase {
        case .closed, .failed: return
        default: break
        }
        told = []
        phase = .failed(IMAPClientFailure(stage, cause))
    }

    private var stage: IMAPClientFailure.Stage {
        switch phase {
        case .greeting: .greeting
        case .startTLS, .startingTLS: .startTLS
        case .capability: .capability
        case .loggingIn: .logIn
        default: .command
        }
    }
}
