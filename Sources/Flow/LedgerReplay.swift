internal import Base
internal import Campaigns
internal import Ledger
internal import Outbound
internal import Policy
package import Store

/// The folded tables made again from the events alone, beside those that are stored (INV-6).
///
/// What an erased event told cannot be made again: records that have one are counted and left out.
package struct LedgerReplay {
    /// A record that is not what the events say.
    package struct Difference: Hashable, Sendable, CustomStringConvertible {
        /// `A-12`, `conversation:3`.
        package let record: String
        package let field: String
        package let stored: String
        package let replayed: String

        package var description: String { "\(record): \(field) is \(stored), the events say \(replayed)" }
    }

    package private(set) var events = 0
    package private(set) var records = 0
    package private(set) var erased = 0
    package private(set) var differences: [Difference] = []

    private var outbound: [OutboundID: OutboundRecord] = [:]
    private var conversations: [ConversationID: ConversationRecord] = [:]
    private var addresses = Set<[String]>()
    private var erasedSubjects = Set<String>()

    /// Reads all events once, then every row.
    package init(_ transaction: ReadTransaction) throws(StoreError) {
        try transaction.scanEvents { row in
            take(row)
            return true
        }
        erased = erasedSubjects.count
        try compareOutbound(transaction)
        try compareConversations(transaction)
        try compareAddresses(transaction)
    }

    private mutating func take(_ row: EventRow) {
        events += 1
        guard let event = row.event else {
            erasedSubjects.insert(row.subject)
            return
        }
        switch event.subject {
        case .outbound(let id): outbound[id] = OutboundFold.apply(event, to: outbound[id])
        case .conversation(let id): conversations[id] = ConversationFold.apply(event, to: conversations[id])
        case .creator(let creator):
            guard let address = event.fields["address"] else { return }
            switch event.kind {
            case .addressLearnt: addresses.insert([address, creator.rawValue])
            case .addressForgotten: addresses.remove([address, creator.rawValue])
            default: break
            }
        case .message, .campaign, .configuration, .store: break
        }
    }

    // MARK: Comparing

    private mutating func compareOutbound(_ transaction: ReadTransaction) throws(StoreError) {
        var stored: [String: [(String, String)]] = [:]
        for id in try transaction.outboundIDs() {
            guard !erasedSubjects.contains(EventSubject.outbound(id).text) else { continue }
            if let record = try transaction.outboundRecord(id) { stored[id.description] = record.facts }
        }
        var replayed: [String: [(String, String)]] = [:]
        for (id, record) in outbound where !erasedSubjects.contains(EventSubject.outbound(id).text) {
            replayed[id.description] = record.facts
        }
        compare(stored, replayed)
    }

    private mutating func compareConversations(_ transaction: ReadTransaction) throws(StoreError) {
        var stored: [String: [(String, String)]] = [:]
        for row in try transaction.conversations() {
            let subject = EventSubject.conversation(row.id).text
            guard !erasedSubjects.contains(subject) else { continue }
            stored[subject] = row.facts
        }
        var replayed: [String: [(String, String)]] = [:]
        for (id, record) in conversations where !erasedSubjects.contains(EventSubject.conversation(id).text) {
            replayed[EventSubject.conversation(id).text] = record.facts
        }
        compare(stored, replayed)
    }

    private mutating func compareAddresses(_ transaction: ReadTransaction) throws(StoreError) {
        var stored: [String: [(String, String)]] = [:]
        for row in try transaction.learntAddresses() where !erasedSubjects.contains("creator:\(row.creator)") {
            stored["address \(row.address)"] = [("creator", row.creator)]
        }
        var replayed: [String: [(String, String)]] = [:]
        for pair in addresses where !erasedSubjects.contains("creator:\(pair[1])") {
            replayed["address \(pair[0])"] = [("creator", pair[1])]
        }
        compare(stored, replayed)
    }

    private mutating func compare(_ stored: [String: [(String, String)]], _ replayed: [String: [(String, String)]]) {
        for name in Set(stored.keys).union(replayed.keys).sorted() {
            records += 1
            guard let left = stored[name], let right = replayed[name] else {
                let (isStored, isReplayed) = (stored[name] != nil, replayed[name] != nil)
                differences.append(
                    Difference(
                        record: name,
                        field: "record",
                        stored: isStored ? "there" : "missing",
                        replayed: isReplayed ? "there" : "missing"
                    )
                )
                continue
            }
            for (one, other) in zip(left, right) where one.1 != other.1 {
                differences.append(Difference(record: name, field: one.0, stored: one.1, replayed: other.1))
            }
        }
    }
}

// What is compared, as text, in one order for both sides.

extension OutboundRecord {
    fileprivate var facts: [(String, String)] {
        [
            ("account", account), ("author", author.rawValue), ("device", device), ("state", state.rawValue),
            ("version", String(version)), ("revision", String(revision)), ("message-id", messageID), ("from", from),
            ("subject", subject), ("recipients", EventCoding.list(recipients)),
            ("creators", EventCoding.list(creators.map(\.rawValue))), ("campaign", campaign?.rawValue ?? "none"),
            ("conversations", EventCoding.list(conversations.map(\.description))),
            ("required", OutboundFold.text(of: required)), ("reasons", OutboundFold.text(of: reasons)),
            ("permits", EventCoding.list(permits)), ("not-before", text(notBefore)), ("release-hash", releaseHash),
            ("submitted-at", text(submittedAt)), ("effective-at", text(effectiveAt)), ("settled", String(isSettled)),
            ("decisions", EventCoding.list(decisions.map(\.fact).sorted())), ("decided-by", decidedBy ?? "nobody"),
            ("decided-at", text(decidedAt)), ("decided-why", decidedWhy ?? ""),
            ("editor", editor?.rawValue ?? "nobody"), ("assignee", assignee?.rawValue ?? "nobody"),
            ("escalated-to", EventCoding.list(escalatedTo)),
        ]
    }
}

extension Decision {
    fileprivate var fact: String {
        let words = groups.sorted() + standsFor.map { "for \($0)" }
        return "\(member) \(verb.rawValue) \(text(at)) \(words.joined(separator: " "))"
    }
}

extension ConversationRecord {
    fileprivate var facts: [(String, String)] {
        Self.facts(
            key.creator.rawValue,
            key.campaign?.rawValue ?? "",
            stage.rawValue,
            assignee?.rawValue,
            lastInbound,
            lastOutbound
        )
    }

    fileprivate static func facts(
        _ creator: String,
        _ campaign: String,
        _ stage: String,
        _ assignee: String?,
        _ lastInbound: Timestamp?,
        _ lastOutbound: Timestamp?
    ) -> [(String, String)] {
        [
            ("creator", creator), ("campaign", campaign), ("stage", stage), ("assignee", assignee ?? "nobody"),
            ("last-inbound", text(lastInbound)), ("last-outbound", text(lastOutbound)),
        ]
    }
}

extension ConversationRow {
    fileprivate var facts: [(String, String)] {
        ConversationRecord.facts(creator, campaign, stage, assignee, lastInbound, lastOutbound)
    }
}

private func text(_ time: Timestamp?) -> String { time.map { CivilTime($0).iso8601 } ?? "none" }
