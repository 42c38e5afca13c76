/// Why a waiting task goes on.
package enum Wake: UInt8, Sendable, Hashable {
    /// There is something to read, or the end of it.
    case readable
    /// A `Signal` was raised.
    case signalled
    /// The gateway is stopping: say goodbye and end.
    case shutdown
    /// The deadline has passed.
    case deadline
    /// The task was canceled: end without further talk.
    case canceled
}
