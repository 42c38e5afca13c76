/// How far a command is that runs (RFC 9585 §4).
package struct CommandProgress: Hashable, Sendable {
    /// The tag of the command; nil where it cannot be said.
    package var tag: String?
    package var done: UInt32?
    /// More than `done`, where both are known.
    package var goal: UInt32?

    package init(tag: String?, done: UInt32? = nil, goal: UInt32? = nil) {
        self.tag = tag
        self.done = done
        self.goal = goal
    }
}
