internal import Base

/// What all IMAP sessions of the gateway remember together, so that most commands ask no worker.
package final class IMAPMemory: Sendable {
    let contents = ContentCache(limit: Limits.cachedContents)
    let folders = FolderCache()

    package init() {}
}
