/// What `[approvals]` says: what happens to mail that waits, by itself.
package struct ApprovalSettings: Sendable, Hashable {
    /// What becomes of mail that waits when somebody writes meanwhile.
    package enum Reaction: String, Sendable, Hashable, CaseIterable {
        /// It leaves as it was decided.
        case keep
        /// Approvals lapse, and it waits for new ones with what was written beside it.
        case hold
        case cancel
    }

    /// When the creator writes.
    package var creatorWrites = Reaction.hold
    /// When a colleague's mail to the same creator leaves.
    package var colleagueWrites = Reaction.hold

    /// What happens to mail on which nobody decides; nil leaves it with those who are asked.
    package var escalation: Escalation?
    /// After how long undecided mail expires; nil never.
    package var expiresAfter: Duration?

    package struct Escalation: Sendable, Hashable {
        /// By the clock.
        package var after: Duration
        /// Groups that may then decide as well.
        package var groups: [String]

        package init(after: Duration, groups: [String]) {
            self.after = after
            self.groups = groups
        }
    }

    package init() {}
}
