package import Base
internal import SQLite

// What was parsed of messages when they came in (`StructureMaker`).
extension Store {
    /// What is known of editions without their bytes, in the order asked; `nil` for one that is gone.
    ///
    /// What is missing or made by an older parser is made now, in slices, and kept. `value` runs on
    /// a worker thread for each edition that is there, with its place in the list.
    package func structures<Value: Sendable>(
        of editions: [EditionID],
        as value: @escaping @Sendable (Int, [UInt8]) -> Value
    ) async throws -> [Value?] {
        guard !editions.isEmpty else { return [] }
        let maker = context.environment.structures
        let version = maker?.version
        var found = try await read { transaction in
            var found = [Value?](repeating: nil, count: editions.count)
            try transaction.structures(of: editions) { index, bytes in
                guard version == nil || bytes.first == version else { return }
                found[index] = value(index, bytes)
            }
            return found
        }
        guard let maker else { return found }
        var missing = found.indices.filter { found[$0] == nil }[...]
        while !missing.isEmpty {
            let slice = Array(missing)
            let made = try await read { try $0.makeStructures(of: slice.map { editions[$0] }, by: maker) }
            for (index, structure) in zip(slice, made) {
                found[index] = structure.map { value(index, $0.bytes) }
            }
            // That they cannot be kept is no reason not to answer: they are made again next time.
            _ = try? await write { transaction in
                for case let structure? in made {
                    try transaction.keepStructure(structure.bytes, of: structure.message)
                }
            }
            missing = missing.dropFirst(made.count)
        }
        return found
    }
}

extension ReadTransaction {
    /// Parses editions until a slice's worth of octets was read; gives as many answers as it read.
    fileprivate func makeStructures(
        of editions: [EditionID],
        by maker: StructureMaker
    ) throws(StoreError) -> [(message: MessageID, bytes: [UInt8])?] {
        var made: [(message: MessageID, bytes: [UInt8])?] = []
        var octets = 0
        for edition in editions where octets < Limits.structureSlice {
            guard let row = try self.edition(edition) else {
                made.append(nil)
                continue
            }
            octets += row.size
            do throws(StoreError) {
                made.append((row.message, maker.make(try bytes(ofBody: row.body))))
            } catch .damagedBody, .missing {
                // One message that cannot be read leaves the others to be answered.
                made.append(nil)
            }
        }
        return made
    }
}
