internal import Base
internal import Campaigns
internal import IMAPWire
internal import Ledger
internal import Outbound
internal import Policy
internal import Store

extension House {
    /// Shows what waits to those who may decide on it under the rules in force: groups change, and
    /// people go away and leave a delegate.
    ///
    /// In slices, so that nobody else waits for all of it.
    func showToDeciders() async throws(HouseError) {
        let rulebook = self.rulebook
        var rest: ArraySlice<OutboundID>
        do {
            rest = try await store.read { transaction in
                let waiting = OutboundState.allCases.filter(\.isWaiting)
                return try waiting.flatMap { try transaction.outbound(inState: $0.rawValue).map(\.id) }
            }[...]
        } catch {
            throw HouseError(error)
        }
        while !rest.isEmpty {
            let slice = Array(rest.prefix(Limits.placementsPerChange))
            rest = rest.dropFirst(slice.count)
            try await change { transaction in
                for id in slice { try Self.show(id, rulebook, transaction) }
            }
        }
    }

    private static func show(_ id: OutboundID, _ rulebook: Rulebook, _ transaction: Transaction) throws(StoreError) {
        try Placer(rulebook: rulebook, transaction: transaction).place(outbound: id)
        guard let record = try transaction.outboundRecord(id), record.state == .held else { return }
        let asked = try transaction.notices(of: id)
            .filter { $0.kind == NoticeKind.hold.rawValue && $0.revision == record.revision }
            .map { MemberID($0.member) }
        let deciders = rulebook.deciders(of: rulebook.approvals(of: record), at: transaction.now)
        guard !Set(deciders).isSubset(of: asked) else { return }
        try Notices(rulebook: rulebook, transaction: transaction).askAgain(about: record, except: asked)
    }
}
