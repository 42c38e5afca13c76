internal import Base
internal import Config
internal import Flow
internal import IMAPServer
internal import Net
internal import Reactor
internal import SMTPServer
internal import Sessions

/// The listeners of the configuration, open, each with what is spoken there.
struct Doors {
    private(set) var servers: [Server] = []
    private(set) var listeners: [(service: ListenerSettings.Service, address: SocketAddress)] = []
    private(set) var certificates: [CertificateFiles: TLSServerContext] = [:]
    /// Where the embedded smarthost listens, if there is one.
    private(set) var sinkAddress: SocketAddress?

    private let house: House
    private let authenticator: Authenticator
    private let machine: Machine
    /// One for all listeners: it bounds what the process holds.
    private let uploads = UploadBudget(limit: Limits.uploads)
    /// One for all listeners, too: members use several.
    private let memory = IMAPMemory()

    /// Opens every listener or none: what was opened is closed again when one fails.
    static func open(house: House, decoyKey: Secret, machine: Machine) async throws -> Self {
        let authenticator = Authenticator(
            members: { house.rulebook.configuration.team.members },
            workers: machine.workers,
            decoyKey: decoyKey,
            time: machine.time,
            entropy: house.entropy,
            log: machine.log
        )
        var doors = Self(house: house, authenticator: authenticator, machine: machine)
        do {
            for settings in house.rulebook.configuration.gateway.listeners { try doors.open(settings) }
            if case .sink(let directory) = house.rulebook.configuration.gateway.smarthost {
                try doors.openSink(directory)
            }
        } catch {
            for server in doors.servers { await server.shutDown(until: machine.time.instant) }
            throw error
        }
        for server in doors.servers { server.start() }
        return doors
    }

    private init(house: House, authenticator: Authenticator, machine: Machine) {
        self.house = house
        self.authenticator = authenticator
        self.machine = machine
    }

    private mutating func open(_ settings: ListenerSettings) throws {
        let log = machine.log.with("service", settings.service.rawValue)
        let context = try settings.tls.map { try certificate($0) }
        let listener = try Listener(on: machine.main, at: SocketAddress(settings.place), log: log)
        var serving = Server.Settings()
        serving.connections = settings.connections
        serving.connectionsPerAddress = house.rulebook.configuration.gateway.limits.connectionsPerAddress
        serving.tls = settings.service.isImplicitTLS ? context : nil
        let handler = handler(settings, context, isLocal: settings.place.isLocal, log)
        let server = Server(listener, loops: machine.loops, settings: serving, log: log, handler: handler)
        servers.append(server)
        listeners.append((settings.service, server.address))
    }

    private func handler(
        _ settings: ListenerSettings,
        _ context: TLSServerContext?,
        isLocal: Bool,
        _ log: Log
    ) -> Server.Handler {
        switch settings.service {
        case .imap, .imaps:
            let service = IMAPService(
                backend: IMAPDesk(house: house, authenticator: authenticator, memory: memory, isLocal: isLocal),
                tls: settings.service.isImplicitTLS ? nil : context,
                allowsPlaintextLogIn: settings.allowsPlaintext,
                uploads: uploads,
                log: log
            )
            return { await service.serve($0) }
        case .submission, .submissions:
            let desk = SubmissionDesk(
                house: house,
                authenticator: authenticator,
                hostName: settings.hostName,
                isLocal: isLocal
            )
            return handler(settings, .submission, desk, context, log)
        case .lmtp:
            let desk = DeliveryDesk(house: house, hostName: settings.hostName, authservID: settings.authservID)
            return handler(settings, .lmtp, desk, context, log)
        }
    }

    private func handler(
        _ settings: ListenerSettings,
        _ role: SMTPServerConfiguration.Role,
        _ backend: any SMTPBackend,
        _ context: TLSServerContext?,
        _ log: Log
    ) -> Server.Handler {
        let limits = house.rulebook.configuration.gateway.limits
        var configuration = SMTPServerConfiguration(
            role: role,
            hostName: settings.hostName,
            tls: context == nil ? .none : settings.service.isImplicitTLS ? .implicit : .startTLS,
            allowsPlaintextLogInOnLoopback: settings.allowsPlaintext,
            maximumSize: limits.message,
            maximumRecipients: limits.recipients
        )
        configuration.trustedNetworks = settings.networks
        configuration.commandTimeout = limits.smtpIdle
        if role == .submission { configuration.carried = { [house] in house.carried } }
        let driver = SMTPServerDriver(
            configuration: configuration,
            backend: backend,
            tls: context,
            time: machine.time,
            entropy: machine.entropy,
            log: log
        )
        return { await driver.serve($0) }
    }

    private mutating func openSink(_ directory: String) throws {
        let log = machine.log.with("service", "sink")
        let folder = SinkFolder(
            directory: directory,
            files: machine.files,
            workers: machine.workers,
            entropy: machine.entropy,
            time: machine.time
        )
        let driver = SMTPServerDriver(
            configuration: SMTPServerConfiguration(role: .sink, hostName: "sink.invalid", tls: .none),
            backend: folder.backend,
            tls: nil,
            time: machine.time,
            entropy: machine.entropy,
            log: log
        )
        let listener = try Listener(
            on: machine.main,
            at: .ip(IPAddress(family: .v4, value: 0x7F00_0001), port: 0),
            log: log
        )
        let server = Server(listener, loops: machine.loops, log: log) { await driver.serve($0) }
        servers.append(server)
        sinkAddress = server.address
    }

    private mutating func certificate(_ files: CertificateFiles) throws -> TLSServerContext {
        if let known = certificates[files] { return known }
        let identity = TLSIdentity(certificateFile: files.certificate, keyFile: files.key)
        let context = try TLSServerContext(identities: [identity])
        certificates[files] = context
        return context
    }
}

extension SocketAddress {
    init(_ place: ListenerSettings.Place) {
        switch place {
        case .network(let address, let port): self = .ip(address, port: port)
        case .unix(let path): self = .unix(path)
        }
    }
}
