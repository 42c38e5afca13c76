internal import IMAPWire

/// What a search found, as its RETURN options ask for it.
struct SearchAnswer {
    /// `nil` for the answer of IMAP4rev1.
    let options: SearchReturn?
    /// The indices of what was found, in the order of the answer.
    let found: [Int]

    init(_ options: SearchReturn?, _ found: [Int]) {
        self.options = options
        self.found = found
    }

    /// What the answer speaks of: all that was found, or only its ends where nothing else was asked
    /// for (RFC 5182 §2.4, RFC 4731 §3.2).
    var meant: [Int] {
        guard let options, options.isDisjoint(with: [.all, .count]), !options.isDisjoint(with: [.min, .max]) else {
            return found
        }
        let ends = [
            options.contains(.min) ? found.min() : nil, options.contains(.max) ? found.max() : nil,
        ].compactMap { $0 }
        return ends.count == 2 && ends[0] == ends[1] ? [ends[0]] : ends
    }

    /// The highest MODSEQ of what is meant; `nil` where nothing was found (RFC 7162 §3.1.5).
    func highestModSeq(_ view: MailboxView) -> ModSeq? {
        let latest = view.mailbox.latestSnapshot
        return meant.map { view.currentFlags(at: $0, in: latest).modSeq }.max()
    }

    /// The untagged answer; none for SAVE alone (RFC 5182 §1).
    func response(tag: String, byUID: Bool, _ modSeq: ModSeq?, _ view: MailboxView) -> Response? {
        guard options != .save else { return nil }
        let numbers = found.map { byUID ? view.entries[$0].uid : UInt32($0 + 1) }
        guard let options else { return .search(numbers, modSeq: modSeq) }
        return .extendedSearch(ExtendedSearch(tag: tag, isUID: byUID, options, found: numbers, modSeq: modSeq))
    }
}
