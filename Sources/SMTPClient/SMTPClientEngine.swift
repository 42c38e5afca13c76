package import Base
package import SASL
package import SMTPWire

/// One connection to a smarthost as a state machine: replies in, actions out, no I/O.
///
/// Set up once (greeting, EHLO, STARTTLS, AUTH), then any number of transactions. A server that
/// speaks when nobody asked it has lost the thread, or is being spoken for by somebody else: its
/// words are never taken for the answer to a later command.
package struct SMTPClientEngine: ~Copyable {
    /// What the driver does next.
    package enum Action: Sendable {
        /// Write all of it.
        case write([UInt8])
        /// Read some bytes, or call `failed` at the deadline.
        case read(deadline: Instant)
        /// Shake hands as the client and call `secured`.
        case startTLS
        /// The session is set up, or back from a transaction: `begin` or `quit` may follow.
        case ready
        /// Show the check these octets of the message, then write their wire form.
        case content(DataWriter.Chunk)
        /// Ask the check whether the final dot may follow, and call `mayEnd`.
        case askCheck
        /// The transaction is over.
        case done(DeliveryReport)
        /// The session could not be set up.
        case failed(SMTPFailure)
        /// Close the connection.
        case close
    }

    /// What the next reply answers.
    enum Expected: Equatable {
        case greeting, ehlo, helo, startTLS, auth, mail, rcpt(Int), data, end, reset, quit

        var stage: SMTPStage {
            switch self {
            case .greeting: .greeting
            case .ehlo, .helo: .hello
            case .startTLS: .startTLS
            case .auth: .logIn
            case .mail: .mail
            case .rcpt: .rcpt
            case .data: .data
            case .end: .end
            case .reset, .quit: .reset
            }
        }
    }

    enum Phase {
        /// Replies are awaited.
        case waiting
        case startingTLS
        case ready
        /// The message is being sent.
        case content(DataWriter)
        case askingCheck
        /// A transaction is over and its report not yet told; a broken connection closes behind it.
        case reporting(DeliveryReport, isBroken: Bool)
        case failed(SMTPFailure)
        case closed
    }

    let configuration: SMTPClientConfiguration
    let credentials: ClientCredentials?
    let time: any TimeSource
    var phase = Phase.waiting
    var expected: [Expected] = [.greeting]
    var isSecured: Bool
    var exchange: SASLClientExchange?
    /// A SASL response was sent, with AUTH or behind it.
    var hasSentResponse = false
    var transaction: Transaction?
    /// What the server offers now.
    package internal(set) var capabilities = SMTPCapabilities()
    private var input = LineBuffer()
    private var replies = ReplyReader()
    private var output: [UInt8] = []
    private var deadline: Instant

    /// An engine for a fresh connection; with implicit TLS the handshake is done already.
    package init(configuration: SMTPClientConfiguration, credentials: ClientCredentials?, time: any TimeSource) {
        self.configuration = configuration
        self.credentials = credentials
        self.time = time
        isSecured = configuration.security == .implicitTLS
        deadline = time.instant.advanced(by: configuration.timeouts.greeting)
    }

    // MARK: What happens to the connection

    /// Bytes came.
    package mutating func receive(_ bytes: Span<UInt8>) {
        input.append(bytes)
    }

    /// The connection broke, closed or took too long.
    package mutating func failed(_ cause: SMTPFailure.Cause) {
        // A server that has heard enough may have said why before it closed.
        if case .content = phase, takeReply() { return }
        fail(cause)
    }

    /// Whether a transaction may begin.
    package var isReady: Bool {
        if case .ready = phase { true } else { false }
    }

    /// Whether the connection is of no more use.
    package var isClosed: Bool {
        if case .closed = phase { true } else { false }
    }

    /// Ends the session politely.
    package mutating func quit() {
        guard case .ready = phase else {
            phase = .closed
            return
        }
        send([.quit], [.quit], configuration.timeouts.quit)
    }

    // MARK: What to do

    /// The next action.
    package mutating func next() -> Action {
        while true {
            if let action = step() { return action }
        }
    }

    private mutating func step() -> Action? {
        if !output.isEmpty {
            defer { output = [] }
            return .write(output)
        }
        switch phase {
        case .waiting:
            return takeReply() ? nil : .read(deadline: deadline)
        case .startingTLS:
            return .startTLS
        case .ready:
            // Bytes that nobody asked for.
            if takeReply() { return nil }
            return .ready
        case .content(var writer):
            // A server that has heard enough, as when the message is too large for it.
            if takeReply() { return nil }
            return nextContent(&writer)
        case .askingCheck:
            return .askCheck
        case .reporting(let report, let isBroken):
            phase = isBroken ? .closed : expected.isEmpty ? .ready : .waiting
            return .done(report)
        case .failed(let failure):
            phase = .closed
            return .failed(failure)
        case .closed:
            return .close
        }
    }

    private mutating func nextContent(_ writer: inout DataWriter) -> Action? {
        do {
            guard let chunk = try writer.next() else {
                phase = .askingCheck
                return nil
            }
            phase = .content(writer)
            return .content(chunk)
        } catch {
            // The final dot has not been sent, so the server has nothing.
            fail(.unclean(error))
            return nil
        }
    }

    /// Takes the next complete reply from the input; false where there is none.
    private mutating func takeReply() -> Bool {
        while true {
            switch input.next(limit: Limits.smtpServerLine) {
            case .incomplete:
                return false
            case .tooLong:
                fail(.protocolViolation("a reply line is too long"))
                return true
            case .bareLineFeed:
                fail(.protocolViolation("a reply line ends with LF alone"))
                return true
            case .line(let line):
                do {
                    guard let reply = try replies.receive(line) else { continue }
                    take(reply)
                } catch {
                    fail(.protocolViolation("\(error)"))
                }
                return true
            }
        }
    }

    private mutating func take(_ reply: SMTPReply) {
        if case .content = phase {
            // Whatever it says, sending on would be out of step.
            fail(reply.isTransient || reply.isPermanent ? .reply(reply) : .protocolViolation("a reply inside DATA"))
            return
        }
        guard let answered = expected.first else {
            fail(reply.code == 421 ? .reply(reply) : .protocolViolation("a reply that nobody asked for"))
            return
        }
        // RFC 5321 §3.8: 421 may answer anything, and the server closes behind it.
        if reply.code == 421, answered != .quit {
            fail(.reply(reply), at: answered.stage)
            return
        }
        expected.removeFirst()
        switch answered {
        case .greeting: greeted(reply)
        case .ehlo: ehloAnswered(reply)
        case .helo: heloAnswered(reply)
        case .startTLS: startTLSAnswered(reply, hasMore: !input.isEmpty || replies.isInside)
        case .auth: authAnswered(reply)
        case .mail: mailAnswered(reply)
        case .rcpt(let index): rcptAnswered(reply, index)
        case .data: dataAnswered(reply)
        case .end: endAnswered(reply)
        case .reset: resetAnswered(reply)
        case .quit: phase = .closed
        }
        // Each reply of a group has its own time.
        if case .waiting = phase, case .rcpt = expected.first {
            deadline = time.instant.advanced(by: configuration.timeouts.command)
        }
    }

    // MARK: Used by the steps

    /// Writes a group of commands whose replies come in this order.
    ///
    /// Nothing may wait to be read: it would be taken for the first of these replies.
    mutating func send(_ commands: [SMTPCommand], _ expected: [Expected], _ timeout: Duration) {
        guard input.isEmpty, !replies.isInside else {
            fail(.protocolViolation("a reply came before its command"))
            return
        }
        for command in commands { command.encode(into: &output) }
        self.expected += expected
        phase = .waiting
        deadline = time.instant.advanced(by: timeout)
    }

    /// Writes a line that is no command.
    mutating func sendLine(_ line: [UInt8], _ expected: Expected, _ timeout: Duration) {
        sendRaw(line + [ASCII.cr, ASCII.lf], expected, timeout)
    }

    /// Writes bytes that are no command.
    mutating func sendRaw(_ bytes: [UInt8], _ expected: Expected, _ timeout: Duration) {
        send([], [expected], timeout)
        if case .waiting = phase { output += bytes }
    }

    /// Ends the session: with a report where a transaction was open, else with a failure.
    mutating func fail(_ cause: SMTPFailure.Cause, at stage: SMTPStage? = nil) {
        output = []
        let stage = stage ?? currentStage
        expected = []
        switch phase {
        case .closed, .failed:
            return
        case .reporting(let report, _):
            phase = .reporting(report, isBroken: true)
            return
        default:
            break
        }
        guard let report = transaction?.report(failure: SMTPFailure(stage, cause)) else {
            phase = .failed(SMTPFailure(stage, cause))
            return
        }
        transaction = nil
        phase = .reporting(report, isBroken: true)
    }

    private var currentStage: SMTPStage {
        switch phase {
        case .content, .askingCheck: .content
        case .startingTLS: .startTLS
        default: expected.first?.stage ?? .reset
        }
    }
}
