/// How far a collaboration has come, in the order of the funnel.
///
/// The names are fixed: they stand in the ledger, in files and in header blocks.
package enum Stage: String, CaseIterable, Hashable, Sendable, Comparable, CustomStringConvertible {
    case contacted
    case replied
    case negotiating
    case accepted
    case infoCollected = "info-collected"
    case productShipped = "product-shipped"
    case contentDelivered = "content-delivered"
    case posted
    case completed
    case declined

    /// Its place in the funnel, from 1; folders are numbered with it.
    package var number: Int {
        switch self {
        case .contacted: 1
        case .replied: 2
        case .negotiating: 3
        case .accepted: 4
        case .infoCollected: 5
        case .productShipped: 6
        case .contentDelivered: 7
        case .posted: 8
        case .completed: 9
        case .declined: 10
        }
    }

    /// Whether the work goes on (MATCHING §0, open campaign).
    package var isOpen: Bool { self != .completed && self != .declined }

    package var description: String { rawValue }

    package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}
