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

/// Keeps the relay going: wakes it when mail was released, somebody changed the queue, or an attempt is due.
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
            known: house.smarthost,
            limits: smarthost.limits,
            time: machine.time,
            log: machine.log
        )
        let dispatcher = Self(house: house, relay: relay)
        let loop = machine.loops.next()
        let signal = Signal(on: loop)
        house.onOutboundChange {
            signal.raise()
            relay.lookAgain(on: loop)
        }
        return loop.spawn { await dispatcher.run(on: loop, signal) }
    }

    private init(house: House, relay: Relay) {
        self.house = house
        self.relay = relay
    }

    private func run(on loop: EventLoop, _ signal: Signal) async {
        var round = loop.now
        var isRecovered = false
        while true {
            var deadline = Instant.distantFuture
            do {
                if !isRecovered { try await relay.recover() }
                isRecovered = true
                let next = try await relay.sendDue(on: loop) {
                    await signal.wait(until: loop.now.advanced(by: Limits.relayLinger)) == .signalled
                }
                if let next {
                    if loop.now >= round {
                        try await relay.lookForLate()
                        round = loop.now.advanced(by: Limits.relayRound)
                    }
                    deadline = min(round, loop.now.advanced(by: max(next.duration(since: house.time.now), .zero)))
                }
            } catch {
                house.log.error("the relay rests, the store failed it: \(error)")
                isRecovered = false
                deadline = loop.now.advanced(by: Self.pause)
            }
            if case .canceled = await signal.wait(until: deadline) { return }
        }
    }

    /// How long the relay rests when the store failed it.
    private static let pause = Duration.seconds(60)
}

/// How the smarthost of the configuration is reached.
struct SmarthostLink {
    let driver: SMTPClientDriver
    let credentials: Relay.Credentials
    let name: String
    let limits: RelayLimits

    init(_ settings: GatewaySettings, sinkAddress: SocketAddress?, _ machine: Machine) throws {
        let dialer = TCPDialer(resolver: Resolver(workers: machine.workers))
        name = settings.smarthost.name
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
            limits = RelayLimits()
        case .server(let server, let allowed):
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
            limits = RelayLimits(connections: allowed.connections, messagesPerMinute: allowed.messagesPerMinute)
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
