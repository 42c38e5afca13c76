internal import Base
internal import IMAPWire

// Lines and literals, and what they are.
extension Engine {
    /// Takes one step of input; `false` where there is none.
    mutating func takeStep() -> Bool {
        switch framer.next() {
        case .incomplete: return false
        case .literal(let announcement): decide(announcement)
        case .frame(let frame): take(frame)
        case .spoiled(let frame): refuse(frame.text, .no, .tooBig, "That is larger than the server takes")
        case .lineTooLong: sayGoodbye(.lineTooLong, .limit, "Line too long")
        }
        return true
    }

    /// Whether a literal may come, before a byte of it is kept (INV-9).
    private mutating func decide(_ announcement: LiteralAnnouncement) {
        let limit: Int
        switch (expectation, state) {
        case (.saslResponse, _), (.saslEnd, _), (.done, _): limit = -1
        case (.command, .notAuthenticated): limit = Limits.imapLiteralBeforeLogin
        default:
            // The message of APPEND, and its mailbox's name, which is not worth a second limit.
            let isAppend = CommandParser.name(of: framer.unfinishedText) == "APPEND"
            limit = isAppend ? settings.appendLimit : Limits.imapLiteral
        }
        if limit >= framer.literalOctets, announcement.size <= UInt64(limit - framer.literalOctets) {
            framer.accept()
            if announcement.isSynchronizing { output.response(.continuation([UInt8]("OK"))) }
        } else if announcement.isSynchronizing {
            let text = framer.unfinishedText
            framer.drop()
            refuse(text, .no, .tooBig, "That is larger than the server takes")
        } else if session != nil, announcement.size <= UInt64(Limits.imapSkippedLiteral) {
            framer.skip()
        } else {
            sayGoodbye(.literalTooLarge, .tooBig, "That is larger than the server takes")
        }
    }

    /// Answers a line that is not carried out.
    private mutating func refuse(
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
            dispatch(command)
        } catch {
            takeBadCommand(error, frame.text)
        }
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
