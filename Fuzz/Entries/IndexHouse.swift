package import Base
package import Message
package import SQLite
package import Search
package import Store
package import TestSupport

/// A store with an index on a simulated disk.
package final class IndexHouse {
    package let disk: SimulatedDisk
    package let store: Store
    package let index: SearchIndex

    package init(on disk: SimulatedDisk = SimulatedDisk(), seed: UInt64 = 1) throws {
        self.disk = disk
        let vfs = try disk.register()
        let environment = StoreEnvironment(
            vfs: vfs,
            files: disk,
            entropy: SeededEntropy(seed: seed),
            time: ManualClock(),
            log: .silent,
            writer: InlineQueue(),
            readers: InlineQueue()
        )
        store = try Store.open("/data", in: environment, project: { _, _ in }, whenStopped: { _ in })
        index = try SearchIndex(of: store, in: "/data", Self.environment(disk, vfs))
    }

    package static func environment(_ disk: SimulatedDisk, _ vfs: VFSRegistration) -> IndexEnvironment {
        IndexEnvironment(vfs: vfs, files: disk, log: .silent, readers: InlineQueue(), indexer: InlineQueue())
    }

    /// Puts a message into the store; its line feeds are sent as CRLF.
    @discardableResult
    package func deliver(_ text: String) throws -> EditionID {
        try deliver(Array(text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n").utf8))
    }

    @discardableResult
    package func deliver(_ bytes: [UInt8]) throws -> EditionID {
        let body = try store.prepareNow(bytes)
        return try store.writeNow { transaction in
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
            return try transaction.insertEdition(of: message, block: [])
        }
    }

    package func remove(_ edition: EditionID) throws {
        try store.writeNow { transaction in
            guard let row = try transaction.edition(edition) else { return }
            _ = try transaction.removeMessageIfUnplaced(row.message)
        }
    }

    /// Takes in everything.
    package func catchUp() throws {
        while try index.advanceNow() {}
    }

    /// What the index alone says of each edition.
    package func ask(_ question: SearchQuestion, _ editions: [EditionID]) -> [Bool?] {
        guard let first = editions.min(), let last = editions.max() else { return [] }
        let answers = index.answersNow(to: [question], from: first, through: last)
        return editions.map { answers.first?.finds($0) }
    }

    /// What reading says of each edition.
    package func read(_ question: SearchQuestion, _ editions: [EditionID]) throws -> [Bool] {
        try editions.map { edition in
            var message = SearchableMessage(try store.readNow { try $0.bytes(of: edition) })
            return message.answer(question)
        }
    }
}
