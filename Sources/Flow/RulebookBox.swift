internal import Synchronization

/// The rules in force, read by many and replaced as a whole.
package final class RulebookBox: Sendable {
    private let current: Mutex<Rulebook>

    package init(_ rulebook: Rulebook) {
        current = Mutex(rulebook)
    }

    /// A value, so that one message is judged by one set of rules.
    package var value: Rulebook {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    /// Replaces what was made of the same configuration; a newer configuration stays.
    func refresh(_ rulebook: Rulebook) {
        current.withLock { current in
            if current.version == rulebook.version { current = rulebook }
        }
    }
}
