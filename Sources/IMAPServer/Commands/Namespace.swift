internal import IMAPWire

// NAMESPACE (RFC 2342).
extension CommandRun {
    func namespace(_ session: any IMAPSession, _ out: Responder) async throws(IMAPFailure) -> Completion {
        let namespaces = try await session.namespaces()
        out.response(
            .namespace(
                NamespaceEntries(
                    personal: entries(namespaces.personal),
                    others: entries(namespaces.others),
                    shared: entries(namespaces.shared)
                )
            )
        )
        return .ok("NAMESPACE done")
    }

    private func entries(_ prefixes: [String]) -> [NamespaceEntries.Entry] {
        prefixes.map { NamespaceEntries.Entry(prefix: enabled.wireName($0)) }
    }
}
