internal import Base
internal import IMAPWire

// Lines and literals, and what they are.
extension Engine {
    /// Takes one step of input; `false` where there is none.
    mutating func takeStep() -> Bool {
        if session == nil { framer.lineLimit = lineLimitBeforeLogin }
        switch framer.next() {
        case .incomplete: return false
        case .literal(let announcement): decide(announcement)
        case .frame(let frame): take(frame)
        case .spoiled(let frame): refuse(frame.text, .no, literalRefusal.code, literalRefusal.text)
        case .lineTooLong: sayGoodbye(.lineTooLong, .limit, "Line too long")
        }
        return true
    }

    /// RFC 2971 §3.3 allows thirty pairs of a kilobyte each in ID, which comes before log-in as well.
    private var lineLimitBeforeLogin: Int {
        let start = framer.unreadPrefix(Limits.imapTag + 4)
        return CommandParser.isID(start) ? Limits.imapIDLine : Limits.imapLineBeforeLogin
    }

    /// Answers a line that is not carried out.
    mutating func refuse(
        _ text: [UInt8],
        _ condition: StatusResponse.Condition,
        _ code: ResponseCode?,
        _ explanation: String
    ) {
        let tag: String?
        switch expectation {
        case .command: tag = CommandParser.tag(of: text)
        case .saslResponse(let pending, _), .done(let pending): tag = pending
        // The session that waits here ends with the connection.
        case .saslEnd: return sayGoodbye(.saslGivenUp, code, explanation)
        }
        expectation = .command
        uploads.removeAll()
        output.status(StatusResponse(tag: tag, tag == nil ? .bad : condition, code, explanation))
        countFault()
    }

    private mutating func take(_ frame: Frame) {
        switch expectation {
        case .command: takeCommand(frame)
        case .saslResponse(let tag, let exchange): takeSASLResponse(frame, tag: tag, exchange)
        case .saslEnd(let session, let answer): takeSASLEnd(frame, session, answer)
        case .done(let tag): endIdle(frame, tag: tag)
        }
    }

    private mutating func takeCommand(_ frame: Frame) {
        do {
            let command = try CommandParser.parse(frame, namesAreUTF8: enabled.namesAreUTF8)
            hasSpoken = true
            guard countStranger() else { return }
            dispatch(command)
            if case .perform = duty { return }
            uploads.removeAll()
        } catch {
            takeBadCommand(error, frame.text)
        }
    }

    /// Whether a client that has not logged in may go on asking (INV-9).
    private mutating func countStranger() -> Bool {
        guard session == nil else { return true }
        strangersCommands += 1
        guard strangersCommands > Limits.imapCommandsBeforeLogin else { return true }
        sayGoodbye(.tooManyFaults, .limit, "Too many commands before log-in")
        return false
    }

    private mutating func takeBadCommand(_ bad: BadCommand, _ line: [UInt8]) {
        if session == nil, bad.error.problem == .unknownCommand || bad.tag == nil || !hasSpoken,
            let name = ForeignProtocol.name(ofLine: line)
        {
            return closeAtOnce(.foreignProtocol(name))
        }
        // A name that no mailbox can have is no fault of syntax (RFC 5530 §3 CANNOT, LIMIT).
        if let code = bad.error.problem.nameCode, let tag = bad.tag {
            output.status(StatusResponse(tag: tag, .no, code, bad.error.explanation))
            return
        }
        output.status(StatusResponse(tag: bad.tag, .bad, nil, bad.error.explanation))
        countFault()
    }
}

extension IMAPSyntaxError.Problem {
    fileprivate var nameCode: ResponseCode? {
        switch self {
        case .mailboxName: .cannot
        case .mailboxNameTooLong: .limit
        default: nil
        }
    }
}
