internal import Base

/// The parameters of a RCPT command that we understand (RFC 3461).
package struct RecipientParameters: Hashable, Sendable {
    /// When the sender wants to be told; the empty set is `NEVER` (RFC 3461 §4.1).
    package struct Notify: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let success = Self(rawValue: 1 << 0)
        package static let failure = Self(rawValue: 1 << 1)
        package static let delay = Self(rawValue: 1 << 2)
        package static let never: Self = []

        static let names: [(condition: Self, name: String)] = [
            (.success, "SUCCESS"), (.failure, "FAILURE"), (.delay, "DELAY"),
        ]

        /// As it stands behind `NOTIFY=`.
        package var text: String {
            guard !isEmpty else { return "NEVER" }
            return Self.names.filter { contains($0.condition) }.map(\.name).joined(separator: ",")
        }
    }

    /// Who the sender first named, with the type of that address (RFC 3461 §4.2).
    package struct OriginalRecipient: Hashable, Sendable {
        /// `rfc822` as a rule.
        package var kind: String
        /// Decoded.
        package var address: String

        package init(kind: String, address: String) {
            self.kind = kind
            self.address = address
        }

        /// As it stands behind `ORCPT=`; addresses of the type `utf-8` are kept as they came, since
        /// their encoding is one of three (RFC 6533 §3).
        package var text: String {
            ASCII.equalsIgnoringCase(kind, "utf-8") ? "\(kind);\(address)" : "\(kind);\(XText.encode(address))"
        }
    }

    /// `nil` where the client left it to us.
    package var notify: Notify?
    package var originalRecipient: OriginalRecipient?

    package init() {}

    /// As they stand behind the path, each with a space before it, always in the same order.
    package var text: String {
        var result = ""
        if let notify { result += " NOTIFY=\(notify.text)" }
        if let originalRecipient { result += " ORCPT=\(originalRecipient.text)" }
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
            case "NOTIFY":
                try parameter.expectFirst(notify == nil)
                notify = try Self.expectNotify(parameter)
            case "ORCPT":
                try parameter.expectFirst(originalRecipient == nil)
                originalRecipient = try Self.expectOriginalRecipient(parameter)
            default:
                throw parameter.error(.unknownParameter)
            }
        }
    }

    /// Reads `"NEVER" / 1#("SUCCESS" / "FAILURE" / "DELAY")`.
    private static func expectNotify(_ parameter: Parameter) throws(SMTPSyntaxError) -> Notify {
        let value = ASCII.uppercased(try parameter.expectValue())
        if value == "NEVER" { return .never }
        var result: Notify = []
        for word in value.split(separator: ",", omittingEmptySubsequences: false) {
            guard let match = Notify.names.first(where: { $0.name == word }), !result.contains(match.condition)
            else { throw parameter.error(.parameterValue) }
            result.insert(match.condition)
        }
        return result
    }

    /// Reads `addr-type ";" xtext`.
    private static func expectOriginalRecipient(
        _ parameter: Parameter
    ) throws(SMTPSyntaxError) -> OriginalRecipient {
        let value = try parameter.expectValue()
        guard value.utf8.count <= Limits.originalRecipient, let semicolon = value.firstIndex(of: ";")
        else { throw parameter.error(.parameterValue) }
        let kind = String(value[..<semicolon])
        let encoded = value[value.index(after: semicolon)...]
        let kindClass = ByteClass.alphanumerics.union(ByteClass("-"))
        guard !kind.isEmpty, kind.utf8.allSatisfy(kindClass.contains), !encoded.isEmpty
        else { throw parameter.error(.parameterValue) }
        if ASCII.equalsIgnoringCase(kind, "utf-8") {
            return OriginalRecipient(kind: kind, address: String(encoded))
        }
        guard let address = XText.decode(encoded) else { throw parameter.error(.parameterValue) }
        return OriginalRecipient(kind: kind, address: address)
    }
}
