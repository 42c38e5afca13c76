package import IMAPWire

/// What a finished command changes in the engine.
package enum Transition {
    case stay
    case loggedIn(any IMAPSession)
    /// The same, but first the client is shown that we know its password; then the answer is given.
    case proven(any IMAPSession, serverFinal: [UInt8], StatusResponse)
    /// The answer, and how long it is held back.
    case refused(StatusResponse, delay: Duration)
    case selected(MailboxView)
    case unselected
    /// All that the client has turned on now.
    case enabled(Enabled)
    /// What is told by itself from now on (RFC 5465); `nil` for nothing.
    case notifying(NotifyWatch?)
    /// The command made no sense: it counts against the client.
    case faulty
    /// Nobody is left to be answered.
    case lost
}

/// A command on its way through the house: asks the session and writes the answer.
package struct CommandRun {
    enum Work {
        case logIn(LogInAttempt, any IMAPBackend, [IDField], capabilities: [String])
        case authenticated(Command, any IMAPSession)
        case selected(Command, any IMAPSession, MailboxView)
        /// No command: there is news for a client that asked for it.
        case news(NotifyWatch, any IMAPSession, MailboxView?)
    }

    let tag: String
    /// What the client had turned on before this command.
    let enabled: Enabled
    let settings: EngineSettings
    let work: Work

    /// Runs to the tagged answer and gives the engine what follows from it.
    package func run(_ out: Responder) async -> Transition {
        out.writer.quotesUTF8 = enabled.namesAreUTF8
        do {
            let completion = try await carryOut(out)
            if let answer = completion.answer { write(answer, telling: completion.telling, to: out) }
            try await out.flush()
            return completion.transition
        } catch {
            return await answer(error, to: out)
        }
    }

    private func carryOut(_ out: Responder) async throws(IMAPFailure) -> Completion {
        switch work {
        case .logIn(let attempt, let backend, let clientID, let capabilities):
            return await logIn(attempt, backend, clientID: clientID, capabilities: capabilities)
        case .authenticated(let command, let session):
            return try await perform(command, session, leaving: nil, out)
        case .selected(let command, let session, let view):
            return try await perform(command, session, view, out)
        case .news(let watch, let session, let view):
            return try await tellNews(watch, session, view, out)
        }
    }

    /// Tells what is to be told of the mailbox, then the tagged line (RFC 9051 §7.5.1).
    private func write(_ answer: Completion.Answer, telling: MailboxView.Telling?, to out: Responder) {
        if let telling { view?.tell(telling, enabled, into: &out.writer) }
        out.response(.status(StatusResponse(tag: tag, answer.condition, answer.code, answer.text)))
    }

    private func answer(_ failure: IMAPFailure, to out: Responder) async -> Transition {
        guard failure.blame != .transport else { return .lost }
        write(Completion.Answer(.no, failure.code, failure.text), telling: .withoutExpunges, to: out)
        do throws(IMAPFailure) { try await out.flush() } catch { return .lost }
        return leavesMailbox ? .unselected : .stay
    }

    /// The view whose changes are told behind the command; none for those that leave it.
    private var view: MailboxView? {
        guard case .selected(_, _, let view) = work, !leavesMailbox else { return nil }
        return view
    }

    private var leavesMailbox: Bool {
        guard case .selected(let command, _, _) = work else { return false }
        return command.leavesMailbox
    }
}

/// How a command ended.
struct Completion {
    struct Answer {
        var condition: StatusResponse.Condition
        var code: ResponseCode?
        var text: String

        init(_ condition: StatusResponse.Condition, _ code: ResponseCode?, _ text: String) {
            self.condition = condition
            self.code = code
            self.text = text
        }
    }

    /// The tagged answer; `nil` where the engine gives it later.
    var answer: Answer?
    /// What may be told of the mailbox before it; nothing for commands that leave it.
    var telling: MailboxView.Telling?
    var transition = Transition.stay

    init(answer: Answer?, telling: MailboxView.Telling? = .everything, transition: Transition = .stay) {
        self.answer = answer
        self.telling = telling
        self.transition = transition
    }

    static func ok(
        _ text: String,
        _ code: ResponseCode? = nil,
        telling: MailboxView.Telling = .everything,
        then transition: Transition = .stay
    ) -> Self {
        Self(answer: Answer(.ok, code, text), telling: telling, transition: transition)
    }

    static func no(_ code: ResponseCode?, _ text: String, telling: MailboxView.Telling = .everything) -> Self {
        Self(answer: Answer(.no, code, text), telling: telling)
    }

    /// A command that could be read and makes no sense.
    ///
    /// Message numbers that do not exist are no fault that counts: clients ask for `1:*` of an
    /// empty mailbox.
    static func bad(_ text: String, isFault: Bool = true) -> Self {
        Self(answer: Answer(.bad, nil, text), telling: .withoutExpunges, transition: isFault ? .faulty : .stay)
    }
}
