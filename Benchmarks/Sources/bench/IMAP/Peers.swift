import Base
import Net
import Reactor

/// The gateway and a Dovecot side by side, with the same users and the same mail.
final class Peers {
    private(set) var servers: [MailServer]
    let loop: EventLoop
    let tls: TLSClientContext
    let gateway: GatewayUnderLoad
    let dovecots: [DovecotUnderLoad]
    private let scratch: Scratch

    /// nil where there is no gateway to measure.
    ///
    /// A directory that is given is kept.
    static func start(
        users: Int,
        listeners: Int = 1,
        formats: [DovecotUnderLoad.Format] = [.maildir],
        in scratch: Scratch? = nil
    ) throws -> Peers? {
        guard GatewayUnderLoad.program != nil else {
            print("  skipped: GREENROOM names no program; use `make bench`")
            return nil
        }
        return try Peers(users, listeners, formats, scratch ?? Scratch("imap"))
    }

    private init(_ users: Int, _ listeners: Int, _ formats: [DovecotUnderLoad.Format], _ scratch: Scratch) throws {
        self.scratch = scratch
        loop = try EventLoopGroup(count: 1, log: .silent).next()
        tls = try TLSClientContext(trust: .anyone)
        let certificate = try Certificate.make(in: scratch)
        let ports = try (0..<listeners).map { _ in try Scratch.freePort() }
        let tlsPorts = try (0..<listeners).map { _ in try Scratch.freePort() }
        let files = MailHouse.files(ports: ports, tlsPorts: tlsPorts, users: users, certificate)
        let own = try Scratch(below: scratch, "gateway")
        guard let gateway = try GatewayUnderLoad.start(files, ports: ports + tlsPorts, in: own) else {
            throw BenchError("GREENROOM names no program")
        }
        self.gateway = gateway
        dovecots = try formats.compactMap { format in
            try DovecotUnderLoad.start(format, users: users, certificate, in: Scratch(below: scratch, format.rawValue))
        }
        if dovecots.isEmpty { print("  without Dovecot: not installed, or not run by root") }
        let ours = MailServer(name: "gateway", ports: ports, tlsPorts: tlsPorts, process: gateway.process)
        servers =
            [ours]
            + zip(formats, dovecots).map { format, dovecot in
                MailServer(
                    name: "Dovecot \(format.rawValue)",
                    ports: [dovecot.port],
                    tlsPorts: [dovecot.tlsPort],
                    process: dovecot.process
                )
            }
    }

    /// Ends one of the servers and starts it again.
    ///
    /// - Returns: When it was started; by now it listens.
    @discardableResult
    func restart(_ index: Int) throws -> Int64 {
        let start = try index == 0 ? gateway.restart() : dovecots[index - 1].restart()
        servers[index].process = index == 0 ? gateway.process : dovecots[index - 1].process
        return start
    }

    func stop() {
        gateway.stop()
        for dovecot in dovecots { dovecot.stop() }
    }
}
