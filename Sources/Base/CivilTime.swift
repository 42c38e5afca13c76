/// A timestamp taken apart into the fields of the Gregorian calendar at an offset from UTC.
package struct CivilTime: Hashable, Sendable {
    package var year: Int
    /// 1 to 12.
    package var month: Int
    /// 1 to 31.
    package var day: Int
    package var hour: Int
    package var minute: Int
    package var second: Int
    /// Minutes east of UTC.
    package var offset: Int

    package init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, offset: Int = 0) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.offset = offset
    }

    package init(_ timestamp: Timestamp, offset: Int = 0) {
        let local = timestamp.seconds + Int64(offset) * 60
        let days = Int(local >= 0 ? local / 86_400 : (local - 86_399) / 86_400)
        let rest = Int(local - Int64(days) * 86_400)
        (year, month, day) = Self.date(daysSince1970: days)
        (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
        self.offset = offset
    }

    package var timestamp: Timestamp {
        let days = Int64(Self.days(year: year, month: month, day: day))
        return Timestamp(seconds: days * 86_400 + Int64(hour * 3600 + minute * 60 + second) - Int64(offset) * 60)
    }

    /// 0 for Sunday to 6 for Saturday.
    package var weekday: Int {
        let days = Self.days(year: year, month: month, day: day)
        return ((days + 4) % 7 + 7) % 7
    }

    /// Whether the fields name a day and a time that exist; a leap second counts.
    package var isValid: Bool {
        (1...12).contains(month) && day >= 1 && day <= Self.length(ofMonth: month, year: year)
            && (0...23).contains(hour) && (0...59).contains(minute) && (0...60).contains(second)
            && abs(offset) < 24 * 60
    }

    /// `2026-11-22T17:04:05Z`, with the offset where there is one (RFC 3339).
    package var iso8601: String {
        var text = "\(Self.padded(year, 4))-\(Self.padded(month))-\(Self.padded(day))"
        text += "T\(Self.padded(hour)):\(Self.padded(minute)):\(Self.padded(second))"
        guard offset != 0 else { return text + "Z" }
        let size = abs(offset)
        return text + (offset < 0 ? "-" : "+") + "\(Self.padded(size / 60)):\(Self.padded(size % 60))"
    }

    /// A number with leading zeros.
    package static func padded(_ value: Int, _ width: Int = 2) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    package static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01, counting years from March so that the leap day comes last.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func date(daysSince1970 days: Int) -> (Int, Int, Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
