/// Lines about what happened, for the admin; one event a line, `key=value` behind the text.
///
/// Values from outside are made printable, so that no peer can forge a line or move a cursor.
package struct Log: Sendable {
    package enum Level: Int, Sendable, Comparable {
        case debug, info, warning, error

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

        package var name: String {
            switch self {
            case .debug: "debug"
            case .info: "info"
            case .warning: "warning"
            case .error: "error"
            }
        }
    }

    /// Takes a finished line without its line break; may be called on any thread.
    package typealias Sink = @Sendable (Level, String) -> Void

    private let sink: Sink
    private let context: String
    package let threshold: Level

    package init(threshold: Level = .info, sink: @escaping Sink) {
        self.init(threshold: threshold, context: "", sink: sink)
    }

    private init(threshold: Level, context: String, sink: @escaping Sink) {
        self.threshold = threshold
        self.context = context
        self.sink = sink
    }

    /// A log that says nothing.
    package static let silent = Self(threshold: .error) { _, _ in }

    /// The same log, with more context behind every line.
    package func with(_ key: StaticString, _ value: some CustomStringConvertible) -> Self {
        Self(threshold: threshold, context: context + Self.field(key, value.description), sink: sink)
    }

    package func debug(_ text: @autoclosure () -> String) { write(.debug, text) }
    package func info(_ text: @autoclosure () -> String) { write(.info, text) }
    package func warning(_ text: @autoclosure () -> String) { write(.warning, text) }
    package func error(_ text: @autoclosure () -> String) { write(.error, text) }

    private func write(_ level: Level, _ text: () -> String) {
        guard level >= threshold else { return }
        sink(level, "\(level.name): \(Self.printable(text()))\(context)")
    }

    private static func field(_ key: StaticString, _ value: String) -> String {
        let shown = printable(value)
        let plain = !shown.isEmpty && shown.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3D }
        return plain ? " \(key)=\(shown)" : " \(key)=\"\(shown.replacingQuotes)\""
    }

    /// The text with control characters written as `\xNN` and cut at `Limits.logValue` bytes.
    package static func printable(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 {
                result += "\\x" + Hexadecimal.encode([UInt8(truncatingIfNeeded: scalar.value)])
            } else {
                result.unicodeScalars.append(scalar)
            }
            if result.utf8.count >= Limits.logValue { return result + "…" }
        }
        return result
    }
}

extension String {
    fileprivate var replacingQuotes: String {
        String(map { $0 == "\"" ? "'" : $0 })
    }
}
