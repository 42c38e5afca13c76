internal import Glibc
package import Reactor

/// Why the network did not do what was asked: the transport's fault, unless the case says more.
package enum NetError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The deadline passed first.
    case timeout
    /// The connection was closed on this side.
    case closed
    /// The peer broke the connection off.
    case reset
    /// Nobody listens there.
    case refused
    /// The handshake or a record failed; OpenSSL's reason.
    case tls(String)
    /// The name has no address; the resolver's reason.
    case resolve(String)
    /// A limit on connections is reached.
    case tooManyConnections
    /// The task was canceled.
    case canceled
    /// Another failure of the system.
    case system(errno: Int32, call: String)

    package init(_ error: SystemError) {
        self.init(errno: error.errno, call: error.call)
    }

    init(errno: Int32, call: String) {
        switch errno {
        case ECONNRESET, EPIPE, ECONNABORTED: self = .reset
        case ECONNREFUSED: self = .refused
        case ETIMEDOUT: self = .timeout
        default: self = .system(errno: errno, call: call)
        }
    }

    /// The failure of the call that has just returned on this thread.
    static func last(_ call: StaticString) -> Self { Self(SystemError.last(call)) }

    package var description: String {
        switch self {
        case .timeout: "timed out"
        case .closed: "connection closed"
        case .reset: "connection reset by peer"
        case .refused: "connection refused"
        case .tls(let reason): "TLS: \(reason)"
        case .resolve(let reason): "name look-up: \(reason)"
        case .tooManyConnections: "too many connections"
        case .canceled: "canceled"
        case .system(let errno, let call): unsafe "\(call): \(String(cString: strerror(errno)))"
        }
    }
}
