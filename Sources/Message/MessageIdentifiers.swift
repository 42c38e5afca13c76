internal import Base

/// Message-IDs as the fields Message-ID, In-Reply-To and References hold them (RFC 5322 §3.6.4).
package enum MessageIdentifiers {
    /// The ids without angle brackets, white space and comments, in their order.
    ///
    /// Words between them are passed over; where no brackets stand, words with an `@` are taken.
    package static func parse(_ value: [UInt8]) -> [String] {
        var ids: [String] = []
        var index = 0
        var hasBrackets = false
        while let open = value.span.firstIndex(of: UInt8(ascii: "<"), from: index) {
            guard let close = value.span.firstIndex(of: UInt8(ascii: ">"), from: open + 1) else { break }
            hasBrackets = true
            // Of two opening brackets the last one counts.
            let start = value[open..<close].lastIndex(of: UInt8(ascii: "<")) ?? open
            append(value[(start + 1)..<close], to: &ids)
            index = close + 1
        }
        guard !hasBrackets else { return ids }
        for word in value.split(whereSeparator: { ASCII.isWhiteSpace($0) || $0 == UInt8(ascii: ",") })
        where word.contains(UInt8(ascii: "@")) {
            append(word.filter { $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }[...], to: &ids)
        }
        return ids
    }

    private static func append(_ id: ArraySlice<UInt8>, to ids: inout [String]) {
        let text = String(decoding: id.filter { !ASCII.isWhiteSpace($0) }, as: UTF8.self)
        if !text.isEmpty { ids.append(text) }
    }
}

extension Header {
    /// The message's own id without angle brackets.
    package var messageID: String? { value("Message-ID").flatMap { MessageIdentifiers.parse($0).first } }

    /// The ids of In-Reply-To, all fields together.
    package var inReplyTo: [String] { all("In-Reply-To").flatMap { MessageIdentifiers.parse($0.unfolded) } }

    /// The ids of References, oldest first, all fields together.
    package var references: [String] { all("References").flatMap { MessageIdentifiers.parse($0.unfolded) } }

    /// The first Date field that can be read.
    package var date: MailDate? { value("Date").flatMap { MailDate($0) } }
}
