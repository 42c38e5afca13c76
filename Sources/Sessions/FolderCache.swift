internal import Base
internal import Campaigns
internal import Config
internal import Synchronization

/// The folders of each member as they were last read, good as long as nothing changed that they
/// depend on: SELECT, STATUS, LIST and a log-in after the first ask no worker for them.
final class FolderCache: Sendable {
    /// What the folders depend on.
    struct Version: Hashable {
        /// The mailboxes and subscriptions (`Store.listVersion`).
        let list: Int
        /// The configuration (`Rulebook.version`).
        let rules: String
    }

    private let known = Mutex<[MemberID: (version: Version, folders: FolderList)]>([:])

    func folders(of member: MemberID, _ version: Version) -> FolderList? {
        known.withLock { known in
            known[member].flatMap { $0.version == version ? $0.folders : nil }
        }
    }

    /// Keeps folders; `version` was taken before they were read.
    func keep(_ folders: FolderList, of member: MemberID, _ version: Version) {
        known.withLock { $0[member] = (version, folders) }
    }
}
