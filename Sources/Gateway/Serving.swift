internal import Base
package import Config
package import Control
internal import Ledger
package import Reactor
internal import Synchronization

extension Gateway {
    /// Runs the gateway until a signal or a stopped store ends it: what `greenroom serve` does.
    ///
    /// SIGHUP opens the log file again, after it was rotated.
    package static func serve(
        _ configuration: Configuration,
        _ place: ConfigurationPlace,
        _ console: Console,
        on machine: Machine,
        logFile: LogFile?
    ) async throws -> ExitCode {
        try await machine.main.spawn { () async -> Result<ExitCode, any Error> in
            do {
                let signals = try ProcessSignals(on: machine.main)
                let hasStopped = Mutex(false)
                let gateway = try await start(configuration, from: place, on: machine) { error in
                    machine.log.error("the store has stopped, and the gateway with it: \(error)")
                    hasStopped.withLock { $0 = true }
                    machine.main.perform { signals.close() }
                }
                for listener in gateway.listeners {
                    console.say("listening: \(listener.service.rawValue) \(listener.address)")
                }
                console.say("control socket: \(configuration.gateway.controlSocket)")
                await gateway.run(signals, logFile: logFile)
                // Nothing may be answered any more after a failed commit (INV-2).
                if hasStopped.withLock({ $0 }) { return .success(.failure) }
                machine.log.info("stopping: sessions may finish")
                await gateway.shutDown()
                machine.log.info("stopped")
                return .success(.success)
            } catch {
                return .failure(error)
            }
        }.value.get()
    }

    /// Answers signals until one of them, or nobody any more, asks the gateway to end.
    package func run(_ signals: ProcessSignals, logFile: LogFile?) async {
        while let signal = await signals.next() {
            switch signal {
            case .terminate, .interrupt: return
            case .hangUp:
                do { try logFile?.reopen() } catch { machine.log.error("the log file stays the old one: \(error)") }
                _ = await reload(acceptingRemovals: false, by: .machine("SIGHUP"))
            }
        }
    }
}
