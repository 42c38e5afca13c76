/// One parser as a fuzzer and the tests feed it: any bytes, and what must hold of them.
///
/// An entry traps or throws on a finding. Its inputs lie in Fuzz/Inputs/NAME: seeds, and whatever
/// once failed, under a name that says what failed.
package struct FuzzEntry: Sendable {
    package let name: String
    package let feed: @Sendable ([UInt8]) throws(FuzzFinding) -> Void

    package init(_ name: String, _ feed: @escaping @Sendable ([UInt8]) throws(FuzzFinding) -> Void) {
        self.name = name
        self.feed = feed
    }

    /// Every entry; a new one adds its line here and its inputs in Fuzz/Inputs.
    package static let all: [FuzzEntry] = [
        .mime, .command, .literals, .search,
    ]

    package static func named(_ name: String) -> FuzzEntry? { all.first { $0.name == name } }
}

/// Something that must not be so.
package struct FuzzFinding: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// Throws a finding where a condition does not hold.
func require(_ condition: Bool, _ what: @autoclosure () -> String) throws(FuzzFinding) {
    guard condition else { throw FuzzFinding(what()) }
}
