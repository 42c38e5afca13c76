package import Base
internal import Net
package import SASL
package import SMTPWire

/// One SMTP or LMTP connection as a state machine: bytes in, actions out, no I/O.
///
/// The driver hands in what it reads (`receive`) and what the session answers (`…Answered`), and does
/// what `next` says until it says to read or to close. Replies gather until the client has nothing
/// more to say, so that a pipelined group is answered with one write (RFC 2920 §3.2).
package struct SMTPServerEngine: ~Copyable {
    /// What the driver does next.
    package enum Action: Sendable {
        /// Write all of it.
        case write([UInt8])
        /// Read some bytes, or call `timedOut` at the deadline.
        case read(deadline: Instant)
        /// Ask the backend or the session and hand in the answer.
        case perform(Request)
        /// Do nothing for this long: the price of a wrong password.
        case wait(Duration)
        /// Shake hands as the server and call `secured`.
        case startTLS
        /// Close the connection; everything was written.
        case close
    }

    /// What only the backend or the session can answer.
    package enum Request: Sendable {
        /// Answered by `sessionAnswered`.
        case openSession(SMTPPeer)
        /// Answered by `logInAnswered`.
        case logIn(SASLCredentials, SMTPPeer)
        /// Answered by `mailAnswered`.
        case mail(EnvelopeAddress?, MailParameters)
        /// Answered by `recipientAnswered`.
        case recipient(EnvelopeRecipient, Envelope)
        /// Answered by `messageAnswered`.
        case message(ReceivedMessage)
    }

    enum Phase {
        /// Nothing was said yet.
        case start
        /// A command line is next.
        case command
        /// The session has been asked; no input is looked at.
        case performing(Pending)
        /// A SASL response is next.
        case authenticating(SASLServerExchange)
        /// The empty response to the server's own proof is next; then the member is logged in.
        case authenticated(user: String?)
        /// The message is being read.
        case data(DataReader)
        /// A refused log-in waits before it is told.
        case delayed(SMTPReply, Duration)
        case startingTLS
        case closing
    }

    /// Which answer is awaited.
    enum Pending {
        case session
        case logIn
        case mail(EnvelopeAddress?, MailParameters)
        case recipient(EnvelopeRecipient)
        case message(recipients: Int)
    }

    let configuration: SMTPServerConfiguration
    let challenge: @Sendable (String) -> ScramChallenge
    private let time: any TimeSource
    var peer: SMTPPeer
    var phase = Phase.start
    /// EHLO or LHLO was said, not HELO.
    var isExtended = false
    /// There is a session, with or without log-in.
    var hasSession = false
    /// The member who logged in.
    var user: String?
    /// The transaction, from MAIL to the message or RSET.
    var envelope: Envelope?
    private var input = LineBuffer()
    private var output: [UInt8] = []
    private var faults = 0
    private var hasHeardCommand = false
    private var isShuttingDown = false
    private var deadline = Instant.distantFuture

    /// An engine for one connection; `challenge` gives what SCRAM answers a name with.
    package init(
        configuration: SMTPServerConfiguration,
        peer: SMTPPeer,
        time: any TimeSource,
        challenge: @escaping @Sendable (String) -> ScramChallenge
    ) {
        self.configuration = configuration
        self.peer = peer
        self.time = time
        self.challenge = challenge
    }

    // MARK: What happens to the connection

    /// Bytes came.
    package mutating func receive(_ bytes: Span<UInt8>) {
        guard case .data(var reader) = phase else {
            input.append(bytes)
            return
        }
        // The reader must be the only owner of its bytes, or every block would copy all before it.
        phase = .closing
        let count = reader.receive(bytes)
        phase = .data(reader)
        input.append(bytes.extracting(count...))
        deadline = time.instant.advanced(by: configuration.dataTimeout)
    }

    /// The handshake is done: everything that was said before is forgotten (RFC 3207 §4.2).
    package mutating func secured(_ tls: TLSDescription) {
        peer.tls = tls
        peer.greeting = ""
        isExtended = false
        envelope = nil
        input.removeAll()
        awaitCommand()
    }

    /// Nothing came until the deadline.
    package mutating func timedOut() {
        close(SMTPReply(421, EnhancedStatus(4, 4, 2), "\(configuration.hostName) Nothing came for too long, closing"))
    }

    /// The process ends: the client is told at the next point where nothing of its mail can be lost.
    package mutating func shutDown() {
        isShuttingDown = true
    }

    // MARK: What to do

    /// The next action.
    ///
    /// After `perform` the answer comes first, after `startTLS` `secured`.
    package mutating func next() -> Action {
        while true {
            if let action = step() { return action }
        }
    }

    /// One step: an action, or `nil` where the next step is known already.
    private mutating func step() -> Action? {
        switch phase {
        case .start:
            return start()
        case .command:
            if output.count > Limits.outputLowWater { return flush() }
            return takeLine { (engine: inout Self, line: [UInt8]) in engine.execute(line) }
        case .authenticating, .authenticated:
            return takeLine { (engine: inout Self, line: [UInt8]) in engine.authenticate(line) }
        case .data(let reader):
            if reader.isFinished { return endData(reader) }
            if reader.received / 2 > configuration.maximumSize {
                close(SMTPReply(421, EnhancedStatus(4, 3, 4), "Far over the size limit, closing"))
                return nil
            }
            return flush() ?? .read(deadline: deadline)
        case .delayed(let reply, let duration):
            if let action = flush() { return action }
            awaitCommand()
            deadline = deadline.advanced(by: duration)
            fault(reply)
            return .wait(duration)
        case .startingTLS:
            return flush() ?? .startTLS
        case .closing:
            return flush() ?? .close
        case .performing:
            preconditionFailure("the answer to the last request is missing")
        }
    }

    private mutating func start() -> Action? {
        guard configuration.role != .submission else {
            greet()
            return nil
        }
        if configuration.role == .sink, !peer.isLoopback { return refuseStart() }
        if configuration.role == .lmtp, !isTrusted { return refuseStart() }
        return perform(.openSession(peer), .session)
    }

    /// Whether the listener takes mail from this address; a Unix socket has its own rights.
    private var isTrusted: Bool {
        guard let host = peer.address.host else { return true }
        return configuration.trustedNetworks.contains { $0.contains(host) }
    }

    /// RFC 5321 §3.1: 554 instead of the greeting.
    private mutating func refuseStart() -> Action? {
        close(SMTPReply(554, EnhancedStatus(5, 7, 1), "\(configuration.hostName) This listener takes no mail from you"))
        return nil
    }

    /// The next line, and what the body does with it; or what must happen before one can come.
    private mutating func takeLine(_ body: (inout Self, [UInt8]) -> Action?) -> Action? {
        if isShuttingDown {
            close(SMTPReply(421, EnhancedStatus(4, 3, 2), "\(configuration.hostName) Shutting down, please come back"))
            return nil
        }
        // A TLS record where a command should be: no line end may ever come.
        if !hasHeardCommand, input.first == 0x16 {
            close(SMTPReply(421, EnhancedStatus(4, 7, 0), "This port speaks SMTP before it speaks TLS, closing"))
            return nil
        }
        switch input.next(limit: Limits.smtpLine) {
        case .incomplete:
            return flush() ?? .read(deadline: deadline)
        case .line(let line):
            return body(&self, line)
        case .tooLong:
            awaitCommand()
            fault(SMTPReply(500, EnhancedStatus(5, 5, 6), "The line is too long"))
        case .bareLineFeed:
            // What follows may have been meant as part of this line: nothing of it is executed.
            close(SMTPReply(500, EnhancedStatus(5, 5, 2), "Lines end with CR LF, closing"))
        }
        return nil
    }

    private mutating func execute(_ line: [UInt8]) -> Action? {
        if !hasHeardCommand, Junk.isHTTP(line) {
            close(SMTPReply(421, EnhancedStatus(4, 7, 0), "This is a mail server, closing"))
            return nil
        }
        hasHeardCommand = true
        awaitCommand()
        let command: SMTPCommand
        do {
            command = try SMTPCommand(line: line.span)
        } catch {
            fault(error.reply)
            return nil
        }
        switch command {
        case .ehlo(let name): hello(name, .ehlo)
        case .helo(let name): hello(name, .helo)
        case .lhlo(let name): hello(name, .lhlo)
        case .startTLS: startTLS()
        case .auth(let mechanism, let response): return auth(mechanism, response)
        case .mail(let sender, let parameters): return mail(sender, parameters)
        case .rcpt(let recipient): return rcpt(recipient)
        case .data: data()
        case .rset: rset()
        case .noop: noop()
        case .vrfy: vrfy()
        case .help: help()
        case .quit: quit()
        case .notImplemented:
            fault(SMTPReply(502, EnhancedStatus(5, 5, 1), "Not done here"))
        }
        return nil
    }

    // MARK: Used by the commands

    func now() -> Instant { time.instant }

    mutating func write(_ reply: SMTPReply) {
        reply.encode(into: &output)
    }

    /// A reply to something that the client did wrong; too many of them end the connection.
    mutating func fault(_ reply: SMTPReply) {
        faults += 1
        write(reply)
        guard faults >= (hasSession ? Limits.faults : Limits.faultsBeforeLogin) else { return }
        close(SMTPReply(421, EnhancedStatus(4, 7, 0), "\(configuration.hostName) Too many errors, closing"))
    }

    /// The last reply.
    mutating func close(_ reply: SMTPReply) {
        write(reply)
        phase = .closing
    }

    /// Whether bytes wait behind a command that must be the last of its group; then nothing of them
    /// is executed (RFC 2920 §3.1, RFC 3207 §4).
    mutating func refusePipelined() -> Bool {
        guard !input.isEmpty else { return false }
        input.removeAll()
        close(SMTPReply(554, EnhancedStatus(5, 5, 0), "Commands came before the answer to this one, closing"))
        return true
    }

    /// The time for the next command starts now.
    mutating func awaitCommand() {
        phase = .command
        deadline = time.instant.advanced(by: configuration.commandTimeout)
    }

    /// The time for the next response starts now.
    mutating func awaitResponse(_ exchange: SASLServerExchange) {
        phase = .authenticating(exchange)
        deadline = time.instant.advanced(by: configuration.commandTimeout)
    }

    /// The same for the empty response that ends SCRAM.
    mutating func awaitEnd(of user: String?) {
        phase = .authenticated(user: user)
        deadline = time.instant.advanced(by: configuration.commandTimeout)
    }

    /// The time for the first block of the message starts now.
    mutating func awaitData() {
        phase = .data(DataReader(limit: configuration.maximumSize, lineLimit: configuration.maximumTextLine))
        deadline = time.instant.advanced(by: configuration.dataTimeout)
    }

    mutating func perform(_ request: Request, _ pending: Pending) -> Action {
        phase = .performing(pending)
        return .perform(request)
    }

    private mutating func flush() -> Action? {
        guard !output.isEmpty else { return nil }
        let bytes = output
        output = []
        return .write(bytes)
    }
}
