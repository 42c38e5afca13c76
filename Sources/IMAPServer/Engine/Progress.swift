internal import Base
internal import IMAPWire

/// Tells a client that waits for a long command how far it is (RFC 9585).
///
/// Asked between the slices of the work, on the connection's loop. It also keeps routers and impatient
/// clients from ending the connection meanwhile.
package final class Progress {
    private let tag: String
    private let out: Responder
    private var due: Instant
    /// The numbers told last: they may only rise, and their goal stays (RFC 9585 §4).
    private var told: (done: Int, goal: Int)?

    init(of tag: String, _ out: Responder) {
        self.tag = tag
        self.out = out
        due = out.now.advanced(by: Limits.imapProgressInterval)
    }

    /// For work that is worth nothing once nobody waits for it: throws then.
    func check(_ done: Int, of goal: Int) async throws(IMAPFailure) {
        try out.check()
        try await tell(done, of: goal)
    }

    /// For changes, which are carried through whoever is still there.
    package func note(_ done: Int, of goal: Int) async {
        try? await tell(done, of: goal)
    }

    private func tell(_ done: Int, of goal: Int) async throws(IMAPFailure) {
        let now = out.now
        // Where all is done the answer follows at once.
        guard now >= due, done < goal else { return }
        due = now.advanced(by: Limits.imapProgressInterval)
        var progress = CommandProgress(tag: tag)
        var text = "Still at it"
        // A second part of the work, which counts something else, is told without numbers.
        let rises = told.map { $0.goal == goal && $0.done < done } ?? true
        if rises, let number = UInt32(exactly: done), let end = UInt32(exactly: goal) {
            told = (done, goal)
            progress.done = number
            progress.goal = end
            text = "\(done) of \(goal) messages"
        }
        out.response(.status(StatusResponse(tag: nil, .ok, .inProgress(progress), text)))
        try await out.flush()
    }
}
