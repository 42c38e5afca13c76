internal import IMAPWire

// ENABLE (RFC 5161): what cannot be enabled is passed over in silence.
extension CommandRun {
    /// Answers with the names that this command turned on, each once (RFC 5161 §3.2).
    func enable(_ names: [String], _ out: Responder) -> Completion {
        var all = enabled
        var new: [String] = []
        for name in names where !all.isSuperset(of: Enabled.named(name)) {
            all.formUnion(Enabled.named(name))
            new.append(name)
        }
        out.response(.enabled(new))
        return .ok("ENABLE done", then: .enabled(all))
    }
}
