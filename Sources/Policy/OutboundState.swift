/// Where an outbound message stands (DESIGN §6).
package enum OutboundState: String, Hashable, Sendable, CaseIterable {
    /// Waits for approvals.
    case held
    /// Approved; leaves when the undo time and any not-before have passed.
    case approved
    /// Released: the relay may send it.
    case queued
    case sent
    case bounced
    case rejected
    case withdrawn
    case canceled
    case superseded
    case expired

    /// What can happen to an outbound message.
    package enum Step: String, Hashable, Sendable, CaseIterable {
        case approve
        /// An approval is taken back, or a stricter verdict came, before the release.
        case hold
        case release
        case deliver
        case bounce
        case reject
        case withdraw
        case cancel
        case supersede
        case expire
    }

    /// Whether nothing can happen to it any more.
    package var isFinal: Bool {
        switch self {
        case .held, .approved, .queued: false
        case .sent, .bounced, .rejected, .withdrawn, .canceled, .superseded, .expired: true
        }
    }

    /// Whether it still waits in the green room.
    package var isWaiting: Bool { self == .held || self == .approved }

    /// The state after a step, or nil where the step is not possible: the only table of
    /// transitions, which store, relay and approvals all ask.
    package func after(_ step: Step) -> Self? {
        switch (self, step) {
        case (.held, .approve): .approved
        // A rejection can be taken back within the undo time; who asks checks the time.
        case (.approved, .hold), (.rejected, .hold): .held
        case (.approved, .release): .queued
        case (.queued, .deliver): .sent
        case (.queued, .bounce): .bounced
        case (.held, .reject), (.approved, .reject): .rejected
        case (.held, .withdraw), (.approved, .withdraw): .withdrawn
        case (.held, .cancel), (.approved, .cancel), (.queued, .cancel): .canceled
        case (.held, .supersede), (.approved, .supersede): .superseded
        case (.held, .expire): .expired
        default: nil
        }
    }
}
