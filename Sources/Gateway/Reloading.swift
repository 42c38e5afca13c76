internal import Base
internal import Campaigns
internal import Config
package import Control
internal import Flow
package import Ledger
internal import Net
internal import Reactor
internal import Synchronization

// Reading the configuration again while the house goes on (DESIGN §7).

extension Gateway {
    /// Reads files and certificates again and takes them into force, or says why not.
    ///
    /// What is invalid changes nothing: the old configuration stays in force.
    package func reload(acceptingRemovals: Bool, by actor: Actor) async -> ReloadReport {
        let old = house.rulebook.configuration
        var report = ReloadReport(at: machine.time.now, by: actor, version: house.rulebook.version)
        report.problems = await {
            guard let place else { return ["the configuration came from no directory"] }
            let secrets = machine.secrets
            let reading = await machine.workers.run { () -> ConfigurationReading in place.load(from: secrets) }
            guard let new = reading.configuration else { return reading.problems.map(\.description) }
            let difference = new.difference(from: old)
            guard acceptingRemovals || !difference.needsConsent else {
                let names = difference.removedCreators.map(\.rawValue).joined(separator: ", ")
                return ["much of the roster is missing: \(names); say --accept-removals if that is meant"]
            }
            let faults = reloadCertificates()
            guard faults.isEmpty else { return faults }
            do {
                try await house.accept(new, by: actor)
            } catch {
                return ["the store did not take it: \(error)"]
            }
            report.changes = difference.lines
            do {
                report.changes += try await house.orphans()
            } catch {
                machine.log.error("mail of members who left could not be looked for: \(error)")
            }
            report.restarts = new.needsRestart(from: old)
            return []
        }()
        report.version = house.rulebook.version
        lastReload.withLock { $0 = report }
        house.outboundMayHaveChanged()
        tell(report)
        return report
    }

    private func tell(_ report: ReloadReport) {
        guard report.isAccepted else {
            for problem in report.problems { machine.log.error("not reloaded: \(problem)") }
            return
        }
        for change in report.changes { machine.log.info("reloaded: \(change)") }
        for restart in report.restarts { machine.log.warning("reloaded: restart the gateway: \(restart)") }
        machine.log.info("reloaded: configuration \(report.version) is in force")
    }

    /// How the gateway is, for `greenroom status`.
    package func report() -> GatewayReport {
        GatewayReport(
            uptime: machine.time.instant.duration(since: startedAt),
            listeners: zip(listeners, servers).map { listener, server in
                GatewayReport.Listener(
                    service: listener.service.rawValue,
                    address: listener.address.description,
                    connections: server.connectionCount
                )
            },
            certificates: certificates.values.flatMap(\.certificates).map {
                GatewayReport.Certificate(file: $0.file, notAfter: $0.notAfter)
            }.sorted { $0.file < $1.file },
            lastReload: lastReload.withLock { $0 }
        )
    }
}

extension Configuration {
    /// What is looked at once, when the gateway starts.
    func needsRestart(from old: Self) -> [String] {
        var names: [String] = []
        func compare(_ name: String, _ path: KeyPath<GatewaySettings, some Equatable>) {
            if gateway[keyPath: path] != old.gateway[keyPath: path] { names.append(name) }
        }
        compare("listeners change", \.listeners)
        compare("the smarthost changes", \.smarthost)
        compare("limits change", \.limits)
        compare("the log changes", \.log)
        compare("the data directory changes", \.dataDirectory)
        compare("the control socket changes", \.controlSocket)
        let mirrored = { (settings: GatewaySettings) in
            settings.accounts.filter { if case .mirrored = $0.kind { true } else { false } }
        }
        if mirrored(gateway) != mirrored(old.gateway) { names.append("mirrored accounts change") }
        return names
    }
}
