internal import Base
internal import Message

/// What our own server recorded of a message's authentication (RFC 8601).
struct AuthenticationVerdict: Hashable, Sendable {
    enum Outcome: Hashable, Sendable {
        case pass
        case fail
        /// No verdict, `none`, a temporary error, a policy: neither one nor the other.
        case open
    }

    private(set) var dmarc = Outcome.open
    /// The domains that signed, where the signature holds.
    private(set) var signers: [DomainName] = []

    /// Reads the first field whose authserv-id is ours; all others are text from outside.
    init(_ fields: [AuthenticationResults], believing authservID: String?) {
        guard let authservID,
            let ours = fields.first(where: { ASCII.equalsIgnoringCase($0.authservID, authservID) })
        else { return }
        let verdicts = ours.results.filter { $0.method == "dmarc" }.map(\.value)
        // A server that says it twice means the worse.
        dmarc = verdicts.contains("fail") ? .fail : verdicts.contains("pass") ? .pass : .open
        for result in ours.results where result.method == "dkim" && result.value == "pass" {
            signers += result.properties.filter { $0.name == "header.d" }.map { DomainName($0.value) }
        }
    }

    /// Whether the domain in From is proven: by DMARC, or by a signature of the domain or one above.
    func proves(_ domain: DomainName) -> Bool {
        if dmarc == .pass { return true }
        return dmarc == .open && signers.contains { domain.isWithin($0) && $0.name.contains(".") }
    }
}
