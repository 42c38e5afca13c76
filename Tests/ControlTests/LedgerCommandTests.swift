import Base
import Campaigns
import Flow
import Ledger
import Outbound
import SQLite
import Store
import TestSupport
import Testing

@testable import Control

@Suite struct LedgerCommandTests {
    /// A ledger of five events, with the store closed again.
    private func disk() async throws -> SimulatedDisk {
        let disk = SimulatedDisk()
        let house = try house(MemoryPlace.small.configuration, on: disk)
        try await house.accept(MemoryPlace.small.configuration)
        for number in 1...4 {
            _ = try await house.store.write { transaction in
                try transaction.record(
                    Event(
                        .dismissed,
                        .message(MessageID(rawValue: Int64(number))),
                        by: .member("ben", device: "Phone"),
                        at: transaction.now,
                        policyVersion: "v",
                        fields: ["why": "done \(number)"]
                    )
                )
            }
        }
        house.store.close()
        return disk
    }

    private func alter(_ disk: SimulatedDisk, _ sql: String) throws {
        let connection = try Connection(path: "/data/store.db", vfs: disk.register())
        try connection.execute(sql)
    }

    @Test func printsWhoWhatAndWhy() async throws {
        let disk = try await disk()
        let heard = try await greenroom("ledger", "--from", "2", disk: disk)
        #expect(heard.code == .success)
        #expect(heard.out.count == 4)
        #expect(heard.out.first?.hasSuffix("ben/Phone  message.dismissed  message:1  done 1") == true)
        let about = try await greenroom("ledger", "--about", "message:3", "--json", disk: disk)
        #expect(about.out.count == 1)
        #expect(about.out.first?.contains(#""actor":"ben/Phone","policy":"v","fields":{"why":"done 3"}"#) == true)
    }

    @Test("INV-6: a whole chain verifies") func whole() async throws {
        let heard = try await greenroom("ledger", "verify", disk: disk())
        #expect(heard.code == .success)
        #expect(heard.out == ["the chain is whole: 5 events"])
    }

    @Test("INV-6: an erased payload leaves the chain whole") func erased() async throws {
        let disk = try await disk()
        try alter(disk, "DELETE FROM event_payload WHERE number = 3")
        let heard = try await greenroom("ledger", "verify", disk: disk)
        #expect(heard.code == .success)
        #expect(heard.out == ["the chain is whole: 5 events, 1 of them erased"])
    }

    @Test(
        "INV-6: an altered store does not verify",
        arguments: [
            "UPDATE event_payload SET payload = x'00' WHERE number = 3",
            "UPDATE event SET kind = 'outbound.approved' WHERE number = 3",
            "UPDATE event SET at = at + 1 WHERE number = 5",
            "DELETE FROM event_payload WHERE number = 3; DELETE FROM event WHERE number = 3",
            "DELETE FROM event_payload WHERE number = 5; DELETE FROM event WHERE number = 5",
            "DELETE FROM ledger_head",
            "UPDATE ledger_head SET number = 4, link = (SELECT link FROM event WHERE number = 4)",
        ]
    )
    func altered(_ sql: String) async throws {
        let disk = try await disk()
        try alter(disk, sql)
        let heard = try await greenroom("ledger", "verify", disk: disk)
        #expect(heard.code == .failure)
        #expect(heard.out.last?.hasPrefix("the chain is NOT whole") == true)
    }

    /// A conversation that moved on.
    private func conversationDisk() async throws -> SimulatedDisk {
        let disk = try await disk()
        let house = try house(MemoryPlace.small.configuration, on: disk)
        _ = try await house.store.write { transaction in
            let id = try transaction.insertConversation(
                creator: "kofi",
                campaign: "spring",
                stage: "contacted",
                openedAt: transaction.now
            )
            for (kind, fields) in [
                (EventKind.conversationOpened, ["creator": "kofi", "campaign": "spring", "stage": "contacted"]),
                (.stageChanged, ["stage": "replied"]),
            ] {
                try transaction.record(
                    Event(
                        kind,
                        .conversation(id),
                        by: .gateway,
                        at: transaction.now,
                        policyVersion: "v",
                        fields: fields
                    )
                )
            }
        }
        house.store.close()
        return disk
    }

    @Test("INV-6: replay gives the same records") func replay() async throws {
        let heard = try await greenroom("ledger", "replay", disk: conversationDisk())
        #expect(heard.code == .success)
        #expect(heard.out == ["7 events, 1 records: the same"])
    }

    @Test("INV-6: a row that no event made is found") func replayFindsDifferences() async throws {
        let disk = try await conversationDisk()
        try alter(disk, "UPDATE conversation SET stage = 'accepted'")
        let heard = try await greenroom("ledger", "replay", disk: disk)
        #expect(heard.code == .failure)
        #expect(
            heard.out == [
                "conversation:1: stage is accepted, the events say replied",
                "7 events, 1 records: NOT the same: 1 differences",
            ]
        )
    }

    @Test("INV-6: a tail cut with its head is found by a line kept elsewhere") func cutTail() async throws {
        let disk = try await disk()
        var place = MemoryPlace.small
        let head = try await greenroom("ledger", "head", disk: disk).out.joined()
        place.texts["heads"] = "# kept elsewhere\n\(head)\n"
        #expect(try await greenroom("ledger", "verify", "--head", "heads", on: place, disk: disk).code == .success)
        try alter(
            disk,
            """
            DELETE FROM event_payload WHERE number = 5;
            DELETE FROM event WHERE number = 5;
            UPDATE ledger_head SET number = 4, link = (SELECT link FROM event WHERE number = 4)
            """
        )
        #expect(try await greenroom("ledger", "verify", on: place, disk: disk).code == .success)
        let heard = try await greenroom("ledger", "verify", "--head", "heads", on: place, disk: disk)
        #expect(heard.code == .failure)
        #expect(heard.out.first == "the chain ends at event 4, but event 5 was recorded")
    }
}
