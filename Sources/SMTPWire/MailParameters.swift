internal import Base

/// The parameters of a MAIL command that we understand.
package struct MailParameters: Hashable, Sendable {
    /// What the body may hold (RFC 6152).
    package enum Body: String, Hashable, Sendable {
        case sevenBit = "7BIT"
        case eightBitMIME = "8BITMIME"
    }

    /// How much of the message a bounce returns (RFC 3461 §4.3).
    package enum Return: String, Hashable, Sendable {
        case full = "FULL"
        case headers = "HDRS"
    }

    /// The size that the client announces, in octets (RFC 1870).
    package var size: UInt64?
    package var body: Body?
    /// The addresses or the header may hold UTF-8 (RFC 6531).
    package var smtpUTF8 = false
    package var ret: Return?
    /// The client's name for this envelope, decoded (RFC 3461 §4.4).
    package var envid: String?
    /// Who submitted the message first, decoded; `<>` for "not known" (RFC 4954 §5).
    package var auth: String?

    package init() {}

    /// As they stand behind the path, each with a space before it; the order is always the same, so
    /// that equal parameters give equal text.
    package var text: String {
        var result = ""
        if let size { result += " SIZE=\(size)" }
        if let body { result += " BODY=\(body.rawValue)" }
        if smtpUTF8 { result += " SMTPUTF8" }
        if let ret { result += " RET=\(ret.rawValue)" }
        if let envid { result += " ENVID=\(XText.encode(envid))" }
        if let auth { result += " AUTH=\(XText.encode(auth))" }
        return result
    }

    /// Reads what `text` wrote.
    package init(text: String) throws(SMTPSyntaxError) {
        self.init()
        let bytes = Array(text.utf8)
        var cursor = ByteCursor(bytes.span)
        try expectParameters(&cursor)
    }

    /// `*(SP esmtp-param)` to the end of the line (RFC 5321 §4.1.2).
    mutating func expectParameters(_ cursor: inout ByteCursor) throws(SMTPSyntaxError) {
        while let parameter = try Parameter.expectNext(&cursor) {
            switch parameter.keyword {
            case "SIZE":
                try parameter.expectFirst(size == nil)
                size = try parameter.expectNumber()
            case "BODY":
                try parameter.expectFirst(body == nil)
                guard let value = Body(rawValue: ASCII.uppercased(try parameter.expectValue()))
                else { throw parameter.error(.parameterValue) }
                body = value
            case "SMTPUTF8":
                try parameter.expectFirst(!smtpUTF8)
                guard parameter.value == nil else { throw parameter.error(.parameterValue) }
                smtpUTF8 = true
            case "RET":
                try parameter.expectFirst(ret == nil)
                guard let value = Return(rawValue: ASCII.uppercased(try parameter.expectValue()))
                else { throw parameter.error(.parameterValue) }
                ret = value
            case "ENVID":
                try parameter.expectFirst(envid == nil)
                envid = try parameter.expectXText(upTo: Limits.envid)
            case "AUTH":
                try parameter.expectFirst(auth == nil)
                auth = try parameter.expectXText(upTo: Limits.address)
            default:
                throw parameter.error(.unknownParameter)
            }
        }
    }
}
