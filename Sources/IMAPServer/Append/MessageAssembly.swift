internal import Base
internal import IMAPWire

/// Makes the messages of APPEND and REPLACE from what the client sent, and from what it points at
/// (CATENATE, RFC 4469).
final class MessageAssembly {
    private let session: any IMAPSession
    private let settings: EngineSettings
    /// Held until the command is done.
    private var shares: [UploadBudget.Share] = []

    init(session: any IMAPSession, settings: EngineSettings) {
        self.session = session
        self.settings = settings
    }

    func message(_ item: AppendItem) async throws(IMAPFailure) -> AppendedMessage {
        let bytes: [UInt8]
        switch item.content {
        case .message(let message): bytes = message
        case .parts(let parts): bytes = try await joined(parts)
        }
        guard !bytes.isEmpty else { throw .refused(.cannot, "An empty message cannot be kept") }
        return AppendedMessage(flags: item.flags, received: item.received, bytes: bytes)
    }

    /// Gives back what was set aside.
    func end() { shares.removeAll() }

    private func joined(_ parts: [CatenatePart]) async throws(IMAPFailure) -> [UInt8] {
        var result: [UInt8] = []
        for part in parts {
            let octets: [UInt8]
            switch part {
            case .text(let text): octets = text
            case .url(let url): octets = try await self.octets(of: url, room: settings.appendLimit - result.count)
            }
            guard result.count + octets.count <= settings.appendLimit else { throw Self.tooBig }
            result += octets
        }
        return result
    }

    private func octets(of url: String, room: Int) async throws(IMAPFailure) -> [UInt8] {
        guard let target = MessageURL(url) else {
            throw .refused(.badURL(url), "That is no URL of a message here")
        }
        let mailbox: any IMAPMailbox
        do throws(IMAPFailure) {
            mailbox = try await session.open(target.mailbox, readOnly: true)
        } catch {
            throw error.blame == .client ? .refused(.badURL(url), "There is no such mailbox") : error
        }
        let octets: Result<[UInt8], IMAPFailure>
        do throws(IMAPFailure) {
            octets = .success(try await self.octets(of: target, url, in: mailbox, room: room))
        } catch {
            octets = .failure(error)
        }
        await mailbox.close()
        return try octets.get()
    }

    private func octets(
        of target: MessageURL,
        _ url: String,
        in mailbox: any IMAPMailbox,
        room: Int
    ) async throws(IMAPFailure) -> [UInt8] {
        let snapshot = mailbox.latestSnapshot
        guard target.uidValidity == nil || target.uidValidity == snapshot.uidValidity,
            let index = snapshot.index(of: target.uid)
        else { throw .refused(.badURL(url), "There is no such message") }
        let entry = snapshot.entries[index]
        // A part may be small where its message is not: what is held for it counts (INV-9).
        guard let share = settings.uploads.reserve(Int(entry.size) * 2) else {
            throw .refused(.limit, "Too much is being uploaded at the moment; try again")
        }
        shares.append(share)
        guard let content = try await mailbox.contents(of: [entry.edition], part: .whole).first ?? nil else {
            throw .refused(.badURL(url), "The message is not there any more")
        }
        var message = FetchedMessage(content)
        guard let octets = message.octets(of: target.section) else {
            throw .refused(.badURL(url), "The message has no such part")
        }
        guard let partial = target.partial else {
            guard octets.count <= room else { throw Self.tooBig }
            return Array(octets)
        }
        let range = partial.clipped(to: octets.count)
        return Array(octets.dropFirst(range.lowerBound).prefix(range.count))
    }

    /// RFC 4469 §4.2.
    private static let tooBig = IMAPFailure.refused(.tooBig, "The message would be larger than the server takes")
}
