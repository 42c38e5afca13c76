internal import Base

/// One `esmtp-param` of a MAIL or RCPT command (RFC 5321 §4.1.2).
struct Parameter {
    /// In upper case.
    let keyword: String
    /// `nil` where there was no `=`.
    let value: String?
    let offset: Int

    private static let keywordClass = ByteClass.alphanumerics.union(ByteClass("-"))
    /// `esmtp-value` without `=`, and UTF-8 (RFC 6531 §3.3).
    private static let valueClass = ByteClass(0x21...0x7E).subtracting(ByteClass("=")).union(.eightBit)

    /// `SP esmtp-keyword ["=" esmtp-value]`; `nil` at the end of the line.
    static func expectNext(_ cursor: inout ByteCursor) throws(SMTPSyntaxError) -> Self? {
        let blanks = cursor.takeAll(in: .blanks)
        if cursor.isAtEnd { return nil }
        let start = cursor.offset
        guard !blanks.isEmpty, cursor.next.map(ByteClass.alphanumerics.contains) == true
        else { throw SMTPSyntaxError(.parameter, at: start) }
        let keyword = ASCII.uppercased(cursor.text(cursor.takeAll(in: keywordClass)))
        guard cursor.take(0x3D) else { return Self(keyword: keyword, value: nil, offset: start) }
        let bytes = cursor.copy(cursor.takeAll(in: valueClass))
        guard !bytes.isEmpty, let value = String(validating: bytes, as: UTF8.self)
        else { throw SMTPSyntaxError(.parameterValue, at: start) }
        return Self(keyword: keyword, value: value, offset: start)
    }

    func error(_ kind: SMTPSyntaxError.Kind) -> SMTPSyntaxError { SMTPSyntaxError(kind, at: offset) }

    /// A parameter may stand once (RFC 5321 §4.1.1.11).
    func expectFirst(_ isFirst: Bool) throws(SMTPSyntaxError) {
        guard isFirst else { throw error(.repeatedParameter) }
    }

    func expectValue() throws(SMTPSyntaxError) -> String {
        guard let value else { throw error(.parameterValue) }
        return value
    }

    /// 1 to 20 digits (RFC 1870 §4).
    func expectNumber() throws(SMTPSyntaxError) -> UInt64 {
        let text = try expectValue()
        guard text.utf8.count <= 20, text.utf8.allSatisfy(ASCII.isDigit), let number = UInt64(text)
        else { throw error(.parameterValue) }
        return number
    }

    func expectXText(upTo limit: Int) throws(SMTPSyntaxError) -> String {
        let text = try expectValue()
        guard text.utf8.count <= limit, let decoded = XText.decode(text) else { throw error(.parameterValue) }
        return decoded
    }
}
