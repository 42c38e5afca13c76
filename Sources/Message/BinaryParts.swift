internal import Base

extension ParsedMessage {
    /// The message with every part that holds NULs or calls itself binary in base 64.
    ///
    /// FETCH BODY has no way to give a NUL (RFC 9051 §4.3.1), so what a client appends as a literal8
    /// is stored like this; BINARY gives the part as it was. NULs in headers stay.
    package var withoutBinaryParts: [UInt8] {
        var changes: [(range: Range<Int>, replacement: [UInt8])] = []
        encodeBinary(root, isRoot: true, into: &changes)
        guard !changes.isEmpty else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 2)
        var position = 0
        for change in changes {
            result += bytes[position..<change.range.lowerBound]
            result += change.replacement
            position = change.range.upperBound
        }
        return result + bytes[position...]
    }

    private func encodeBinary(
        _ part: MIMEPart,
        isRoot: Bool,
        into changes: inout [(range: Range<Int>, replacement: [UInt8])]
    ) {
        guard case .leaf = part.content else {
            let before = changes.count
            for child in part.content.parts {
                // A message inside ends where its part ends.
                encodeBinary(child, isRoot: isRoot && part.message != nil, into: &changes)
            }
            // A header that ended only because no field followed would go on with the label's.
            if changes.count > before, !part.header.range.isEmpty, !part.header.hasEmptyLine {
                changes.insert(emptyLine(behind: part.header), at: before)
            }
            return
        }
        // One that calls itself a multipart, and is none only because its header broke off, would become one.
        let declared = MediaType(header: part.header)?.name ?? part.mediaType.name
        guard !part.mediaType.isMultipart, declared == part.mediaType.name, isBinary(part) else { return }
        relabel(part.header, into: &changes)
        var encoded = TransferEncoding.base64.encode(Array(bytes[part.body]))
        // The last line end stands before the delimiter already.
        if !isRoot, !encoded.isEmpty { encoded.removeLast(2) }
        changes.append((part.body, encoded))
    }

    private func isBinary(_ part: MIMEPart) -> Bool {
        switch part.encoding {
        case .base64, .quotedPrintable: false
        case .binary: true
        case .sevenBit, .eightBit, .unknown: bytes[part.body].span.firstIndex(of: ASCII.nul) != nil
        }
    }

    /// Puts one Content-Transfer-Encoding in place of all that stand there, or behind the last field.
    private func relabel(_ header: Header, into changes: inout [(range: Range<Int>, replacement: [UInt8])]) {
        let label = Array("Content-Transfer-Encoding: base64\r\n".utf8)
        let old = header.all("Content-Transfer-Encoding")
        guard let first = old.first else {
            let end = header.last?.range.upperBound ?? header.range.lowerBound
            changes.append((end..<end, label))
            if !header.hasEmptyLine { changes.append(emptyLine(behind: header)) }
            return
        }
        changes.append((first.range, label))
        for field in old.dropFirst() { changes.append((field.range, [])) }
    }

    private func emptyLine(behind header: Header) -> (range: Range<Int>, replacement: [UInt8]) {
        (header.range.upperBound..<header.range.upperBound, [ASCII.cr, ASCII.lf])
    }
}
