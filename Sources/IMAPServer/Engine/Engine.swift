internal import Base
internal import IMAPWire
package import SASL

/// One connection's protocol: bytes in, actions out; no sockets, no clock.
///
/// One command at a time: while one is performed, the bytes of the next stay where they are, so that
/// answers come in the order of commands and a flood of commands waits in the peer's own buffers.
package struct Engine: ~Copyable {
    /// What the client may do.
    enum State {
        case notAuthenticated
        case authenticated(any IMAPSession)
        case selected(any IMAPSession, MailboxView)
    }

    /// What the next line is.
    enum Expectation {
        case command
        /// A response of AUTHENTICATE.
        case saslResponse(tag: String, SASLServerExchange)
        /// The empty response to the server's own proof; then the answer is given.
        case saslEnd(any IMAPSession, StatusResponse)
        /// The end of IDLE.
        case done(tag: String)
    }

    /// What comes before the next line is looked at.
    enum Duty {
        case none
        case perform(CommandRun)
        /// A command is out at the driver.
        case performing(CommandRun)
        case pause(Duration, StatusResponse)
        case startTLS
        /// The literal that was announced must wait for its share of what all may hand in.
        case waitForRoom
        case close(CloseReason)
    }

    let backend: any IMAPBackend
    private(set) var settings: EngineSettings
    var framer: Framer
    var state = State.notAuthenticated
    var expectation = Expectation.command
    var duty = Duty.none
    var enabled: Enabled = []
    /// What is told by itself, once the client asked for it (RFC 5465).
    var notify: NotifyWatch?
    var output = WireWriter()
    var isEncrypted: Bool
    var faults = 0
    /// Commands that were read before log-in.
    var strangersCommands = 0
    /// What the frame in hand holds of the budget for uploads.
    var uploads: [UploadBudget.Share] = []
    /// How often the announced literal has asked for a share in vain.
    var uploadAttempts = 0
    /// Why the literal that passes was not taken.
    var literalRefusal = LiteralRefusal.tooBig
    /// Whether a line was understood: before that, other protocols are looked for.
    var hasSpoken = false
    /// What ID said before log-in, for the session to come.
    var clientID: [IDField] = []

    package init(backend: any IMAPBackend, settings: EngineSettings) {
        self.backend = backend
        self.settings = settings
        isEncrypted = settings.isEncrypted
        framer = Framer(reader: .server, lineLimit: Limits.imapLineBeforeLogin)
        let capability = ResponseCode.capability(
            Capabilities.names(isEncrypted: settings.isEncrypted, settings: settings, isLoggedIn: false)
        )
        output.status(StatusResponse(tag: nil, .ok, capability, "Greenroom ready"))
    }

    // MARK: What the driver says

    package mutating func receive(_ bytes: [UInt8]) {
        framer.append(bytes)
        guard !hasSpoken, !isEncrypted, let name = ForeignProtocol.name(ofFirstBytes: framer.unreadPrefix(1)) else {
            return
        }
        closeAtOnce(.foreignProtocol(name))
    }

    /// Whether changes are told at once, and not with the next command.
    ///
    /// While the client idles, and once it asked with NOTIFY for news of its mailbox.
    package var wantsNotices: Bool {
        if case .done = expectation { true } else { notify?.selected != nil }
    }

    /// The mailbox changed: told at once while the client idles, else with its next command.
    package mutating func wake() {
        guard !endsAccess() else { return }
        if let notify { return tellNews(notify) }
        guard case .done = expectation, case .selected(_, let view) = state else { return }
        view.tell(.everything, enabled, into: &output)
    }

    /// TLS has begun; `bindings` are what SCRAM can be bound to.
    package mutating func tlsStarted(_ bindings: ChannelBindings = .none) {
        isEncrypted = true
        settings.channelBindings = bindings
        hasSpoken = false
        clientID = []
        framer = Framer(reader: .server, lineLimit: Limits.imapLineBeforeLogin)
    }

    /// The wait lasted longer than the patience it was given (RFC 9051 §5.4).
    package mutating func expire() { sayGoodbye(.expired, nil, "Nothing heard from you for too long") }

    package mutating func shutDown() { sayGoodbye(.shutDown, .unavailable, "The server stops; come back soon") }

    /// The command that `perform` gave out is done.
    package mutating func complete(_ transition: Transition) {
        guard case .performing = duty else { return }
        duty = .none
        uploads.removeAll()
        switch transition {
        case .stay: break
        case .loggedIn(let session): enter(session)
        case .proven(let session, let serverFinal, let answer): prove(session, serverFinal, answer)
        case .refused(let answer, let delay):
            faults += 1
            duty = .pause(delay, answer)
        case .selected(let view):
            state = session.map { .selected($0, view) } ?? state
            notify?.lastUID = view.entries.last?.uid ?? 0
        case .unselected: state = session.map { .authenticated($0) } ?? state
        case .enabled(let all):
            enabled = all
            output.quotesUTF8 = all.namesAreUTF8
        case .notifying(let watch):
            notify = watch
            if watch != nil { enabled.insert(.notify) } else { enabled.remove(.notify) }
        case .faulty: countFault()
        case .lost: closeAtOnce(.connectionLost)
        }
    }

    /// The client is logged in.
    mutating func enter(_ session: any IMAPSession) {
        state = .authenticated(session)
        faults = 0
        framer.lineLimit = Limits.imapLine
    }

    /// Gives the mailbox and the session back to the house; the connection is gone.
    package mutating func end() async {
        if case .saslEnd(let session, _) = expectation {
            expectation = .command
            await session.end()
        }
        switch state {
        case .notAuthenticated: break
        case .authenticated(let session): await session.end()
        case .selected(let session, let view):
            await view.mailbox.close()
            await session.end()
        }
        state = .notAuthenticated
    }

    // MARK: What the driver does

    package mutating func next() -> Action {
        while true {
            guard output.isEmpty else { return .write(output.takeBytes()) }
            switch duty {
            case .none: break
            case .perform(let run):
                duty = .performing(run)
                return .perform(run)
            case .performing: return .wait(patience: patience)
            case .pause(let delay, let answer):
                output.status(answer)
                duty = .none
                if faults >= Limits.faultsBeforeLogin {
                    sayGoodbye(.tooManyFaults, nil, "Too many wrong log-ins")
                }
                if delay > .zero { return .pause(delay) }
                continue
            case .startTLS:
                duty = .none
                return .startTLS
            case .waitForRoom:
                duty = .none
                return .pause(Limits.uploadPause)
            case .close(let reason): return .close(reason)
            }
            guard takeStep() else { return .wait(patience: patience) }
        }
    }

    /// How long a silent client is kept (RFC 9051 §5.4 asks for 30 minutes after log-in, between
    /// commands).
    var patience: Duration {
        if case .notAuthenticated = state { return Limits.imapPatienceBeforeLogin }
        return framer.isInsideFrame ? Limits.imapPatienceInCommand : Limits.imapPatience
    }

    var session: (any IMAPSession)? {
        switch state {
        case .notAuthenticated: nil
        case .authenticated(let session), .selected(let session, _): session
        }
    }

    /// The member who is logged in, for the log.
    package var member: String? { session?.member }

    /// Where news come from that the client asked for; the driver asks after each completion.
    package var notifyWatch: NotifyWatch? { notify }

    /// Where changes of the selected mailbox are observed; the driver asks after each completion.
    package var selectedMailbox: (any IMAPMailbox)? {
        if case .selected(_, let view) = state { view.mailbox } else { nil }
    }

    // MARK: Endings

    mutating func sayGoodbye(_ reason: CloseReason, _ code: ResponseCode?, _ text: String) {
        output.status(StatusResponse(tag: nil, .bye, code, text))
        duty = .close(reason)
    }

    /// Ends a session whose log-in counts no more; gives whether it did.
    mutating func endsAccess() -> Bool {
        guard let session, !session.isCurrent else { return false }
        sayGoodbye(.accessEnded, nil, "Your access has changed; log in again")
        return true
    }

    /// Without a word: whoever is there does not speak IMAP, or does not listen.
    mutating func closeAtOnce(_ reason: CloseReason) {
        output = WireWriter()
        duty = .close(reason)
    }

    mutating func countFault() {
        faults += 1
        let limit = if case .notAuthenticated = state { Limits.faultsBeforeLogin } else { Limits.faults }
        if faults >= limit { sayGoodbye(.tooManyFaults, nil, "Too many faulty commands") }
    }
}
