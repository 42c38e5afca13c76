package import Base
package import SQLite

/// What the store stands on: the live set of the gateway, or the simulated one of a test.
package struct StoreEnvironment: Sendable {
    /// The file system below the database; nil for the system's.
    package var vfs: VFSRegistration?
    /// The file system of large bodies and backups.
    package var files: any Files
    package var entropy: any Entropy
    package var time: any TimeSource
    package var log: Log
    /// One thread: the writer's.
    package var writer: any JobQueue
    /// Up to `Limits.readConnections` threads.
    package var readers: any JobQueue
    /// Parses messages when they come in; nil where nobody asks for what it makes.
    package var structures: StructureMaker?

    package init(
        vfs: VFSRegistration? = nil,
        files: any Files,
        entropy: any Entropy,
        time: any TimeSource,
        log: Log,
        writer: any JobQueue,
        readers: any JobQueue,
        structures: StructureMaker? = nil
    ) {
        self.vfs = vfs
        self.files = files
        self.entropy = entropy
        self.time = time
        self.log = log
        self.writer = writer
        self.readers = readers
        self.structures = structures
    }
}

/// Folds the events of a change into records and brings placements up to date, inside its
/// transaction: handed in, since the store knows neither events nor views.
///
/// Runs after every change, with the events that it appended, which may be none.
package typealias Projection = @Sendable (Transaction, [EventRow]) throws -> Void

/// What the parts of one open store share.
struct StoreContext: Sendable {
    let environment: StoreEnvironment
    let project: Projection
    let whenStopped: @Sendable (StoreError) -> Void
    let bodies: Bodies
    let snapshots: Snapshots
}
