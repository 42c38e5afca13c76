internal import Base
internal import Message

/// Whether a mail answers, quotes or attaches what Greenroom wrote: a card, a notice, a header block
/// (INV-4).
///
/// Whatever Greenroom writes names its command domain in From, Message-ID and text, which no client's way
/// of quoting and forwarding takes out of all three.
enum InternalContent {
    static func stands(in message: ParsedMessage, commandDomain: String) -> Bool {
        let search = Search(message: message, domain: ASCII.lowercased(commandDomain))
        return search.namesUs(message.header, ["In-Reply-To", "References"])
            || search.isFound(in: message.root, depth: 0)
    }

    private struct Search {
        let message: ParsedMessage
        let domain: String

        /// Whether one of these fields names an address or id of ours.
        func namesUs(_ header: Header, _ names: [String]) -> Bool {
            names.contains { name in header.all(name).contains { holds(ASCII.lowercased($0.unfolded)) } }
        }

        func isFound(in part: MIMEPart, depth: Int) -> Bool {
            switch part.content {
            case .multipart(let parts):
                return parts.contains { isFound(in: $0, depth: depth) }
            case .message(let inner):
                if part.encoding == .base64 || part.encoding == .quotedPrintable {
                    return isFoundEncoded(in: part, depth)
                }
                return inner.contains { isOurs($0.header) || isFound(in: $0, depth: depth) }
            case .leaf:
                guard part.mediaType.name.hasPrefix("text/") else { return false }
                let text = ASCII.lowercased(message.decodedBody(of: part, limit: Limits.readableText * 16))
                return holds(text) || text.span.firstIndex(of: Array("greenroom-seal:".utf8)) != nil
            }
        }

        /// RFC 6532 §3.7 allows to encode an attached message.
        private func isFoundEncoded(in part: MIMEPart, _ depth: Int) -> Bool {
            // What could not be looked into is taken for the worse.
            guard depth < Limits.mimeDepth else { return true }
            let inner = ParsedMessage(message.decodedBody(of: part))
            let search = Self(message: inner, domain: domain)
            return search.isOurs(inner.header) || search.isFound(in: inner.root, depth: depth + 1)
        }

        private func isOurs(_ header: Header) -> Bool {
            namesUs(header, ["From", "Sender", "Reply-To", "Message-ID", "In-Reply-To", "References"])
        }

        /// The command domain behind an @ or a dot, in a text of small letters.
        private func holds(_ text: [UInt8]) -> Bool {
            let name = Array(domain.utf8)
            var start = 0
            while let found = text.span.firstIndex(of: name, from: start) {
                let before = found == 0 ? nil : text[found - 1]
                if before == UInt8(ascii: "@") || before == UInt8(ascii: ".") { return true }
                start = found + 1
            }
            return false
        }
    }
}
