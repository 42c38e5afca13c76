import Base
import CEcho
import Glibc
import Net
import Reactor

/// The servers that are measured; each writes its port as a line and serves until it is killed.
enum EchoServer {
    static func run(_ arguments: [String]) async throws {
        // The server on one processor, the load on the other.
        cecho_pin(0)
        switch arguments.first {
        case "c":
            var port: UInt16 = 0
            let listener = unsafe cecho_listen(&port)
            guard listener >= 0 else { throw BenchError("cannot listen") }
            announce(port)
            cecho_serve(listener)
        case "loop": try await serve(tls: nil)
        case "tls" where arguments.count == 3:
            let identity = TLSIdentity(certificateFile: arguments[1], keyFile: arguments[2])
            try await serve(tls: TLSServerContext(identities: [identity]))
        default: throw BenchError("serve what?")
        }
    }

    private static func serve(tls: TLSServerContext?) async throws {
        let log = Log.standardError(threshold: .warning)
        let loops = try EventLoopGroup(count: 1, log: log)
        let loop = loops.next()
        let server = try await loop.spawn { () async -> Result<Server, NetError> in
            do throws(NetError) {
                let address = SocketAddress.ip(IPAddress(family: .v4, value: 0x7F00_0001), port: 0)
                let listener = try Listener(on: loop, at: address, log: log)
                var settings = Server.Settings()
                settings.connectionsPerAddress = Limits.connectionsPerListener
                settings.tls = tls
                return .success(Server(listener, loops: loops, settings: settings, log: log, handler: echo))
            } catch { return .failure(error) }
        }.value.get()
        server.start()
        if case .ip(_, let port) = server.address { announce(port) }
        _ = await loop.spawn { await loop.sleep(until: .distantFuture) }.value
    }

    /// As a session does it: an array that is empty while nothing is there, and a deadline.
    private static func echo(_ connection: Connection) async {
        var buffer: [UInt8] = []
        do throws(NetError) {
            while true {
                let deadline = connection.loop.now.advanced(by: .seconds(1800))
                guard try await connection.read(into: &buffer, until: deadline) > 0 else { return }
                try await connection.write(buffer)
                buffer.removeAll(keepingCapacity: true)
            }
        } catch {
            // The load has closed its end.
        }
    }

    private static func announce(_ port: UInt16) {
        let line = "\(port)\n"
        _ = unsafe write(STDOUT_FILENO, line, line.utf8.count)
    }
}
