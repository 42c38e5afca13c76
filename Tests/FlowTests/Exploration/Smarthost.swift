import Base
import Net
import Outbound
import Reactor
import SASL
import SMTPClient
import SMTPServer
import SMTPWire
import Synchronization
import TestSupport

@testable import Flow

/// A smarthost in memory that remembers what reached it, and the relay that talks to it.
final class Smarthost: Sendable {
    enum Mood: Hashable, Sendable {
        case takes
        /// 4yz to every message.
        case waits
        /// 5yz to every message.
        case refuses
    }

    /// A message whose 250 went out.
    struct Arrival: Sendable {
        let envelope: SMTPWire.Envelope
        let bytes: [UInt8]
        /// What the house's disk had seen by then.
        let operations: Int
    }

    private let mood: Mood
    private let disk: SimulatedDisk
    private let taken = Mutex<[Arrival]>([])

    init(_ mood: Mood, watching disk: SimulatedDisk) {
        self.mood = mood
        self.disk = disk
    }

    var arrivals: [Arrival] { taken.withLock { $0 } }

    /// Runs the house's relay over everything that is due, on a loop that this thread steps.
    func relay(_ flow: FlowHouse) async throws {
        let loop = EventLoop(stepped: flow.clock)
        let house = flow.house
        let relay = Relay(
            store: house.store,
            recorder: DeliveryRecorder(
                rulebook: { house.rulebook },
                sealKey: Secret([UInt8](repeating: 7, count: 32))
            ),
            driver: SMTPClientDriver(
                configuration: SMTPClientConfiguration(
                    endpoint: Endpoint(host: "smarthost.example", port: 25),
                    security: .plaintext,
                    name: "greenroom.example"
                ),
                dialer: MemoryDialer(smarthost: self, clock: flow.clock),
                tls: nil,
                time: flow.clock
            ),
            credentials: { nil },
            host: "smarthost.example",
            time: flow.clock,
            log: .silent
        )
        let task = loop.spawn { () async -> (any Error)? in
            do {
                // As after a restart, which lies before every run.
                try await relay.recover()
                _ = try await relay.sendDue(on: loop)
                return nil
            } catch {
                return error
            }
        }
        loop.settle()
        if let error = await task.value { throw error }
    }

    fileprivate func serve(_ connection: Connection, _ clock: ManualClock) async {
        let driver = SMTPServerDriver(
            configuration: SMTPServerConfiguration(role: .sink, hostName: "smarthost.example", tls: .none),
            backend: SinkBackend { [self] in take($0) },
            tls: nil,
            time: clock,
            entropy: SeededEntropy(),
            log: .silent
        )
        await driver.serve(connection)
    }

    private func take(_ message: ReceivedMessage) -> SMTPReply {
        switch mood {
        case .waits: return SMTPReply(451, EnhancedStatus(4, 3, 0), "Later")
        case .refuses: return SMTPReply(554, EnhancedStatus(5, 7, 1), "Never")
        case .takes: break
        }
        let arrival = Arrival(envelope: message.envelope, bytes: message.bytes, operations: disk.operationCount)
        taken.withLock { $0.append(arrival) }
        return SMTPReply(250, EnhancedStatus(2, 0, 0), "Taken")
    }
}

/// Connects to the smarthost in memory.
private struct MemoryDialer: Dialer {
    let smarthost: Smarthost
    let clock: ManualClock

    func dial(_ endpoint: Endpoint, on loop: EventLoop, until deadline: Instant) async throws(NetError) -> Connection {
        let (near, far) = Connection.pair(on: loop)
        loop.spawn { [smarthost, clock] in await far.use { await smarthost.serve(far, clock) } }
        return near
    }
}
