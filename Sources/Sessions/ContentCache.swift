internal import Base
internal import IMAPServer

/// The bytes of messages that were asked for recently, with what was parsed of them: a client that
/// fetches a large part in chunks, and members who read the same new mail, are answered from memory.
final class ContentCache: Sendable {
    private let cache: EditionCache<EditionContent>

    init(limit: Int) {
        // The bytes, and about what is parsed of a usual message.
        cache = EditionCache(limit: limit) { $0.bytes.count + 1024 }
    }

    /// What is kept of each edition, where that is as much as is asked for.
    func contents(of editions: [EditionID], part: EditionPart) -> [EditionContent?] {
        cache.values(of: editions) { part == .header || $0.isComplete }
    }

    func insert(_ contents: [EditionContent]) { cache.insert(contents.map { ($0.edition, $0) }) }

    /// Octets that are kept.
    var octets: Int { cache.octets }
}
