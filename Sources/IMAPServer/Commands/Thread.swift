internal import Base
internal import IMAPWire

// THREAD and UID THREAD (RFC 5256 §3).
extension CommandRun {
    func thread(
        _ request: ThreadRequest,
        byUID: Bool,
        _ view: MailboxView,
        _ out: Responder
    ) async throws(IMAPFailure) -> Completion {
        let key = request.search.key
        let telling: MailboxView.Telling = byUID && !key.namesNumbers ? .everything : .withoutExpunges
        if let refusal = Self.refusal(ofCharset: request.search.charset, telling) { return refusal }
        let progress = Progress(of: tag, out)
        let found = try await SearchProgram(try await key.withoutObjectIDs(in: view), in: view).run(view, progress)
        let messages = try await ThreadedMessage.read(found, byUID: byUID, request.algorithm, view, progress)
        let forest = try await view.mailbox.compute {
            switch request.algorithm {
            case .orderedSubject: SubjectThreads.forest(of: messages)
            case .references: ReferenceThreads.forest(of: messages)
            }
        }
        out.writer.threads(forest)
        return .ok("THREAD done", telling: telling)
    }
}
