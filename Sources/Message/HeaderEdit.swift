internal import Base

/// Which fields are taken out of a header.
package struct FieldSelection: Sendable, Hashable {
    package var names: [String]
    package var prefixes: [String]

    package init(names: [String] = [], prefixes: [String] = []) {
        self.names = names
        self.prefixes = prefixes
    }

    package func contains(_ field: HeaderField) -> Bool {
        names.contains { field.isNamed($0) } || prefixes.contains { field.hasNamePrefix($0) }
    }
}

/// A message without the fields that were to be taken out; all other bytes are as they were.
package struct EditedMessage: Sendable, Hashable {
    package let bytes: [UInt8]
    /// Fields taken out, attached messages included.
    package let removed: Int
    /// Whether such a field stands in a signed part, which is left as it is (INV-4).
    package let remainsInSignedPart: Bool
    /// Whether a limit kept parts or fields from being looked at: some may be left.
    package let isCutShort: Bool
}

extension ParsedMessage {
    /// Takes fields out of the message's header, and others out of every attached message at any
    /// depth that is not signed (INV-4).
    ///
    /// An attached message that is itself encoded, which RFC 6532 §3.7 allows, is decoded for it and
    /// encoded again only if it held such a field.
    package func removingFields(_ top: FieldSelection, fromAttachedMessages inside: FieldSelection) -> EditedMessage {
        var edit = FieldRemoval(message: self, inside: inside, depth: 0)
        edit.remove(top, from: header)
        edit.visit(root, isSigned: false)
        return edit.result
    }

    /// The message with whole fields, each with its CRLF, put before its header.
    package func prepending(fields: [UInt8]) -> [UInt8] {
        // Without a header the first line of the body would be taken for a field's rest.
        let needsEmptyLine = header.range.isEmpty && !bytes.isEmpty
        return fields + (needsEmptyLine ? [ASCII.cr, ASCII.lf] : []) + bytes
    }
}

/// Gathers, in the order of the bytes, what is taken out and what stands there instead.
private struct FieldRemoval {
    private let message: ParsedMessage
    private let inside: FieldSelection
    /// How many encoded messages lie around this one.
    private let depth: Int
    private var changes: [(range: Range<Int>, replacement: [UInt8])] = []
    private var removed = 0
    private var remainsInSignedPart = false
    private var isCutShort: Bool

    init(message: ParsedMessage, inside: FieldSelection, depth: Int) {
        self.message = message
        self.inside = inside
        self.depth = depth
        isCutShort = message.isCutShort
    }

    mutating func remove(_ selection: FieldSelection, from header: Header) {
        for field in header where selection.contains(field) {
            changes.append((field.range, []))
            removed += 1
        }
    }

    mutating func visit(_ part: MIMEPart, isSigned: Bool) {
        switch part.content {
        case .multipart(let parts):
            let isSigned = isSigned || part.mediaType.subtype == "signed"
            for child in parts { visit(child, isSigned: isSigned) }
        case .message(let inner):
            if part.encoding == .base64 || part.encoding == .quotedPrintable {
                visitEncoded(part, isSigned: isSigned)
                return
            }
            for child in inner {
                if !isSigned {
                    remove(inside, from: child.header)
                } else if child.header.contains(where: { inside.contains($0) }) {
                    remainsInSignedPart = true
                }
                visit(child, isSigned: isSigned)
            }
        case .leaf:
            if Self.opaqueSignatures.contains(part.mediaType.name) { searchSignature(part) }
        }
    }

    private static let opaqueSignatures: Set<String> = ["application/pkcs7-mime", "application/x-pkcs7-mime"]

    private mutating func visitEncoded(_ part: MIMEPart, isSigned: Bool) {
        guard depth < Limits.mimeDepth else {
            isCutShort = true
            return
        }
        let decoded = ParsedMessage(message.decodedBody(of: part))
        var edit = FieldRemoval(message: decoded, inside: inside, depth: depth + 1)
        edit.remove(inside, from: decoded.header)
        edit.visit(decoded.root, isSigned: isSigned)
        let result = edit.result
        isCutShort = isCutShort || result.isCutShort
        remainsInSignedPart = remainsInSignedPart || result.remainsInSignedPart
        guard result.removed > 0 else { return }
        if isSigned {
            remainsInSignedPart = true
        } else {
            changes.append((part.body, part.encoding.encode(result.bytes)))
            removed += result.removed
        }
    }

    /// S/MIME may hold the signed text inside its signature: it is searched for fields as lines.
    private mutating func searchSignature(_ part: MIMEPart) {
        let decoded = message.decodedBody(of: part)
        var index = 0
        while let feed = decoded.span.firstIndex(of: ASCII.lf, from: index) {
            index = feed + 1
            let line = decoded[index...].prefix(80)
            let names = inside.prefixes + inside.names.map { $0 + ":" }
            if names.contains(where: { ASCII.equalsIgnoringCase(line.prefix($0.utf8.count), $0.utf8) }) {
                remainsInSignedPart = true
                return
            }
        }
    }

    var result: EditedMessage {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(message.bytes.count)
        var position = 0
        for change in changes {
            bytes += message.bytes[position..<change.range.lowerBound]
            bytes += change.replacement
            position = change.range.upperBound
        }
        bytes += message.bytes[position...]
        return EditedMessage(
            bytes: bytes,
            removed: removed,
            remainsInSignedPart: remainsInSignedPart,
            isCutShort: isCutShort
        )
    }
}
