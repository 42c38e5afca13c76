internal import Base
internal import IMAPWire

/// Why a literal is not taken.
enum LiteralRefusal {
    case tooBig
    /// All sessions together hand in as much as the server holds.
    case noRoom

    var code: ResponseCode {
        switch self {
        case .tooBig: .tooBig
        case .noRoom: .limit
        }
    }

    var text: String {
        switch self {
        case .tooBig: "That is larger than the server takes"
        case .noRoom: "Too much is being uploaded at the moment; try again"
        }
    }
}

// Which literals may come.
extension Engine {
    /// Whether a literal may come, before a byte of it is kept (INV-9).
    mutating func decide(_ announcement: LiteralAnnouncement) {
        guard announcement.size <= UInt64(max(0, room)) else { return refuse(announcement, .tooBig) }
        let size = Int(announcement.size)
        if framer.literalOctets + size > Limits.imapSmallLiterals {
            guard let share = settings.uploads.reserve(size) else { return wait(announcement) }
            uploads.append(share)
        }
        uploadAttempts = 0
        framer.accept()
        if announcement.isSynchronizing { output.response(.continuation([UInt8]("OK"))) }
    }

    /// Octets that the next literal may have.
    private var room: Int {
        switch (expectation, state) {
        case (.saslResponse, _), (.saslEnd, _), (.done, _): return -1
        case (.command, .notAuthenticated): return Limits.imapLiteralBeforeLogin - framer.literalOctets
        default:
            // A message, or its mailbox's name, which is not worth a limit of its own.
            guard CommandParser.takesMessages(framer.unfinishedText) else {
                return Limits.imapLiteral - framer.literalOctets
            }
            return min(settings.appendLimit, Limits.imapCommandLiterals - framer.literalOctets)
        }
    }

    /// The client waits for its `+`, or its bytes in its own buffers, until others are done.
    private mutating func wait(_ announcement: LiteralAnnouncement) {
        uploadAttempts += 1
        guard Limits.uploadPause * uploadAttempts > Limits.uploadPatience else { return duty = .waitForRoom }
        uploadAttempts = 0
        refuse(announcement, .noRoom)
    }

    private mutating func refuse(_ announcement: LiteralAnnouncement, _ why: LiteralRefusal) {
        if announcement.isSynchronizing {
            let text = framer.unfinishedText
            framer.drop()
            refuse(text, .no, why.code, why.text)
        } else if session != nil, room >= 0, announcement.size <= UInt64(Limits.imapSkippedLiteral) {
            literalRefusal = why
            framer.skip()
        } else {
            sayGoodbye(.literalTooLarge, why.code, why.text)
        }
    }
}
