internal import IMAPWire

// APPEND (RFC 9051 §6.3.12, RFC 3502, RFC 4315 §3).
extension CommandRun {
    func append(_ request: AppendRequest, _ session: any IMAPSession) async throws(IMAPFailure) -> Completion {
        let assembly = MessageAssembly(session: session, settings: settings)
        defer { assembly.end() }
        var messages: [AppendedMessage] = []
        do throws(IMAPFailure) {
            for item in request.messages { messages.append(try await assembly.message(item)) }
        } catch {
            // A mailbox that can be made is the better news (RFC 9051 §6.3.12).
            guard error.blame == .client, try await session.status([request.mailbox]) == [nil] else { throw error }
            throw .noSuchTarget
        }
        let result: AppendResult
        do throws(IMAPFailure) {
            result = try await session.append(messages, to: request.mailbox)
        } catch {
            throw error.forTarget
        }
        return .ok(result.note ?? "APPEND done", result.code)
    }
}

extension AppendResult {
    /// APPENDUID: one UID for each message, or nothing (RFC 4315 §3).
    var code: ResponseCode? {
        uids.isEmpty ? nil : .appendUID(validity: uidValidity, uids: uids)
    }
}

extension IMAPFailure {
    /// A missing target is told so that the client may make it (RFC 9051 §6.3.12).
    var forTarget: Self {
        code == .nonexistent ? Self(blame, .tryCreate, text) : self
    }
}
