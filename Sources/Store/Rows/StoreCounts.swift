package import Base

/// How much there is of what, for `greenroom status`.
package struct StoreCounts: Hashable, Sendable {
    package let messages: Int
    /// Outbound messages by state.
    package let outbound: [String: Int]
    /// When the oldest outbound message in each state was submitted.
    package let oldest: [String: Timestamp]
}
