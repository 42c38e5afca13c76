internal import Base

/// The text of a mail split into what its sender wrote now and what was there before (MATCHING §0,
/// LABELS §0): quotations, the history below a reply, forwarded messages, the signature.
package struct FreshText: Sendable, Hashable {
    /// What a line belongs to.
    package enum Kind: Sendable, Hashable {
        /// Newly written.
        case fresh
        /// Quoted with `>`.
        case quoted
        /// The earlier mail below a reply, and the line that announces it.
        case history
        /// A forwarded message, and the line that announces it.
        case forwarded
        /// Below `-- `, or a phone's standing note; still of the sender.
        case signature
    }

    package struct Line: Sendable, Hashable {
        /// Without quote marks.
        package let text: String
        package let kind: Kind
        /// How many quote marks stood before it.
        package let depth: Int
    }

    /// Every line in order.
    package let lines: [Line]
    /// The headers that mail programs wrote above quoted and forwarded messages, from the top.
    package let headerBlocks: [HeaderBlock]

    /// Splits a readable text; the subject tells a forward from a reply where the text does not.
    package init(_ text: String, subject: String = "") {
        var splitter = FreshTextSplitter(text, isForward: Self.isForward(subject: subject))
        splitter.split()
        lines = splitter.lines
        headerBlocks = splitter.headerBlocks
    }

    /// The new lines without the signature, without blank lines at the ends.
    package var fresh: String { joined { $0 == .fresh } }

    /// The signature and standing notes, without the line of dashes.
    package var signature: String {
        let text = lines.filter { $0.kind == .signature && !Self.isSignatureMark($0.text) }.map(\.text)
        return ASCII.trimmed(text.joined(separator: "\n"))
    }

    /// Whether a line begins a signature: `-- `, and as programs send it that drop the space.
    static func isSignatureMark(_ line: String) -> Bool { line == "-- " || line == "--" }

    /// The forwarded lines.
    package var forwarded: String { joined { $0 == .forwarded } }

    /// Quotation, history and forwarded lines: what a short answer may refer to.
    package var earlier: String { joined { $0 == .quoted || $0 == .history || $0 == .forwarded } }

    /// The first new line that is not blank, trimmed: where a command stands.
    package var firstFreshLine: String? {
        lines.lazy.filter { $0.kind == .fresh }.map { ASCII.trimmed($0.text) }.first { !$0.isEmpty }
    }

    /// The new lines below the first one: the reason or the text that a command carries.
    package var belowFirstFreshLine: String {
        let fresh = lines.filter { $0.kind == .fresh }
        guard let first = fresh.firstIndex(where: { !ASCII.trimmed($0.text).isEmpty }) else { return "" }
        return ASCII.trimmed(fresh[(first + 1)...].map(\.text).joined(separator: "\n"))
    }

    private func joined(_ isWanted: (Kind) -> Bool) -> String {
        let text = lines.filter { isWanted($0.kind) }.map(\.text).joined(separator: "\n")
        return ASCII.trimmed(text)
    }

    /// Whether a subject begins with a forward's prefix, in any language; replies may stand before it.
    package static func isForward(subject: String) -> Bool {
        for piece in subject.split(separator: ":", maxSplits: 4).dropLast() {
            let prefix = ASCII.trimmed(piece.lowercased())
            if FreshTextWords.forwardPrefixes.contains(prefix) { return true }
        }
        return subject.split(separator: "：", maxSplits: 4).dropLast().contains {
            FreshTextWords.forwardPrefixes.contains(ASCII.trimmed($0.lowercased()))
        }
    }
}

/// A header as mail programs write it above a quoted or forwarded message.
package struct HeaderBlock: Sendable, Hashable {
    /// The text behind the From label.
    package let from: String
    /// The addresses in it; often there is only a name.
    package let addresses: [Address]
    package let date: String?
    package let subject: String?
    /// Whether a line or the mail's subject says that the message was forwarded.
    package let isForwarded: Bool
}
