internal import Base
internal import Config
internal import Flow
internal import Net
internal import Outbound
internal import Reactor
internal import SASL
internal import SMTPClient
internal import SMTPWire
internal import Store

/// Keeps the relay going: wakes it when mail was released or an attempt is due, and leaves the
/// smarthost alone for a while when it cannot be reached.
struct Dispatcher: Sendable {
    private let house: House
    private let relay: Relay

    static func start(
        house: House,
        keys: HouseKeys,
        sinkAddress: SocketAddress?,
        machine: Machine
    ) throws -> LoopTask<Void> {
        let smarthost = try SmarthostLink(house.rulebook.configuration.gateway, sinkAddress: sinkAddress, machine)
        let relay = Relay(
            store: house.store,
            recorder: DeliveryRecorder(rulebook: { house.rulebook }, sealKey: keys.seal),
            driver: smarthost.driver,
            credentials: smarthost.credentials,
            host: smarthost.name,
            time: machine.time,
            log: machine.log
        )
        let dispatcher = Self(house: house, relay: relay)
        let loop = machine.loops.next()
        let signal = Signal(on: loop)
        house.onOutboundChange { signal.raise() }
        return loop.spawn { await dispatcher.run(on: loop, signal) }
    }

    private init(house: House, relay: Relay) {
        self.house = house
        self.relay = relay
    }

    /// The waits after the smarthost could not be reached, in seconds; the last one stays.
    private static let pauses: [Int64] = [1, 5, 15, 60, 300]

    private func run(on loop: EventLoop, _ signal: Signal) async {
        var failures = 0
        while true {
            var deadline = Instant.distantFuture
            do {
                switch try await relay.sendDue(on: loop) {
                case .done(let next):
                    failures = 0
                    if let next { deadline = loop.now.advanced(by: max(next.duration(since: house.time.now), .zero)) }
                case .unreachable:
                    deadline = loop.now.advanced(by: .seconds(Self.pauses[min(failures, Self.pauses.count - 1)]))
                    failures += 1
                }
            } catch {
                house.log.error("the relay stopped: \(error)")
                deadline = loop.now.advanced(by: .seconds(Self.pauses.last ?? 300))
            }
            repeat {
                switch await signal.wait(until: deadline) {
                case .canceled: return
                case .deadline: failures = min(failures, Self.pauses.count)
                default: break
                }
                // New mail is no reason to bother a smarthost that is down.
            } while failures > 0 && loop.now < deadline
        }
    }
}

/// How the smarthost of the configuration is reached.
struct SmarthostLink {
    let driver: SMTPClientDriver
    let credentials: Relay.Credentials
    let name: String

    init(_ settings: GatewaySettings, sinkAddress: SocketAddress?, _ machine: Machine) throws {
        let dialer = TCPDialer(resolver: Resolver(workers: machine.workers))
        let helo = settings.listeners.first?.hostName ?? "localhost"
        switch settings.smarthost {
        case .sink:
            guard case .ip(let host, let port)? = sinkAddress else { throw NetError.closed }
            driver = SMTPClientDriver(
                configuration: SMTPClientConfiguration(
                    endpoint: Endpoint(host: host.description, port: port),
                    security: .plaintext,
                    name: helo
                ),
                dialer: dialer,
                tls: nil,
                time: machine.time
            )
            credentials = { nil }
            name = "sink"
        case .server(let server):
            driver = SMTPClientDriver(
                configuration: SMTPClientConfiguration(
                    endpoint: Endpoint(host: server.host, port: server.port),
                    security: server.tls == .direct ? .implicitTLS : server.tls == .startTLS ? .startTLS : .plaintext,
                    name: helo
                ),
                dialer: dialer,
                tls: try server.tls == .none
                    ? nil : TLSClientContext(trust: server.caFile.map { .file($0) } ?? .system),
                time: machine.time
            )
            credentials = Self.credentials(of: server, machine)
            name = "\(server.host):\(server.port)"
        }
    }

    /// Resolves the secret on a worker, since a command may take its time.
    static func credentials(of server: RemoteServer, _ machine: Machine) -> Relay.Credentials {
        let provider = machine.secrets
        return {
            switch server.authentication {
            case .none:
                return nil
            case .password(let user, let source):
                let secret = try await machine.workers.run { () throws(SecretError) in
                    try source.resolve(with: provider)
                }
                return .password(PlainCredentials(authentication: user, password: secret))
            case .xoauth2(let user, let source):
                let secret = try await machine.workers.run { () throws(SecretError) in
                    try source.resolve(with: provider)
                }
                return .bearer(user: user, token: secret, host: server.host, port: server.port)
            }
        }
    }
}
