internal import Base
internal import Campaigns

// MARK: Time

extension ValueForm where Value == Duration {
    /// `"30s"`, `"5m"`, `"12h"`, `"2d"`.
    static func duration(in range: ClosedRange<Duration>) -> Self {
        let expected =
            "a duration such as \"30s\", \"5m\", \"12h\" or \"2d\" from \(Durations.text(range.lowerBound))"
            + " to \(Durations.text(range.upperBound))"
        return Self(expected: expected, example: "\"30s\"") { value in
            value.string.flatMap(Durations.parse).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension ValueForm where Value == TimeOfDay {
    /// `"09:30"`, or a TOML time on a whole minute.
    static var timeOfDay: Self {
        Self(expected: "a time of day such as \"09:30\"", example: "\"09:30\"") { value in
            switch value {
            case .string(let text): TimeOfDay(text)
            case .dateTime(let time) where time.day == nil && time.time?.second == 0:
                time.time.map { TimeOfDay(minutes: $0.hour * 60 + $0.minute) }
            default: nil
            }
        }
    }
}

extension ValueForm where Value == CivilTime {
    /// A date; a day alone is its midnight in UTC.
    static var date: Self {
        Self(expected: "a date such as 2026-03-01", example: "2026-03-01") { value in
            guard case .dateTime(let date) = value, let day = date.day, date.time == nil || date.offset != nil
            else { return nil }
            return CivilTime(
                year: day.year,
                month: day.month,
                day: day.day,
                hour: date.time?.hour ?? 0,
                minute: date.time?.minute ?? 0,
                second: date.time?.second ?? 0,
                offset: date.offset ?? 0
            )
        }
    }
}

/// A time of the day on a clock, in minutes since midnight.
package struct TimeOfDay: Hashable, Sendable, CustomStringConvertible {
    package let minutes: Int

    package init(minutes: Int) { self.minutes = minutes }

    /// Reads `09:30`, from 00:00 to 23:59.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == 0x3A, bytes.enumerated().allSatisfy({ $0 == 2 || ASCII.isDigit($1) })
        else { return nil }
        let digits = bytes.map { Int($0 & 0x0F) }
        let (hour, minute) = (digits[0] * 10 + digits[1], digits[3] * 10 + digits[4])
        guard hour < 24, minute < 60 else { return nil }
        minutes = hour * 60 + minute
    }

    package var description: String { "\(CivilTime.padded(minutes / 60)):\(CivilTime.padded(minutes % 60))" }
}

/// Durations as the files write them: whole numbers with one unit.
package enum Durations {
    private static let units: [(suffix: String, seconds: Int64)] = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)]
    /// A hundred years; nothing in the files is longer.
    private static let longest: Int64 = 36_500 * 86_400

    package static func parse(_ text: String) -> Duration? {
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
        let digits = text.utf8.dropLast()
        guard (1...10).contains(digits.count), digits.allSatisfy(ASCII.isDigit),
            let number = Int64(String(decoding: digits, as: UTF8.self)), number <= longest / unit.seconds
        else { return nil }
        return .seconds(number * unit.seconds)
    }

    /// The shortest text of whole units: `90s`, `2h`.
    package static func text(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        guard seconds != 0, let unit = units.first(where: { seconds % $0.seconds == 0 }) else { return "\(seconds)s" }
        return "\(seconds / unit.seconds)\(unit.suffix)"
    }
}

// MARK: Sizes

/// Sizes in bytes as the files write them: `50 MiB`, `2 kB`, `512 B`.
package enum Sizes {
    private static let units: [(name: String, bytes: Int)] = [
        ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000),
        ("B", 1),
    ]

    package static func bytes(_ text: String) -> Int? {
        guard let unit = units.first(where: { text.hasSuffix($0.name) }) else { return nil }
        let digits = ASCII.trimmed(text.dropLast(unit.name.count))
        guard (1...12).contains(digits.utf8.count), digits.utf8.allSatisfy(ASCII.isDigit), let number = Int(digits)
        else { return nil }
        let (product, overflowed) = number.multipliedReportingOverflow(by: unit.bytes)
        return overflowed ? nil : product
    }

    /// The shortest text of whole binary units.
    package static func text(_ bytes: Int) -> String {
        guard bytes != 0, let unit = units.first(where: { $0.name.hasSuffix("iB") && bytes % $0.bytes == 0 })
        else { return "\(bytes) B" }
        return "\(bytes / unit.bytes) \(unit.name)"
    }
}

// MARK: Money

