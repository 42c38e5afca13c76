internal import Base
internal import Campaigns
package import Config
package import Control
internal import Crypto
package import Flow
internal import IMAPServer
internal import Ledger
package import Net
internal import Outbound
internal import Reactor
internal import SMTPServer
internal import SQLite
internal import Search
internal import Sessions
package import Store
internal import Synchronization

/// The whole house, built from a configuration and running: wiring, nothing else.
package final class Gateway: Sendable {
    package let house: House
    /// Where each listener listens; ports are known even where the configuration said 0.
    package let listeners: [(service: ListenerSettings.Service, address: SocketAddress)]
    let machine: Machine
    /// Where a reload reads the configuration; nil where it came from nowhere.
    let place: ConfigurationPlace?
    let lastReload = Mutex<ReloadReport?>(nil)
    let startedAt: Instant
    /// The listeners' servers, in the order of `listeners`, and those of the house's own.
    let servers: [Server]
    let certificates: [CertificateFiles: TLSServerContext]
    private let control = Mutex<Server?>(nil)
    private let tasks: [LoopTask<Void>]

    private init(
        house: House,
        machine: Machine,
        place: ConfigurationPlace?,
        doors: Doors,
        tasks: [LoopTask<Void>]
    ) {
        self.house = house
        self.machine = machine
        self.place = place
        startedAt = machine.time.instant
        self.servers = doors.servers
        self.listeners = doors.listeners
        self.certificates = doors.certificates
        self.tasks = tasks
    }

    /// Opens the store, takes the configuration into force and starts to listen.
    ///
    /// Called on `machine.main`. `place` is where the files are, for reloads; without it there is no
    /// control socket. `whenStopped` is called when the store cannot go on: the process should end
    /// (INV-2).
    package static func start(
        _ configuration: Configuration,
        from place: ConfigurationPlace? = nil,
        on machine: Machine,
        whenStopped: @escaping @Sendable (StoreError) -> Void
    ) async throws -> Gateway {
        let (house, keys) = try await openHouse(configuration, on: machine, whenStopped: whenStopped)
        do {
            let doors = try await Doors.open(house: house, decoyKey: keys.decoy, machine: machine)
            var tasks = [Timekeeper(house: house).start(on: machine.loops.next())]
            tasks.append(Housekeeper(house: house).start(on: machine.main))
            tasks.append(
                try Dispatcher.start(house: house, keys: keys, sinkAddress: doors.sinkAddress, machine: machine)
            )
            if let index = house.index {
                tasks.append(IndexService(index: index, house: house).start(on: machine.loops.next()))
            }
            tasks += try MirrorService.start(house: house, machine: machine)
            let gateway = Gateway(house: house, machine: machine, place: place, doors: doors, tasks: tasks)
            do {
                if place != nil { try gateway.openControl() }
            } catch {
                await gateway.shutDown()
                throw error
            }
            return gateway
        } catch {
            house.store.close()
            throw error
        }
    }

    /// Opens the store and takes the configuration into force, with nobody listening: for commands
    /// where no gateway runs.
    ///
    /// Closing the store ends it.
    package static func openHouse(_ configuration: Configuration, on machine: Machine) async throws -> House {
        try await openHouse(configuration, on: machine) { _ in }.house
    }

    private static func openHouse(
        _ configuration: Configuration,
        on machine: Machine,
        whenStopped: @escaping @Sendable (StoreError) -> Void
    ) async throws -> (house: House, keys: HouseKeys) {
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
        do {
            let keys = try await HouseKeys.load(from: configuration.gateway.dataDirectory, machine)
            let directory = configuration.gateway.dataDirectory
            let index = await machine.workers.run { () -> SearchIndex? in
                do {
                    return try SearchIndex(of: store, in: directory, machine.indexEnvironment())
                } catch {
                    machine.log.error("there is no search index, messages are read instead: \(error)")
                    return nil
                }
            }
            let house = House(
                store: store,
                index: index,
                rules: rules,
                sealKey: keys.seal,
                time: machine.time,
                entropy: machine.entropy,
                log: machine.log
            )
            try await house.accept(configuration)
            try await house.tellRestore()
            let smarthost = configuration.gateway.smarthost.name
            try await store.read { try house.smarthost.recall(smarthost, from: $0) }
            return (house, keys)
        } catch {
            store.close()
            throw error
        }
    }

    /// Opens the control socket; called on the main loop.
    private func openControl() throws {
        let desk = ControlDesk(
            house: house,
            files: machine.files,
            user: ProcessIdentity.user,
            reload: { [self] in await reload(acceptingRemovals: $0, by: $1) },
            report: { [self] in report() }
        )
        let server = try ControlServer.open(
            at: house.rulebook.configuration.gateway.controlSocket,
            desk: desk,
            directories: machine.secrets,
            on: machine.main,
            loops: machine.loops,
            log: machine.log
        )
        control.withLock { $0 = server }
        server.start()
    }

    /// Reads certificates again; the old ones stay where new ones are bad.
    ///
    /// - Returns: What is wrong with new ones.
    @discardableResult
    package func reloadCertificates() -> [String] {
        var problems: [String] = []
        for context in certificates.values {
            do {
                try context.reload()
            } catch {
                problems.append("certificate: \(error)")
            }
        }
        return problems.sorted()
    }

    /// Stops accepting, lets sessions finish until the deadline, and closes the store.
    package func shutDown() async {
        let deadline = machine.time.instant.advanced(by: house.rulebook.configuration.gateway.limits.drain)
        if let control = control.withLock({ $0.take() }) { await control.shutDown(until: deadline) }
        for server in servers { await server.shutDown(until: deadline) }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        house.store.close()
    }
}
