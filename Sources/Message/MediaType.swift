internal import Base

/// A Content-Type (RFC 2045 §5).
package struct MediaType: Sendable, Hashable {
    /// In lower case.
    package let type: String
    /// In lower case.
    package let subtype: String
    package let parameters: MIMEParameters

    package init(_ type: String, _ subtype: String, _ parameters: MIMEParameters = MIMEParameters()) {
        self.type = type
        self.subtype = subtype
        self.parameters = parameters
    }

    /// The type of a part that names none (RFC 2045 §5.2).
    package static let plainText = Self(
        "text",
        "plain",
        MIMEParameters([MIMEParameter(name: "charset", value: Array("us-ascii"))])
    )
    package static let message = Self("message", "rfc822")
    package static let octetStream = Self("application", "octet-stream")

    /// Parses the body of a Content-Type field; `nil` where it names no type.
    package init?(_ value: [UInt8]) {
        var cursor = ByteCursor(value.span)
        cursor.skipCFWS()
        guard let type = cursor.takeToken() else { return nil }
        cursor.skipCFWS()
        var subtype: String?
        if cursor.take(UInt8(ascii: "/")) {
            cursor.skipCFWS()
            subtype = cursor.takeToken()
        }
        // `Content-Type: text` was sent by old programs.
        guard subtype != nil || type == "text" else { return nil }
        _ = cursor.takeUntil(UInt8(ascii: ";"))
        self.init(type, subtype ?? "plain", MIMEParameters.parse(&cursor))
    }

    /// The type that a header gives; `nil` where it gives none that can be read.
    package init?(header: Header) {
        guard let value = header.value("Content-Type") else { return nil }
        self.init(value)
    }

    /// `type/subtype` in lower case.
    package var name: String { "\(type)/\(subtype)" }

    package var isText: Bool { type == "text" }
    package var isMultipart: Bool { type == "multipart" }
    /// Whether a whole message is inside: message/rfc822 or message/global (RFC 6532 §3.7).
    package var isMessage: Bool { type == "message" && (subtype == "rfc822" || subtype == "global") }

    package var charset: String? { parameters["charset"]?.text }

    /// How a multipart without any delimiter is shown: as the text that it is.
    var withoutParts: Self { isMultipart ? .plainText : self }
}
