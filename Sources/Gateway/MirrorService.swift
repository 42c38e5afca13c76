internal import Base
internal import Config
internal import Flow
internal import IMAPClient
internal import Mirror
internal import Net
internal import Reactor

/// Starts the mirror of every account that has an upstream.
enum MirrorService {
    static func start(house: House, machine: Machine) throws -> [LoopTask<Void>] {
        var tasks: [LoopTask<Void>] = []
        for account in house.rulebook.configuration.gateway.accounts {
            guard case .mirrored(let server) = account.kind else { continue }
            let mirror = AccountMirror(
                store: house.store,
                house: MirroredHouse(house: house, account: account.name),
                driver: try driver(server, machine),
                credentials: SmarthostLink.credentials(of: server, machine),
                time: machine.time,
                entropy: machine.entropy,
                log: machine.log.with("account", account.name)
            )
            tasks += mirror.start(on: machine.loops.next())
        }
        return tasks
    }

    private static func driver(_ server: RemoteServer, _ machine: Machine) throws -> IMAPClientDriver {
        IMAPClientDriver(
            configuration: IMAPClientConfiguration(
                endpoint: Endpoint(host: server.host, port: server.port),
                security: server.tls == .direct ? .implicitTLS : server.tls == .startTLS ? .startTLS : .plaintext
            ),
            dialer: TCPDialer(resolver: Resolver(workers: machine.workers)),
            tls: try server.tls == .none ? nil : TLSClientContext(trust: server.caFile.map { .file($0) } ?? .system),
            time: machine.time
        )
    }
}
