internal import IMAPWire

// GETMETADATA (RFC 5464 §4.2).
extension CommandRun {
    func getMetadata(
        _ request: MetadataRequest,
        _ session: any IMAPSession,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        guard let all = try await session.metadata(of: [request.mailbox]).first ?? nil else { throw .noSuchMailbox }
        let values = request.chosen(from: all)
        let name = request.mailbox.map { wireName($0) } ?? []
        let shown = values.filter { !request.isTooLong($0) }
        if !shown.isEmpty { out.response(.metadata(name: name, shown)) }
        let longest = values.filter { request.isTooLong($0) }.compactMap { $0.value?.count }.max()
        return .ok("GETMETADATA done", longest.map { .metadataLongEntries(UInt64($0)) })
    }
}

extension MetadataRequest {
    /// The annotations that are asked for, in order; NIL for one named that has no value.
    func chosen(from all: [MetadataValue]) -> [MetadataValue] {
        let found = all.filter { value in
            entries.contains { entry in value.entry.depth(below: entry).map { depth.reaches($0) } ?? false }
        }
        let there = Set(found.map(\.entry))
        // Something is answered always (RFC 5464 §4.2).
        let missing = depth == .zero || found.isEmpty ? entries.filter { !there.contains($0) } : []
        return (found + missing.map { MetadataValue($0, nil) }).sorted { $0.entry < $1.entry }
    }

    func isTooLong(_ value: MetadataValue) -> Bool {
        guard let maxSize, let octets = value.value else { return false }
        return octets.count > Int(maxSize)
    }
}
