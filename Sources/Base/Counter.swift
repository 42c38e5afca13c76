internal import Synchronization

/// A number that any thread may raise: what `greenroom status` reports.
package final class Counter: Sendable {
    private let storage = Atomic<Int64>(0)

    package init() {}

    package var value: Int64 { storage.load(ordering: .relaxed) }

    @discardableResult
    package func add(_ amount: Int64 = 1) -> Int64 {
        storage.wrappingAdd(amount, ordering: .relaxed).newValue
    }
}
