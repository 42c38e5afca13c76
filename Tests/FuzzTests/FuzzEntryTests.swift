import FuzzEntries
import SQLite
import TestSupport
import Testing

/// Every entry on its inputs in Fuzz/Inputs, as they are, cut off and mutated.
@Suite("Fuzz entries")
struct FuzzEntryTests {
    /// The inputs of an entry, by name, found from this file.
    private static func inputs(of entry: String) throws -> [(name: String, bytes: [UInt8])] {
        let root = #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 }
        let directory = root + "/Fuzz/Inputs/" + entry
        let files = SystemFiles()
        return try files.list(directory).sorted().map { ($0, try files.read(directory + "/" + $0)) }
    }

    private func feed(_ entry: FuzzEntry, _ bytes: [UInt8], _ what: String) {
        do throws(FuzzFinding) {
            try entry.feed(bytes)
        } catch {
            Issue.record("\(entry.name), \(what): \(error)")
        }
    }

    @Test("Seeds, and whatever once failed", arguments: FuzzEntry.all.map(\.name))
    func inputs(entry name: String) throws {
        let entry = try #require(FuzzEntry.named(name))
        let inputs = try Self.inputs(of: name)
        #expect(!inputs.isEmpty)
        for input in inputs { feed(entry, input.bytes, input.name) }
    }

    @Test("Inputs cut off", arguments: FuzzEntry.all.map(\.name))
    func cutOff(entry name: String) throws {
        let entry = try #require(FuzzEntry.named(name))
        for input in try Self.inputs(of: name) where input.bytes.count < 4096 {
            for end in stride(from: 0, to: input.bytes.count, by: 13) {
                feed(entry, Array(input.bytes.prefix(end)), "\(input.name) up to \(end)")
            }
        }
    }

    @Test("Inputs mutated", arguments: FuzzEntry.all.map(\.name), 0..<4 as Range<UInt64>)
    func mutated(entry name: String, seed: UInt64) throws {
        let entry = try #require(FuzzEntry.named(name))
        let inputs = try Self.inputs(of: name).filter { $0.bytes.count < 8192 }
        var generator = SeededGenerator(seed: seed)
        for input in inputs {
            for round in 0..<8 {
                var bytes = input.bytes
                for _ in 0..<Int.random(in: 1...8, using: &generator) {
                    let other = inputs.randomElement(using: &generator)?.bytes ?? []
                    Self.mutate(&bytes, with: other, &generator)
                }
                feed(entry, bytes, "\(input.name), seed \(seed), round \(round)")
            }
        }
    }

    private static func mutate(_ bytes: inout [UInt8], with other: [UInt8], _ generator: inout SeededGenerator) {
        let index = Int.random(in: 0...bytes.count, using: &generator)
        let end = min(bytes.count, index + Int.random(in: 0...40, using: &generator))
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: if index < bytes.count { bytes[index] = UInt8.random(in: .min ... .max, using: &generator) }
        case 1: bytes.removeSubrange(index..<end)
        case 2: bytes.insert(contentsOf: bytes[index..<end], at: Int.random(in: 0...bytes.count, using: &generator))
        default:
            let start = Int.random(in: 0...other.count, using: &generator)
            let piece = other[start..<min(other.count, start + Int.random(in: 0...60, using: &generator))]
            bytes.insert(contentsOf: piece, at: index)
        }
    }
}
