internal import Base

/// What a server offers, from its answer to EHLO (RFC 5321 §4.1.1.1).
package struct SMTPCapabilities: Hashable, Sendable {
    package var pipelining = false
    package var eightBitMIME = false
    package var smtpUTF8 = false
    package var enhancedStatusCodes = false
    package var dsn = false
    package var startTLS = false
    /// SIZE was named; the limit in octets is `maximumSize`.
    package var size = false
    /// `nil` where the server names none (RFC 1870 §3).
    package var maximumSize: UInt64?
    /// The names of SASL mechanisms, in upper case.
    package var mechanisms: [String] = []
    /// Recipients of one message (RFC 9422).
    package var maximumRecipients: Int?

    /// None: what a server offers that answered HELO only.
    package init() {}

    /// Reads the lines of an EHLO reply; the first one is the greeting.
    package init(lines: [String]) {
        for line in lines.dropFirst() {
            // Some old servers write `AUTH=LOGIN`.
            let words = line.split(whereSeparator: { $0 == " " || $0 == "=" }).map { ASCII.uppercased(String($0)) }
            guard let keyword = words.first else { continue }
            switch keyword {
            case "PIPELINING": pipelining = true
            case "8BITMIME": eightBitMIME = true
            case "SMTPUTF8": smtpUTF8 = true
            case "ENHANCEDSTATUSCODES": enhancedStatusCodes = true
            case "DSN": dsn = true
            case "STARTTLS": startTLS = true
            case "SIZE":
                size = true
                maximumSize = words.dropFirst().first.flatMap { UInt64($0) }.flatMap { $0 == 0 ? nil : $0 }
            case "AUTH":
                for mechanism in words.dropFirst() where !mechanisms.contains(mechanism) {
                    mechanisms.append(mechanism)
                }
            case "LIMITS":
                readLimits(words.dropFirst())
            default: break
            }
        }
    }

    /// Reads the pairs of a LIMITS line, split at `=` before.
    private mutating func readLimits(_ words: some Sequence<String>) {
        var name = ""
        for word in words {
            if name == "RCPTMAX", let number = Int(word), number > 0 { maximumRecipients = number }
            name = word
        }
    }
}