extension ValueForm where Value == Money {
    /// `"1500 EUR"`, `"19.90 USD"`.
    static var money: Self {
        Self(expected: "a sum such as \"1500 EUR\"", example: "\"1500 EUR\"") { $0.string.flatMap(parse) }
    }

    static func parse(_ text: String) -> Money? {
        let parts = text.split(separator: " ")
        guard parts.count == 2, let currency = Currency(parts[1]) else { return nil }
        let number = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = number.first, number.count <= 2, (1...12).contains(whole.utf8.count),
            whole.utf8.allSatisfy(ASCII.isDigit), let units = Int64(whole)
        else { return nil }
        var thousandths: Int64 = 0
        if number.count == 2 {
            let digits = Array(number[1].utf8)
            guard (1...3).contains(digits.count), digits.allSatisfy(ASCII.isDigit) else { return nil }
            for place in 0..<3 {
                thousandths = thousandths * 10 + Int64(place < digits.count ? digits[place] & 0x0F : 0)
            }
        }
        return Money(thousandths: units * 1000 + thousandths, currency)
    }
}

// MARK: Names on the net

extension ValueForm where Value == IPNetwork {
    static var network: Self {
        let expected = "a network such as \"10.0.0.0/8\" or \"::1/128\" with no bits set behind the prefix"
        return Self(expected: expected, example: "\"10.0.0.0/8\"") { $0.string.flatMap { IPNetwork($0) } }
    }
}

extension ValueForm where Value == Address {
    static var address: Self {
        Self(expected: "a mail address such as \"mia@brand.example\"", example: "\"mia@brand.example\"") { value in
            value.string.flatMap { Address($0) }
        }
    }
}

extension ValueForm where Value == DomainName {
    static var domain: Self {
        Self(expected: "a domain such as \"brand.example\"", example: "\"brand.example\"") { value in
            // An address at the domain has to be possible.
            guard let text = value.string, text.contains("."), Address("a@" + text) != nil else { return nil }
            return DomainName(text)
        }
    }
}

extension ValueForm where Value == ListenerSettings.Place {
    /// `"127.0.0.1:1143"`, `"[::1]:1143"` or `"unix:/run/greenroom/lmtp"`.
    static func place(in directory: String) -> Self {
        let expected = "\"address:port\" as in \"127.0.0.1:1143\" or \"[::1]:1143\", or \"unix:PATH\""
        return Self(expected: expected, example: "\"127.0.0.1:1143\"") { value in
            value.string.flatMap { parse($0, in: directory) }
        }
    }

    private static func parse(_ text: String, in directory: String) -> ListenerSettings.Place? {
        if text.hasPrefix("unix:") {
            let path = Paths.resolve(String(text.dropFirst(5)), in: directory)
            return Paths.fitsSocket(path) ? .unix(path: path) : nil
        }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let digits = text[text.index(after: colon)...]
        guard digits.utf8.allSatisfy(ASCII.isDigit), let port = UInt16(digits), port > 0 else { return nil }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard let address = IPAddress(host), (address.family == .v6) == isBracketed else { return nil }
        return .network(address, port: port)
    }
}

// MARK: Paths

extension ValueForm where Value == String {
    /// A path; a relative one starts at the configuration directory.
    static func path(in directory: String) -> Self {
        Self(expected: "a path", example: "\"…\"") { value in
            guard let text = value.string, !text.isEmpty, !text.utf8.contains(0) else { return nil }
            return Paths.resolve(text, in: directory)
        }
    }

    /// The path of a Unix socket.
    static func socketPath(in directory: String) -> Self {
        path(in: directory).map("a path of at most 107 bytes") { Paths.fitsSocket($0) ? $0 : nil }
    }
}

/// Paths of the files, without asking the file system.
package enum Paths {
    /// The path from where the configuration directory is given; `..` takes a name away.
    package static func resolve(_ path: String, in directory: String) -> String {
        let joined = path.hasPrefix("/") ? path : directory + "/" + path
        var names: [Substring] = []
        for name in joined.split(separator: "/") where name != "." {
            if name == "..", let last = names.last, last != ".." { names.removeLast() } else { names.append(name) }
        }
        let text = names.joined(separator: "/")
        if joined.hasPrefix("/") { return "/" + text }
        return text.isEmpty ? "." : text
    }

    /// Whether a socket can be bound there (`sun_path` with its final NUL).
    static func fitsSocket(_ path: String) -> Bool { path.utf8.count <= 107 && path != "." }
}
