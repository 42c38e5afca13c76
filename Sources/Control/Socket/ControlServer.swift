package import Base
package import Net
package import Reactor
internal import Synchronization

/// The control socket: takes a command line from a local process and does it.
package enum ControlServer {
    /// Opens the socket, 0600 in a directory that is 0700; called on the loop.
    ///
    /// `directories` sees whether others may enter the directory.
    package static func open(
        at path: String,
        desk: ControlDesk,
        directories: some FileInspector,
        on loop: EventLoop,
        loops: EventLoopGroup,
        log: Log
    ) throws -> Server {
        let directory = parent(of: path)
        try desk.files.makeDirectory(directory)
        // The socket's own mode is not enough on every system: who may enter the directory counts.
        guard try directories.status(directory).permissions & 0o077 == 0 else {
            throw CommandFailure("\(directory) may be entered by others; chmod 700 \(directory)")
        }
        guard let address = SocketAddress("unix:" + path) else {
            throw CommandFailure("\(path) is too long for the name of a socket")
        }
        let log = log.with("service", "control")
        let listener = try Listener(on: loop, at: address, mode: 0o600, log: log)
        var settings = Server.Settings()
        settings.connections = Limits.controlConnections
        return Server(listener, loops: loops, settings: settings, log: log) { connection in
            await serve(connection, desk, log)
        }
    }

    private static func serve(_ connection: Connection, _ desk: ControlDesk, _ log: Log) async {
        let deadline = connection.loop.now.advanced(by: Limits.controlPatience)
        do {
            guard let peer = connection.peerCredentials else { return }
            guard let words = try await request(connection, until: deadline) else { return }
            log.info("uid \(peer.user) asks: \(words.prefix(2).joined(separator: " "))")
            let lines = Mutex<[ControlLine]>([])
            let console = Console(
                out: { line in lines.withLock { $0.append(.out(line)) } },
                err: { line in lines.withLock { $0.append(.err(line)) } }
            )
            let code = await desk.answer(words, from: peer.user, to: console)
            let answer = lines.withLock { $0 } + [.end(code)]
            try await connection.write(Array(answer.map { $0.text + "\n" }.joined().utf8))
            await connection.finish(until: connection.loop.now.advanced(by: Limits.controlPatience))
        } catch {
            log.warning("the answer did not arrive: \(error)")
        }
    }

    /// The words of the request; nil where the peer sent none.
    private static func request(
        _ connection: Connection,
        until deadline: Instant
    ) async throws(NetError) -> [String]? {
        var bytes: [UInt8] = []
        while bytes.count <= Limits.controlRequest {
            if let end = bytes.firstIndex(of: ASCII.lf) { return ControlRequest.words(bytes[..<end]) }
            if try await connection.read(into: &bytes, atMost: 16 * 1024, until: deadline) == 0 { return nil }
        }
        return nil
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
