internal import IMAPWire

// ENABLE (RFC 5161): what cannot be enabled is passed over in silence.
extension CommandRun {
    func enable(_ names: [String], _ out: Responder) -> Completion {
        out.response(.enabled(names.filter { Self.canBeEnabled.contains($0) }))
        return .ok("ENABLE done")
    }

    /// Extensions that change what the server sends, and so wait to be asked for.
    private static let canBeEnabled: Set<String> = []
}
