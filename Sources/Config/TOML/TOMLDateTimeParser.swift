internal import Base

extension TOMLDateTime {
    /// Reads one of the four forms of TOML 1.0 (RFC 3339 §5.6); `nil` for anything else, and for a
    /// day or time that does not exist.
    init?(_ bytes: [UInt8]) {
        var cursor = ByteCursor(bytes.span)
        let isDay = cursor.peek(4) == 0x2D
        if isDay {
            guard let day = Self.takeDay(&cursor) else { return nil }
            self.day = day
            guard !cursor.isAtEnd else { return }
            guard let separator = cursor.take(), separator | 0x20 == 0x74 || separator == ASCII.space else {
                return nil
            }
        }
        guard let time = Self.takeTime(&cursor) else { return nil }
        self.time = time
        guard !cursor.isAtEnd else { return }
        guard isDay, let offset = Self.takeOffset(&cursor), cursor.isAtEnd else { return nil }
        self.offset = offset
    }

    private static func takeDay(_ cursor: inout ByteCursor) -> Day? {
        guard let year = digits(4, &cursor), cursor.take(0x2D),
            let month = digits(2, &cursor), cursor.take(0x2D),
            let day = digits(2, &cursor), CivilTime(year: year, month: month, day: day).isValid
        else { return nil }
        return Day(year: year, month: month, day: day)
    }

    private static func takeTime(_ cursor: inout ByteCursor) -> Time? {
        guard let hour = digits(2, &cursor), cursor.take(0x3A),
            let minute = digits(2, &cursor), cursor.take(0x3A),
            let second = digits(2, &cursor), hour <= 23, minute <= 59, second <= 60
        else { return nil }
        var nanosecond = 0
        if cursor.take(0x2E) {
            let fraction = cursor.takeAll(in: .digits)
            guard !fraction.isEmpty else { return nil }
            // Digits behind the ninth are cut, as TOML asks.
            var scale = 100_000_000
            for digit in cursor.copy(fraction).prefix(9) {
                nanosecond += Int(digit & 0x0F) * scale
                scale /= 10
            }
        }
        return Time(hour: hour, minute: minute, second: second, nanosecond: nanosecond)
    }

    private static func takeOffset(_ cursor: inout ByteCursor) -> Int? {
        guard let sign = cursor.take() else { return nil }
        if sign | 0x20 == 0x7A { return 0 }
        guard sign == 0x2B || sign == 0x2D,
            let hour = digits(2, &cursor), cursor.take(0x3A),
            let minute = digits(2, &cursor), hour <= 23, minute <= 59
        else { return nil }
        return (sign == 0x2D ? -1 : 1) * (hour * 60 + minute)
    }

    private static func digits(_ count: Int, _ cursor: inout ByteCursor) -> Int? {
        guard let range = cursor.take(count: count) else { return nil }
        var value = 0
        for byte in cursor.copy(range) {
            guard ASCII.isDigit(byte) else { return nil }
            value = value * 10 + Int(byte & 0x0F)
        }
        return value
    }
}
