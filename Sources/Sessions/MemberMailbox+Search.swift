internal import Base
internal import Flow
internal import IMAPServer
internal import Message
internal import Search
internal import Store

extension MemberMailbox {
    var now: Timestamp { house.time.now }

    func answers(
        to questions: [SearchQuestion],
        from: EditionID,
        through: EditionID
    ) async -> [IndexAnswer] {
        guard !questions.isEmpty, let index = house.index else { return [] }
        return await index.answers(to: questions, from: from, through: through)
    }

    func positions(
        of editions: [EditionID],
        part: EditionPart,
        passing test: @escaping @Sendable (_ position: Int, _ bytes: [UInt8]) -> Bool
    ) async throws(IMAPFailure) -> [Int] {
        do {
            // Read and looked through in one visit: the thread costs more than the reading.
            return try await house.store.read { transaction in
                try editions.indices.filter { position in
                    let bytes = try transaction.bytes(of: editions[position], part)
                    return bytes.map { test(position, $0) } ?? false
                }
            }
        } catch {
            throw house.failure(error)
        }
    }
}

extension ReadTransaction {
    /// The part of an edition, or more; nil where its bytes are gone or damaged.
    fileprivate func bytes(of edition: EditionID, _ part: EditionPart) throws(StoreError) -> [UInt8]? {
        do throws(StoreError) {
            if part == .header {
                let start = try bytes(of: edition, 0..<Self.headerGuess)
                let end: [UInt8] = [ASCII.cr, ASCII.lf, ASCII.cr, ASCII.lf]
                if start.count < Self.headerGuess || start.span.firstIndex(of: end) != nil { return start }
            }
            return try bytes(of: edition)
        } catch {
            switch error {
            case .missing, .damagedBody, .files: return nil
            default: throw error
            }
        }
    }

    /// Most headers end before it.
    private static let headerGuess = 16 * 1024
}
