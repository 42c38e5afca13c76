package import Base

/// What policy says of one outbound message, with everything that led to it (INV-7).
///
/// Verdicts join: `a.joined(b)` is at least as strict as either, whatever the order and however
/// often. There is no operation that loosens one.
package struct Verdict: Hashable, Sendable {
    /// What happens to the message, from the mildest to the strictest.
    package enum Outcome: Int, Hashable, Sendable, Comparable, CaseIterable {
        case release, hold, cancel, reject

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

        package var name: String {
            switch self {
            case .release: "release"
            case .hold: "hold"
            case .cancel: "cancel"
            case .reject: "reject"
            }
        }
    }

    /// Why a restriction applies, in words for people.
    package struct Reason: Hashable, Sendable, Comparable {
        /// The rule's name; names of built-in rules start with a capital letter.
        package let rule: String
        /// What in the message or the records made it fire; no amounts that are not in the message.
        package let text: String

        package init(rule: String, text: String) {
            self.rule = rule
            self.text = text
        }

        package static func < (left: Self, right: Self) -> Bool {
            (left.rule, left.text) < (right.rule, right.text)
        }
    }

    package private(set) var outcome: Outcome
    /// Not sent earlier than this, approved or not.
    package private(set) var notBefore: Timestamp?
    /// How many members of each group must approve.
    package private(set) var approvals: [String: Int]
    /// Sorted, each once.
    package private(set) var reasons: [Reason]
    /// The permits that let the message out, sorted; empty where none did.
    package private(set) var permits: [String]
    /// Why each permit holds, and which approved wording stands in the text (D14, D17); sorted, each once.
    package private(set) var grounds: [Reason]

    /// No restriction at all: the neutral element of the join.
    package static let unrestricted = Self(outcome: .release)

    package init(
        outcome: Outcome,
        notBefore: Timestamp? = nil,
        approvals: [String: Int] = [:],
        reasons: [Reason] = [],
        permits: [String] = [],
        grounds: [Reason] = []
    ) {
        self.outcome = outcome
        self.notBefore = notBefore
        self.approvals = approvals
        self.reasons = Self.canonical(reasons)
        self.permits = Self.canonical(permits)
        self.grounds = Self.canonical(grounds)
    }

    package func joined(_ other: Self) -> Self {
        Self(
            outcome: max(outcome, other.outcome),
            notBefore: [notBefore, other.notBefore].compactMap { $0 }.max(),
            approvals: approvals.merging(other.approvals, uniquingKeysWith: max),
            reasons: reasons + other.reasons,
            permits: permits + other.permits,
            grounds: grounds + other.grounds
        )
    }

    private static func canonical<Value: Comparable>(_ values: [Value]) -> [Value] {
        var result: [Value] = []
        for value in values.sorted() where result.last != value { result.append(value) }
        return result
    }
}
