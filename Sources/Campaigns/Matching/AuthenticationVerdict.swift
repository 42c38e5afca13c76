internal import Base

/// What our own server recorded of a message's authentication (RFC 8601).
struct AuthenticationVerdict: Hashable, Sendable {
    enum Result: Hashable, Sendable {
        case pass
        case fail
        /// No verdict, `none`, a temporary error, a policy: neither one nor the other.
        case open
    }

    private(set) var dmarc = Result.open
    /// The domains that signed, where the signature holds.
    private(set) var signers: [DomainName] = []

    /// Reads the first field whose authserv-id is ours; all others are text from outside.
    init(_ fields: [String], believing authservID: String?) {
        guard let authservID else { return }
        for field in fields {
            let parts = Self.parts(of: field)
            guard let id = parts.first?.split(whereSeparator: \.isWhitespace).first,
                ASCII.equalsIgnoringCase(String(id), authservID)
            else { continue }
            for part in parts.dropFirst() { read(part) }
            return
        }
    }

    /// Whether the domain in From is proven: by DMARC, or by a signature of the domain or one above.
    func proves(_ domain: DomainName) -> Bool {
        if dmarc == .pass { return true }
        return dmarc == .open && signers.contains { domain.isWithin($0) && $0.name.contains(".") }
    }

    private mutating func read(_ part: String) {
        var tokens = part.split(whereSeparator: { $0.isWhitespace || $0 == "=" })[...]
        guard let method = tokens.popFirst(), let word = tokens.popFirst() else { return }
        let result: Result =
            switch ASCII.lowercased(String(word)) {
            case "pass": .pass
            case "fail": .fail
            default: .open
            }
        switch ASCII.lowercased(String(method.prefix { $0 != "/" })) {
        case "dmarc":
            // A server that says it twice means the worse.
            dmarc = dmarc == .fail ? .fail : result
        case "dkim":
            guard result == .pass else { return }
            while let name = tokens.popFirst() {
                guard ASCII.equalsIgnoringCase(String(name), "header.d"), let value = tokens.first else { continue }
                signers.append(DomainName(value))
            }
        default:
            return
        }
    }

    /// The parts between semicolons, comments dropped, quotes opened.
    private static func parts(of field: String) -> [String] {
        var parts = [""]
        var depth = 0
        var quoted = false
        var escaped = false
        for character in field {
            if escaped {
                escaped = false
                if depth == 0 { parts[parts.count - 1].append(character) }
                continue
            }
            switch character {
            case "\\" where quoted || depth > 0: escaped = true
            case "\"" where depth == 0: quoted.toggle()
            case "(" where !quoted: depth += 1
            case ")" where !quoted && depth > 0:
                depth -= 1
                if depth == 0 { parts[parts.count - 1].append(" ") }
            case ";" where !quoted && depth == 0: parts.append("")
            default:
                if depth == 0 { parts[parts.count - 1].append(quoted && character == ";" ? " " : character) }
            }
        }
        return parts
    }
}
