internal import Base
internal import Message

/// The header fields that mail programs ask for when they list a mailbox.
///
/// They are kept as they stand in the message, so that `BODY[HEADER.FIELDS (…)]`, which most programs
/// send instead of ENVELOPE, needs no bytes of the message. None of them is one of ours, so what a
/// header block adds to a message makes no difference.
enum KeptFields {
    static let names = [
        "Date", "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject", "Message-ID", "In-Reply-To", "References",
        "Newsgroups", "Content-Type", "Content-Description", "Content-Transfer-Encoding", "Content-Disposition",
        "MIME-Version", "Priority", "X-Priority", "X-MSMail-Priority", "Importance", "Lines", "X-Label", "X-Ref",
        "X-Mailer", "User-Agent", "List-ID", "List-Post", "List-Unsubscribe", "List-Subscribe", "List-Archive",
        "Disposition-Notification-To", "Return-Path", "Mail-Followup-To", "Mail-Reply-To", "Auto-Submitted",
        "Precedence", "Resent-From", "Resent-To", "Resent-Date", "X-Universally-Unique-Identifier",
        "X-Uniform-Type-Identifier", "X-K9mail-Identity", "Chat-Version",
    ]

    private static let known = Set(names.map { ASCII.lowercased($0) })

    /// Whether what is kept answers for all of these.
    static func hold(_ names: [String]) -> Bool { names.allSatisfy { known.contains(ASCII.lowercased($0)) } }

    /// The kept fields of a header, and an empty line; `nil` where they are larger than is worth keeping,
    /// or the header is so long that not all of it is looked at.
    static func of(_ header: Header) -> [UInt8]? {
        guard header.count < Limits.headerFields / 2 else { return nil }
        let fields = header.fields(named: names)
        return fields.count <= Limits.keptFields ? fields : nil
    }

    /// The fields of some names, and the empty line, if there is one.
    ///
    /// Nothing is parsed: every line of what is kept that does not begin with a blank begins a field.
    static func chosen(_ names: [String], from kept: Span<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var isChosen = false
        var start = 0
        while start < kept.count {
            let feed = kept.firstIndex(of: ASCII.lf, from: start)
            let line = kept.extracting(start..<(feed.map { $0 + 1 } ?? kept.count))
            start += line.count
            let first = line[0]
            if first != ASCII.space, first != ASCII.tab {
                isChosen =
                    first == ASCII.lf || (first == ASCII.cr && line.count == 2 && feed != nil)
                    || names.contains { isName($0, of: line) }
            }
            if isChosen { result.append(contentsOf: line) }
        }
        return result
    }

    /// Whether a field has this name; blanks may stand before its colon.
    private static func isName(_ name: String, of line: Span<UInt8>) -> Bool {
        let count = name.utf8.count
        guard count < line.count, ASCII.equalsIgnoringCase(line.extracting(first: count), name.utf8.span) else {
            return false
        }
        return line[count] == UInt8(ascii: ":") || ByteClass.blanks.contains(line[count])
    }
}

extension MessageStructure {
    /// What each of some HEADER.FIELDS names; `nil` where the message has to be read for it.
    func fields(_ requests: [[String]]) -> [[UInt8]]? {
        guard !requests.isEmpty else { return [] }
        guard keepsFields else { return nil }
        return requests.map { KeptFields.chosen($0, from: self[.fields].span) }
    }
}
