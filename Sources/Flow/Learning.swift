internal import Base
internal import Campaigns
internal import Config
internal import Ledger
internal import Outbound
internal import Policy
internal import Store

/// Says whose an address is, and takes that back.
///
/// Both are events, so that each undoes the other; the roster's own addresses are the files' to change. Earlier mail
/// of the address is attached anew by what is then known.
struct Learning {
    let rulebook: Rulebook
    let transaction: Transaction
    let actor: Actor

    /// Why an address cannot be learnt for a creator; nil where it can: it speaks for one person alone (INV-5).
    func obstacle(_ address: KnownAddress, for creator: CreatorID) throws(StoreError) -> String? {
        let directory = rulebook.directory
        if directory.creator(creator) == nil { return "there is no creator \(creator)" }
        if directory.isOwn(address) { return "\(address) is ours" }
        if let agency = directory.agency(of: address) { return "\(address) speaks for the agency \(agency)" }
        if directory.isPlatform(address) { return "\(address) is a platform's and speaks for many" }
        if rulebook.configuration.channels.formSenders.contains(address) {
            return "\(address) sends what people write into a form, and speaks for many"
        }
        let learnt = try transaction.learntAddresses().filter { KnownAddress($0.address) == address }
        let owners = Set(directory.creators(listing: address) + learnt.map { CreatorID($0.creator) }).sorted()
        guard let owner = owners.first(where: { $0 != creator }) else {
            return owners.isEmpty ? nil : "\(address) belongs to \(creator) already"
        }
        return learnt.contains { $0.creator == owner.rawValue }
            ? "\(address) belongs to \(owner); say `greenroom creators unalias \(owner) \(address)` first"
            : "\(address) belongs to \(owner) in creators.csv; take it out there first"
    }

    /// Learns an address that `obstacle` has nothing against.
    func learn(_ address: KnownAddress, for creator: CreatorID, why: String) throws(StoreError) {
        try transaction.learnAddress(
            LearntAddressRow(
                address: address.description,
                creator: creator.rawValue,
                learntAt: transaction.now,
                reason: why
            )
        )
        try note(.addressLearnt, creator, address.description, why)
        try attachAnew(address, "\(address) is \(creator)'s: \(why)")
    }

    /// Takes back what was learnt; gives why it cannot be, where it cannot.
    func forget(_ address: KnownAddress, of creator: CreatorID, why: String) throws(StoreError) -> String? {
        let rows = try transaction.learntAddresses(of: creator.rawValue)
        guard let row = rows.first(where: { KnownAddress($0.address) == address }) else {
            let listed = rulebook.configuration.creators.first { $0.id == creator }?.addresses.contains(address)
            return listed ?? false
                ? "\(address) stands in creators.csv; take it out there"
                : "\(address) was not learnt for \(creator)"
        }
        try transaction.forgetAddress(row.address, creator: creator.rawValue)
        try note(.addressForgotten, creator, row.address, why)
        try attachAnew(address, "\(address) is not \(creator)'s: \(why)")
        return nil
    }

    private func attachAnew(_ address: KnownAddress, _ why: String) throws(StoreError) {
        try transaction.addWork(
            kind: House.attachingWork,
            subject: address.key.text,
            arguments: AttachingAnew(address: address, actor: actor, why: why).bytes,
            dueAt: transaction.now
        )
    }

    private func note(
        _ kind: EventKind,
        _ creator: CreatorID,
        _ address: String,
        _ why: String
    ) throws(StoreError) {
        try transaction.record(
            Event(
                kind,
                .creator(creator),
                by: actor,
                at: transaction.now,
                policyVersion: rulebook.version,
                fields: ["address": address, ConversationFold.Field.why: why]
            )
        )
    }
}
