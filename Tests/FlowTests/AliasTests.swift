import Base
import Campaigns
import IMAPWire
import Ledger
import Policy
import Store
import TestSupport
import Testing

@testable import Flow

/// Whose an address is, said by a person and taken back (DESIGN §4, INV-5).
@Suite struct AliasTests {
    private static let other = "lu@private.example"

    private static func parsed(_ text: String) throws -> KnownAddress {
        guard let address = KnownAddress(text) else { throw TestFailure(text) }
        return address
    }

    private static func say(_ house: FlowHouse, _ text: String, of creator: CreatorID = "lumi") async throws
        -> DecisionOutcome
    {
        let address = try parsed(text)
        return try await house.house.alias(address, of: creator, why: "she said so", by: .machine("root"))
    }

    private static func settle(_ house: FlowHouse) async throws {
        while let wait = try await house.house.timeToNextDue(), wait <= .zero {
            try await house.house.settleDue()
        }
    }

    /// Of each message from an address: its creators, its editions, and its placement in INBOX.
    private static func mail(_ house: FlowHouse) throws -> [(
        creators: [CreatorID], editions: [EditionRow], inbox: PlacementRow
    )] {
        try house.house.store.readNow { transaction in
            try transaction.senders(after: MessageID(rawValue: 0), limit: 100).filter { $0.sender == other }.map {
                row in
                let event = try #require(try transaction.attachment(of: row.id))
                let places = try transaction.placements(of: row.id)
                let inbox = try #require(
                    places.first { (try? transaction.mailbox($0.mailbox)?.key) == StandardFolder.inbox.key }
                )
                return (
                    AttachmentFacts(event).attachment.creators.attached, try transaction.editions(of: row.id), inbox
                )
            }
        }
    }

    @Test("A message whose stored text is damaged costs itself alone: the others are attached (D16)")
    func damaged() async throws {
        let house = try FlowHouse()
        try await house.hear(from: Self.other, String(repeating: "long\r\n", count: Limits.bodyInDatabase / 6 + 1))
        try await house.hear(from: Self.other, "Short.")
        house.disk.damage(try #require(house.disk.paths.first { $0.contains("/bodies/") }), at: 5000)
        guard case .done = try await Self.say(house, Self.other) else { throw TestFailure("refused") }
        try await Self.settle(house)
        #expect(try Self.mail(house).map(\.creators) == [[], ["lumi"]])
    }

    @Test("Mail to come and mail that came is attached, under the same UID in its account's folder")
    func alias() async throws {
        let house = try FlowHouse()
        try await house.hear(from: Self.other, "Hello from my other address.")
        let before = try #require(try Self.mail(house).first)
        #expect(before.creators.isEmpty)
        guard case .done = try await Self.say(house, Self.other) else { throw TestFailure("refused") }
        #expect(
            house.house.rulebook.directory.creators(listing: try Self.parsed(Self.other)) == ["lumi"]
        )
        try await Self.settle(house)
        let after = try #require(try Self.mail(house).first)
        #expect(after.creators == ["lumi"])
        #expect(after.editions.count == 2)
        #expect(after.inbox.uid == before.inbox.uid && after.inbox.edition == before.inbox.edition, "INV-3")
        #expect(String(decoding: try #require(after.editions.last).block, as: UTF8.self).contains("(lumi)"))
        try await house.hear(from: Self.other, "And again.")
        #expect(try Self.mail(house).map(\.creators) == [["lumi"], ["lumi"]])
        let told = try #require(try house.events().last { $0.kind == .attached && $0.fields["why"] != nil })
        #expect(told.actor == .machine("root"))
        #expect(told.fields["why"] == "lu@private.example is lumi's: she said so")
    }

    @Test("Taken back, nothing names the creator any more, and the ledger tells both")
    func unalias() async throws {
        let house = try FlowHouse()
        try await house.hear(from: Self.other, "Hello from my other address.")
        guard case .done = try await Self.say(house, Self.other) else { throw TestFailure("refused") }
        try await Self.settle(house)
        try await house.hear(from: Self.other, "And again.")
        let attached = try Self.mail(house)
        let address = try Self.parsed(Self.other)
        let outcome = try await house.house.unalias(address, of: "lumi", why: "a mistake", by: .machine("root"))
        guard case .done = outcome else { throw TestFailure("refused") }
        try await Self.settle(house)
        let after = try Self.mail(house)
        #expect(after.map(\.creators) == [[], []])
        for (one, other) in zip(attached, after) {
            #expect(one.inbox.uid != other.inbox.uid)
            let shown = try #require(other.editions.first { $0.id == other.inbox.edition })
            #expect(!String(decoding: shown.block, as: UTF8.self).contains("lumi"))
        }
        #expect(try house.events().map(\.kind).filter { $0 == .addressLearnt || $0 == .addressForgotten }.count == 2)
        let replay = try house.house.store.readNow { try LedgerReplay($0) }
        #expect(replay.differences.map(\.description) == [])
        guard case .refused = try await house.house.unalias(address, of: "lumi", why: "", by: .machine("root")) else {
            throw TestFailure("taken back twice")
        }
    }

    @Test(
        "INV-5: an address that is somebody else's, or speaks for many, is refused",
        arguments: [FlowHouse.kofi, FlowHouse.lumi, "someone@glow.example", "bookings@brightline.example"]
    )
    func refused(address: String) async throws {
        let house = try FlowHouse()
        let before = try house.events().count
        guard case .refused(let why) = try await Self.say(house, address) else { throw TestFailure("learnt") }
        #expect(why.hasPrefix(address))
        #expect(try house.events().count == before)
    }
}
