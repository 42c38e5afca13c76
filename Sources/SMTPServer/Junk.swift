internal import Base

/// Other protocols on our port, so that they end at the first line and not after many errors.
///
/// A browser can be made to send a request whose body holds mail commands.
enum Junk {
    private static let methods = [
        "GET ", "POST ", "PUT ", "HEAD ", "OPTIONS ", "CONNECT ", "DELETE ", "PATCH ", "PRI ",
    ]

    static func isHTTP(_ line: [UInt8]) -> Bool {
        methods.contains { line.starts(with: $0.utf8) }
    }
}
