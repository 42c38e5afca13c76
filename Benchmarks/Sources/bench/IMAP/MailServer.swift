import Base

/// A running IMAP server with the users of the load, all with one password.
struct MailServer: Sendable {
    let name: String
    var address = IPAddress(family: .v4, value: 0x7F00_0001)
    let ports: [UInt16]
    /// With TLS from the first byte.
    let tlsPorts: [UInt16]
    var process: ProcessFigures
    /// A log-in name; `%d` stands for the user's number.
    var pattern = "user%d"
    var password = Self.password

    func login(_ number: Int) -> String {
        guard let sign = pattern.firstIndex(of: "%") else { return pattern }
        return pattern[..<sign] + "\(number)" + pattern[sign...].dropFirst(2)
    }

    static let domain = "glow.example"
    static let password = "m5r6-rypn-mxwz-d4yc-w292"

    /// What the gateway stores of `password` (RFC 5803).
    static let iterations = 4096
    static let salt = "uE0JioaTWuLgFzmp3jPmgg=="
    static let storedKey = "80clOBfnNAjhSN4BmlMMgJtyY4vokrLkEi7YcTvpQ3M="
    static let serverKey = "Cw3MsyGYZ/lExiYT5aEiEochEI6JDJ7eTBTYpwRt8/Q="

    /// What Dovecot stores of it: SHA512-CRYPT, a usual choice, which costs it less than SCRAM-SHA-256.
    static let crypted =
        "{SHA512-CRYPT}$6$BekCaX3Yzwav8Vvy$yZYLmG7fHac781jvDm6L55UWZ/"
        + "OF/pQFPl6DdoZ7E88OxXYmEA.8y5Kb3delRfx6Fys0gxJksvOOW0wTh4jSS0"

    static func user(_ number: Int) -> String { "user\(number)" }
}
