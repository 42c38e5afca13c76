internal import Base
internal import Campaigns
package import Config
internal import Crypto
package import Flow
internal import IMAPServer
internal import Ledger
package import Net
internal import Outbound
internal import Reactor
internal import SMTPServer
internal import SQLite
internal import Sessions
package import Store

/// The whole house, built from a configuration and running: wiring, nothing else.
package final class Gateway: Sendable {
    package let house: House
    /// Where each listener listens; ports are known even where the configuration said 0.
    package let listeners: [(service: ListenerSettings.Service, address: SocketAddress)]
    private let machine: Machine
    private let servers: [Server]
    private let certificates: [CertificateFiles: TLSServerContext]
    private let tasks: [LoopTask<Void>]

    private init(
        house: House,
        machine: Machine,
        doors: Doors,
        tasks: [LoopTask<Void>]
    ) {
        self.house = house
        self.machine = machine
        self.servers = doors.servers
        self.listeners = doors.listeners
        self.certificates = doors.certificates
        self.tasks = tasks
    }

    /// Opens the store, takes the configuration into force and starts to listen.
    ///
    /// Called on `machine.main`. `whenStopped` is called when the store cannot go on: the process
    /// should end (INV-2).
    package static func start(
        _ configuration: Configuration,
        on machine: Machine,
        whenStopped: @escaping @Sendable (StoreError) -> Void
    ) async throws -> Gateway {
        let rules = RulebookBox(Rulebook(configuration))
        let projector = Projector { rules.value }
        let store = try await machine.workers.run {
            try Store.open(
                configuration.gateway.dataDirectory,
                in: machine.storeEnvironment(),
                project: projector.project,
                whenStopped: whenStopped
            )
        }
        let keys = try await HouseKeys.load(from: configuration.gateway.dataDirectory, machine)
        let house = House(
            store: store,
            rules: rules,
            sealKey: keys.seal,
            time: machine.time,
            entropy: machine.entropy,
            log: machine.log
        )
        try await house.accept(configuration)
        let doors = try await Doors.open(house: house, decoyKey: keys.decoy, machine: machine)
        var tasks = [Timekeeper(house: house).start(on: machine.loops.next())]
        tasks.append(try Dispatcher.start(house: house, keys: keys, sinkAddress: doors.sinkAddress, machine: machine))
        tasks += try MirrorService.start(house: house, machine: machine)
        return Gateway(house: house, machine: machine, doors: doors, tasks: tasks)
    }

    /// Reads certificates again; the old ones stay where new ones are bad.
    package func reloadCertificates() {
        for (files, context) in certificates {
            do {
                try context.reload()
            } catch {
                machine.log.error("certificate \(files.certificate) stays the old one: \(error)")
            }
        }
    }

    /// Stops accepting, lets sessions finish until the deadline, and closes the store.
    package func shutDown() async {
        let deadline = machine.time.instant.advanced(by: house.rulebook.configuration.gateway.limits.drain)
        for server in servers { await server.shutDown(until: deadline) }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        house.store.close()
    }
}
