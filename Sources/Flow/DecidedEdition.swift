internal import Base
internal import Campaigns
internal import Config
internal import Ledger
internal import Message
internal import Outbound
internal import Policy
internal import Store

/// What stands in Decided: the text as it waited, with who decided, when and why in its header block
/// (DESIGN §1).
///
/// Other views keep the edition that was made first: bytes under a UID never change (INV-3).
struct DecidedEdition {
    private let record: OutboundRecord
    private let rulebook: Rulebook

    init(_ record: OutboundRecord, _ rulebook: Rulebook) {
        self.record = record
        self.rulebook = rulebook
    }

    /// The edition, made where there is none that says the same.
    func edition(of message: MessageID, _ transaction: Transaction) throws(StoreError) -> EditionID? {
        let editions = try transaction.editions(of: message)
        guard let first = editions.first else { return nil }
        let lines = lines
        guard !lines.isEmpty else { return first.id }
        // The seal goes: it is of the block that waited, and nothing acts on what was decided.
        var block = first.block
        if let seal = Header(block).first("Greenroom-Seal") { block = Array(block[..<seal.range.lowerBound]) }
        for line in lines {
            let field = ComposedField("Greenroom-Decision", .text(line)).bytes
            guard block.count + field.count <= Limits.headerBlock else { break }
            block += field
        }
        if let same = editions.first(where: { $0.block == block }) { return same.id }
        return try transaction.insertEdition(of: message, block: block)
    }

    /// A line for each word that counted, in their order.
    private var lines: [String] {
        var lines = record.decisions.map { decision in
            var line = decision.verb == .approve ? "approved by " : "rejected by "
            line += name(decision.member)
            if !decision.standsFor.isEmpty { line += " for " + decision.standsFor.map(name).joined(separator: " and ") }
            return line + ", " + CivilTime(decision.at).iso8601
        }
        if record.decisions.isEmpty, let by = record.decidedBy, let at = record.decidedAt {
            lines.append("\(record.state.rawValue) by \(by), \(CivilTime(at).iso8601)")
        }
        guard let last = lines.popLast() else { return [] }
        let why = record.decidedWhy ?? ""
        return lines + [why.isEmpty ? last : "\(last): \(why)"]
    }

    private func name(_ member: MemberID) -> String { rulebook.member(member)?.name ?? member.rawValue }
}
