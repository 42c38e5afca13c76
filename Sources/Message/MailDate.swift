package import Base

/// A point in time with the offset it was written with: Date fields and their kin.
package struct MailDate: Sendable, Hashable {
    package let timestamp: Timestamp
    /// Minutes east of UTC.
    package let offset: Int

    package init(_ timestamp: Timestamp, offset: Int = 0) {
        self.timestamp = timestamp
        self.offset = offset
    }

    /// Parses RFC 5322 §3.3 with the obsolete forms of §4.3, and what is like them: words in any order, missing
    /// seconds, missing zone (taken for UTC).
    ///
    /// `nil` where no day can be made of it.
    package init?(_ value: [UInt8]) {
        var cursor = ByteCursor(value.span)
        var fields = Fields()
        // A date has about eight words; the bound keeps a long field from costing more than that.
        for _ in 0..<24 {
            cursor.skipCFWS()
            while let byte = cursor.next, byte == UInt8(ascii: ",") || byte == UInt8(ascii: ".") {
                cursor.offset += 1
                cursor.skipCFWS()
            }
            guard !cursor.isAtEnd else { break }
            let range = cursor.takeAll(in: Self.wordBytes)
            if range.isEmpty {
                cursor.offset += 1
            } else {
                fields.read(cursor.copy(range))
            }
        }
        guard let civil = fields.civil else { return nil }
        self.init(civil.timestamp, offset: civil.offset)
    }

    private static let wordBytes = ByteClass.alphanumerics.union(ByteClass(":+-"))

    /// As a Date field shows it: `Mon, 2 Nov 2026 15:04:05 +0100`.
    package var text: String {
        let time = CivilTime(timestamp, offset: offset)
        let size = abs(offset)
        let zone = (offset < 0 ? "-" : "+") + CivilTime.padded(size / 60) + CivilTime.padded(size % 60)
        let clock = "\(CivilTime.padded(time.hour)):\(CivilTime.padded(time.minute)):\(CivilTime.padded(time.second))"
        let month = Self.months[time.month - 1]
        return "\(Self.weekdays[time.weekday]), \(time.day) \(month) \(CivilTime.padded(time.year, 4)) \(clock) \(zone)"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Hours east of UTC of the zones that RFC 5322 §4.3 names; all others count as UTC, as it says.
    private static let zones: [String: Int] = [
        "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
        "CET": 1, "CEST": 2, "MET": 1, "MEST": 2, "BST": 1, "EET": 2, "EEST": 3, "MSK": 3, "JST": 9, "KST": 9,
    ]

    /// What the words of a date said so far.
    private struct Fields {
        var day: Int?
        var month: Int?
        var year: Int?
        var clock: (hour: Int, minute: Int, second: Int)?
        var zone: Int?

        mutating func read(_ word: [UInt8]) {
            if word.contains(UInt8(ascii: ":")) {
                readClock(word)
            } else if let sign = word.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
                readOffset(word)
            } else if word.contains(UInt8(ascii: "-")) {
                // 02-Nov-2026 and 2026-11-02.
                for piece in word.split(separator: UInt8(ascii: "-")) { read(Array(piece)) }
            } else if word.allSatisfy({ ASCII.isDigit($0) }) {
                readNumber(word)
            } else {
                readName(word)
            }
        }

        private mutating func readClock(_ word: [UInt8]) {
            var word = word
            // A zone may hang on to the time.
            if let sign = word.firstIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) {
                readOffset(Array(word[sign...]).filter { $0 != UInt8(ascii: ":") })
                word.removeSubrange(sign...)
            }
            let parts = word.split(separator: UInt8(ascii: ":")).map { Int(String(decoding: $0, as: UTF8.self)) }
            guard clock == nil, parts.count >= 2, let hour = parts[0], let minute = parts[1] else { return }
            clock = (hour, minute, parts.count > 2 ? parts[2] ?? 0 : 0)
        }

        private mutating func readOffset(_ word: [UInt8]) {
            let digits = word.dropFirst()
            guard zone == nil, clock != nil, digits.count == 4, digits.allSatisfy({ ASCII.isDigit($0) }),
                let value = Int(String(decoding: digits, as: UTF8.self))
            else { return }
            let minutes = value / 100 * 60 + value % 100
            guard minutes < 24 * 60 else { return }
            zone = word.first == UInt8(ascii: "-") ? -minutes : minutes
        }

        private mutating func readNumber(_ word: [UInt8]) {
            guard word.count <= 4, let value = Int(String(decoding: word, as: UTF8.self)) else { return }
            if word.count == 4 {
                if year == nil { year = value }
            } else if day == nil, (1...31).contains(value) {
                if month == nil, year != nil { month = value } else { day = value }
            } else if year == nil {
                // RFC 5322 §4.3: two digits below 50 are of this century, three count from 1900.
                year = word.count == 3 || value >= 50 ? 1900 + value : 2000 + value
            }
        }

        private mutating func readName(_ word: [UInt8]) {
            let name = ASCII.uppercased(String(decoding: word, as: UTF8.self))
            if name == "PM", let time = clock, time.hour < 12 {
                clock = (time.hour + 12, time.minute, time.second)
            } else if name == "AM", let time = clock, time.hour == 12 {
                clock = (0, time.minute, time.second)
            } else if month == nil,
                let index = MailDate.months.firstIndex(where: { name.hasPrefix(ASCII.uppercased($0)) })
            {
                month = index + 1
            } else if zone == nil, clock != nil, let hours = MailDate.zones[name] {
                zone = hours * 60
            }
        }

        var civil: CivilTime? {
            guard let day, let month, let year else { return nil }
            let time = CivilTime(
                year: year,
                month: month,
                day: day,
                hour: clock?.hour ?? 0,
                minute: clock?.minute ?? 0,
                second: clock?.second ?? 0,
                offset: zone ?? 0
            )
            return time.isValid ? time : nil
        }
    }
}
