import Flow
import Search
import Store
import TestSupport
import Testing

@testable import Control

@Suite struct SearchCommandTests {
    private func delivered(_ disk: SimulatedDisk, _ count: Int) async throws {
        let house = try house(try MemoryPlace.small.configuration, on: disk)
        for number in 0..<count {
            let body = try house.store.prepareNow(Array("Subject: \(number)\r\n\r\nx".utf8))
            try house.store.writeNow { transaction in
                let account = try transaction.ensureAccount(named: "team", kind: .local, owner: nil)
                let message = try transaction.insertMessage(
                    NewMessage(
                        account: account,
                        messageID: "",
                        body: body,
                        internalDate: transaction.now,
                        direction: "inbound"
                    )
                )
                _ = try transaction.insertEdition(of: message, block: [])
            }
        }
        house.store.close()
    }

    @Test func tellsHowFarItIsAndBuildsAnew() async throws {
        let disk = SimulatedDisk()
        try await delivered(disk, 3)
        var told = try await greenroom("search", "status", disk: disk)
        #expect(told.code == .success)
        #expect(told.out == ["indexed: 0", "pending: 3"])
        let built = try await greenroom("search", "rebuild", disk: disk)
        #expect(built.code == .success)
        #expect(built.out == ["3 of 3 messages"])
        told = try await greenroom("search", "status", "--json", disk: disk)
        #expect(told.out == [#"{"indexed":3,"pending":0}"#])
        // A second time it is the same.
        #expect(try await greenroom("search", "rebuild", disk: disk).out == ["3 of 3 messages"])
    }

    @Test(arguments: [
        ["search"], ["search", "rebild"], ["search", "status", "--no-wait"], ["search", "rebuild", "--json"],
    ])
    func usage(words: [String]) async throws {
        let told = try await greenroom(words)
        #expect(told.code == .usage)
        #expect(told.out.isEmpty && !told.err.isEmpty)
    }

    @Test func readsWhatAGatewayPrinted() {
        let progress = IndexProgress(indexed: 12, pending: 4)
        #expect(IndexProgress(lines: progress.lines) == progress)
        #expect(IndexProgress(lines: ["indexed: x"]) == nil)
    }
}
