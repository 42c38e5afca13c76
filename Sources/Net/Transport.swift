internal import Reactor

/// What carries a connection's bytes; every call answers at once.
enum Transport {
    case socket
    case tls(TLSSession)
    case memory(MemoryPipe)

    func read(_ descriptor: Int32, into memory: UnsafeMutableRawBufferPointer) -> IOResult {
        switch self {
        case .socket: unsafe Socket.read(descriptor, into: memory)
        case .tls(let session): unsafe session.read(into: memory)
        case .memory(let pipe): unsafe pipe.read(into: memory)
        }
    }

    func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> IOResult {
        switch self {
        case .socket: unsafe Socket.write(descriptor, bytes)
        case .tls(let session): unsafe session.write(bytes)
        case .memory(let pipe): unsafe pipe.write(bytes)
        }
    }

    var session: TLSSession? {
        if case .tls(let session) = self { session } else { nil }
    }
}
