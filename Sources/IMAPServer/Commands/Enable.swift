internal import Base
internal import IMAPWire

// ENABLE (RFC 5161): what cannot be enabled is passed over in silence.
extension CommandRun {
    /// Answers with the names that this command turned on, each once (RFC 5161 §3.2).
    func enable(_ names: [String], _ view: MailboxView?, _ out: Responder) -> Completion {
        var all = enabled
        var new: [String] = []
        for (name, brings) in Enabled.names {
            guard names.contains(where: { ASCII.equalsIgnoringCase($0, name) }), !all.isSuperset(of: brings) else {
                continue
            }
            all.formUnion(brings)
            new.append(name)
        }
        out.response(.enabled(new))
        if all.contains(.condStore), !enabled.contains(.condStore) { view?.tellHighestModSeq(into: &out.writer) }
        return .ok("ENABLE done", then: .enabled(all))
    }
}
