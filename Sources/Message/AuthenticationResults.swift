internal import Base

/// One Authentication-Results field (RFC 8601 §2.2).
package struct AuthenticationResults: Sendable, Hashable {
    /// One method's result, all in lower case but values.
    package struct Result: Sendable, Hashable {
        /// The method's name: `dmarc`, `spf`, `dkim` or another one.
        package let method: String
        /// What came of it: `pass`, `fail`, `none`, `temperror` or another one.
        package let value: String
        /// What was checked, such as `header.from`, in order.
        package let properties: [Property]
    }

    package struct Property: Sendable, Hashable {
        package let name: String
        package let value: String
    }

    /// Who checked.
    package let authservID: String
    package let results: [Result]

    /// The first field of a header that carries this authserv-id.
    ///
    /// Others, and ones further down, may have been written by anybody (RFC 8601 §5, MATCHING §3).
    package static func first(in header: Header, authservID: String) -> Self? {
        for field in header.all("Authentication-Results") {
            let parsed = Self(field.unfolded)
            if let parsed, ASCII.equalsIgnoringCase(parsed.authservID, authservID) { return parsed }
        }
        return nil
    }

    /// Parses the body of a field; `nil` without an authserv-id.
    package init?(_ value: [UInt8]) {
        var cursor = ByteCursor(value.span)
        cursor.skipCFWS()
        guard let id = Self.takeValue(&cursor), !id.isEmpty else { return nil }
        authservID = id
        Self.skipToSemicolon(&cursor)
        var results: [Result] = []
        while cursor.take(UInt8(ascii: ";")), results.count < Limits.mimeParameters {
            if let result = Self.takeResult(&cursor) { results.append(result) }
            // What could not be read ends at the next semicolon outside comments and quotes.
            Self.skipToSemicolon(&cursor)
        }
        self.results = results
    }

    /// The first result of a method, such as `dmarc`.
    package func result(of method: String) -> String? {
        results.first { $0.method == method }?.value
    }

    /// `method[/version] = result [reason = value] *(ptype.property = value)`.
    @_lifetime(cursor: copy cursor)
    private static func takeResult(_ cursor: inout ByteCursor) -> Result? {
        cursor.skipCFWS()
        guard let method = takeKeyword(&cursor) else { return nil }
        cursor.skipCFWS()
        if cursor.take(UInt8(ascii: "/")) {
            cursor.skipCFWS()
            _ = cursor.takeNumber()
            cursor.skipCFWS()
        }
        guard cursor.take(UInt8(ascii: "=")) else { return nil }
        cursor.skipCFWS()
        guard let value = takeKeyword(&cursor) else { return nil }
        var properties: [Property] = []
        while properties.count < Limits.mimeParameters {
            cursor.skipCFWS()
            guard let name = takeKeyword(&cursor) else { break }
            var full = name
            cursor.skipCFWS()
            if cursor.take(UInt8(ascii: ".")) {
                cursor.skipCFWS()
                full += "." + (takeKeyword(&cursor) ?? "")
                cursor.skipCFWS()
            }
            guard cursor.take(UInt8(ascii: "=")) else { break }
            cursor.skipCFWS()
            guard let value = takeValue(&cursor) else { break }
            properties.append(Property(name: full, value: value))
        }
        return Result(method: method, value: value, properties: properties)
    }

    @_lifetime(cursor: copy cursor)
    private static func takeKeyword(_ cursor: inout ByteCursor) -> String? {
        let range = cursor.takeAll(in: keywordBytes)
        return range.isEmpty ? nil : ASCII.lowercased(cursor.text(range))
    }

    /// A quoted string, or what stands up to a blank or semicolon.
    @_lifetime(cursor: copy cursor)
    private static func takeValue(_ cursor: inout ByteCursor) -> String? {
        if let quoted = cursor.takeQuotedString() { return String(decoding: quoted, as: UTF8.self) }
        let range = cursor.takeAll(in: valueBytes)
        return range.isEmpty ? nil : cursor.text(range)
    }

    @_lifetime(cursor: copy cursor)
    private static func skipToSemicolon(_ cursor: inout ByteCursor) {
        while let byte = cursor.next, byte != UInt8(ascii: ";") {
            if byte == ASCII.quote {
                if cursor.takeQuotedString() == nil { cursor.offset = cursor.bytes.count }
            } else if byte == UInt8(ascii: "(") {
                cursor.skipCFWS()
            } else {
                cursor.offset += 1
            }
        }
    }

    private static let keywordBytes = ByteClass.alphanumerics.union(ByteClass("-_"))
    private static let valueBytes = ByteClass(0x21...0xFF).subtracting(ByteClass(";()\"\u{7F}"))
}
