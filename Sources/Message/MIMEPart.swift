internal import Base

/// One part of a message with its exact place in the bytes (RFC 2045, 2046); the root is the message.
package struct MIMEPart: Sendable {
    /// What a part is made of.
    package enum Content: Sendable {
        case leaf
        case multipart([MIMEPart])
        /// The message that a message/rfc822 or message/global holds; always exactly one.
        case message([MIMEPart])

        /// What lies inside, of either kind.
        package var parts: [MIMEPart] {
            switch self {
            case .leaf: []
            case .multipart(let parts), .message(let parts): parts
            }
        }
    }

    package let header: Header
    /// The type as it is to be treated: a multipart without any delimiter is text/plain, parts over
    /// the limits are application/octet-stream.
    package let mediaType: MediaType
    /// The type as the header or the default gives it.
    package let declaredType: MediaType
    /// Behind the empty line, without the line end before the next delimiter.
    package let body: Range<Int>
    /// Line feeds in the body: the size in lines of text parts and messages.
    package let lines: Int
    package let content: Content

    init(
        _ header: Header,
        _ mediaType: MediaType,
        _ declaredType: MediaType,
        _ body: Range<Int>,
        lines: Int,
        _ content: Content
    ) {
        self.header = header
        self.mediaType = mediaType
        self.declaredType = declaredType
        self.body = body
        self.lines = lines
        self.content = content
    }

    /// Header and body.
    package var range: Range<Int> { header.range.lowerBound..<body.upperBound }

    /// The body's size in bytes, encoded as it is.
    package var octets: Int { body.count }

    /// The parts of a multipart; empty for everything else.
    package var parts: [MIMEPart] {
        if case .multipart(let parts) = content { parts } else { [] }
    }

    /// The message inside, for message/rfc822 and message/global.
    package var message: MIMEPart? {
        if case .message(let inner) = content { inner.first } else { nil }
    }

    // MARK: Fields of the MIME header

    package var encoding: TransferEncoding { TransferEncoding(header.value("Content-Transfer-Encoding") ?? []) }

    /// The encoding's name as it was written; `7bit` where there is none.
    package var encodingName: String {
        guard let value = header.value("Content-Transfer-Encoding") else { return "7bit" }
        var cursor = ByteCursor(value.span)
        cursor.skipCFWS()
        let name = cursor.text(cursor.takeAll(in: .token))
        return name.isEmpty ? "7bit" : name
    }

    /// Content-ID as it was written.
    package var id: [UInt8]? { header.value("Content-ID") }

    /// Content-Description as it was written.
    package var description: [UInt8]? { header.value("Content-Description") }

    /// Content-MD5 as it was written (RFC 1864).
    package var md5: [UInt8]? { header.value("Content-MD5") }

    /// Content-Location without white space (RFC 2557 §4.4).
    package var location: [UInt8]? { header.value("Content-Location")?.filter { !ASCII.isWhiteSpace($0) } }

    /// The tags of Content-Language (RFC 3282).
    package var languages: [String] {
        guard let value = header.value("Content-Language") else { return [] }
        var cursor = ByteCursor(value.span)
        var tags: [String] = []
        while !cursor.isAtEnd, tags.count < Limits.mimeParameters {
            cursor.skipCFWS()
            let tag = cursor.text(cursor.takeAll(in: .token))
            if !tag.isEmpty { tags.append(tag) } else if !cursor.isAtEnd { cursor.offset += 1 }
        }
        return tags
    }

    package var disposition: ContentDisposition? {
        header.value("Content-Disposition").flatMap { ContentDisposition($0) }
    }

    /// The name of the file: from the disposition, else the type's `name`.
    package var fileName: String? {
        let parameter = disposition?.parameters["filename"] ?? mediaType.parameters["name"]
        return parameter.map(\.text).flatMap { $0.isEmpty ? nil : $0 }
    }
}

/// A Content-Disposition (RFC 2183).
package struct ContentDisposition: Sendable, Hashable {
    /// In lower case: `inline`, `attachment` or another one.
    package let kind: String
    package let parameters: MIMEParameters

    /// Parses the body of a Content-Disposition field; `nil` where it names no kind.
    package init?(_ value: [UInt8]) {
        var cursor = ByteCursor(value.span)
        cursor.skipCFWS()
        guard let kind = cursor.takeToken() else { return nil }
        _ = cursor.takeUntil(UInt8(ascii: ";"))
        self.kind = kind
        self.parameters = MIMEParameters.parse(&cursor)
    }

    package var isAttachment: Bool { kind == "attachment" }
}
