internal import Base
internal import IMAPServer

/// What all IMAP sessions of the gateway remember together, so that most commands ask no worker.
package final class IMAPMemory: Sendable {
    let contents = ContentCache(limit: Limits.cachedContents)
    /// What was parsed of messages when they came in: mail programs list the newest ones again and again.
    let structures = EditionCache<MessageStructure>(limit: Limits.cachedStructures) { $0.bytes.count + 128 }
    let folders = FolderCache()

    package init() {}
}
