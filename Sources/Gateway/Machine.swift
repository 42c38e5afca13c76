package import Base
internal import Crypto
internal import IMAPServer
package import Reactor
internal import SQLite
package import Search
package import Store

/// What the house stands on: loops, worker threads, clock, randomness, files.
///
/// The live set; a test may put other parts in.
package struct Machine: Sendable {
    package let loops: EventLoopGroup
    /// The loop that listeners, signals and the start itself run on.
    package var main: EventLoop { loops.loops[0] }

    /// Password checks, name look-ups, small file work.
    package let workers: WorkerPool
    /// The store's writer, alone on its thread.
    package let writer: WorkerThread
    /// The store's readers.
    package let readers: WorkerPool
    /// Where the search index takes messages in, behind everybody else.
    package let indexer: WorkerThread
    package let time: any TimeSource
    package let entropy: any Entropy
    package let files: any Files
    package let secrets: SystemSecrets
    package let log: Log

    /// The live set, with as many loops as the machine has cores.
    package static func live(loops: Int, log: Log) throws -> Self {
        Self(
            loops: try EventLoopGroup(count: loops, log: log),
            workers: try WorkerPool(name: "worker", threads: 2, capacity: Limits.waitingJobs),
            writer: try WorkerThread(name: "writer"),
            readers: try WorkerPool(name: "reader", threads: Limits.readConnections, capacity: Limits.waitingJobs),
            indexer: try WorkerThread(name: "indexer", isBackground: true),
            time: SystemClock(),
            entropy: SystemEntropy(),
            files: SystemFiles(),
            secrets: SystemSecrets(),
            log: log
        )
    }

    package func storeEnvironment() -> StoreEnvironment {
        StoreEnvironment(
            files: files,
            entropy: entropy,
            time: time,
            log: log,
            writer: writer,
            readers: readers,
            structures: .mail
        )
    }

    package func indexEnvironment() -> IndexEnvironment {
        IndexEnvironment(files: files, log: log, readers: readers, indexer: indexer)
    }
}

extension StructureMaker {
    /// Parses what comes in by any door for FETCH, SORT and THREAD.
    fileprivate static let mail = Self(version: MessageStructure.version) { MessageStructure(parsing: $0).bytes }
}
