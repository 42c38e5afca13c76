internal import IMAPWire

// ID (RFC 2971): who the programs are, for logs.
extension CommandRun {
    static let serverID = [IDField(name: "name", value: "Greenroom")]

    func identify(_ fields: [IDField], _ session: any IMAPSession, _ out: Responder) async -> Completion {
        await session.identify(fields.map { ($0.name, $0.value) })
        out.response(.id(Self.serverID))
        return .ok("ID done")
    }
}
