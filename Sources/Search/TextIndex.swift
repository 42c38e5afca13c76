package import Base
package import Message
package import SQLite

/// What SEARCH asks before it reads messages: SQLite's FTS5 here, something else beside another
/// database (DESIGN §5).
///
/// It may lag behind the store and never lies: what it does not know is read.
package protocol TextIndex: Sendable {
    /// One answer to each question for a range of editions; none where it cannot answer.
    ///
    /// Only editions that stand in the asking session's snapshot may be looked up in the answers.
    func answers(
        to questions: [SearchQuestion],
        from: EditionID,
        through: EditionID
    ) async -> [IndexAnswer]

    /// Takes in a slice of what the store has beyond it; whether there may be more.
    func advance() async -> Bool

    /// How far it is.
    func progress() async throws -> IndexProgress

    /// Forgets everything; `advance` builds it anew.
    func rebuild() async throws

    /// Takes every trace of editions out of it that the store has no more: a person's erasure (INV-6).
    func erase(_ editions: Set<EditionID>) async throws

    /// Calls `wake` when there is something to take in that no change of the store has told of.
    func onRebuild(_ wake: @escaping @Sendable () -> Void)
}

/// How far an index is.
package struct IndexProgress: Sendable, Hashable {
    /// Messages that it knows.
    package let indexed: Int
    /// Messages that are not in it yet.
    package let pending: Int

    package init(indexed: Int, pending: Int) {
        self.indexed = indexed
        self.pending = pending
    }
}

/// What an index stands on: the live set of the gateway, or the simulated one of a test.
package struct IndexEnvironment: Sendable {
    /// The file system below the database; nil for the system's.
    package var vfs: VFSRegistration?
    package var files: any Files
    package var log: Log
    /// Where questions are answered.
    package var readers: any JobQueue
    /// One thread that nobody waits for: where messages are taken in.
    package var indexer: any JobQueue

    package init(
        vfs: VFSRegistration? = nil,
        files: any Files,
        log: Log,
        readers: any JobQueue,
        indexer: any JobQueue
    ) {
        self.vfs = vfs
        self.files = files
        self.log = log
        self.readers = readers
        self.indexer = indexer
    }
}
