internal import Synchronization

/// What all sessions together may make the server hold of messages that are being handed in (INV-9).
package final class UploadBudget: Sendable {
    /// A part of the budget, given back when it goes.
    package final class Share: Sendable {
        private let budget: UploadBudget
        private let octets: Int

        fileprivate init(_ budget: UploadBudget, _ octets: Int) {
            self.budget = budget
            self.octets = octets
        }

        deinit { budget.used.withLock { $0 -= octets } }
    }

    private let limit: Int
    private let used = Mutex(0)

    package init(limit: Int) { self.limit = limit }

    /// Sets octets aside; `nil` where they are not to be had now.
    func reserve(_ octets: Int) -> Share? {
        used.withLock { used in
            guard octets <= limit - used else { return nil }
            used += octets
            return Share(self, octets)
        }
    }
}
