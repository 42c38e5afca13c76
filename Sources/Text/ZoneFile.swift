internal import Base

/// The second block of a TZif file, with its footer (RFC 9636 §3).
struct ZoneFile {
    private(set) var changes: [Int64] = []
    private(set) var offsets: [Int] = []
    private(set) var first = 0
    private(set) var rule: ZoneRule?

    private struct Header {
        var version: UInt8
        var isUTC: Int
        var isStandard: Int
        var leaps: Int
        var times: Int
        var types: Int
        var characters: Int

        /// The bytes of the data behind a header whose times have so many bytes.
        func size(ofTime bytes: Int) -> Int {
            times * (bytes + 1) + types * 6 + characters + leaps * (bytes + 4) + isStandard + isUTC
        }
    }

    private static let headerSize = 44

    init?(_ bytes: [UInt8]) {
        guard bytes.count <= Limits.timeZoneFile, let old = Self.header(bytes, at: 0),
            old.version >= UInt8(ascii: "2")
        else { return nil }
        let start = Self.headerSize + old.size(ofTime: 4)
        guard let header = Self.header(bytes, at: start), header.types > 0 else { return nil }
        var place = start + Self.headerSize
        let end = place + header.size(ofTime: 8)
        guard end <= bytes.count else { return nil }
        for index in 0..<header.times { changes.append(Self.number(bytes, at: place + index * 8, size: 8)) }
        guard zip(changes, changes.dropFirst()).allSatisfy(<) else { return nil }
        place += header.times * 8
        let kinds = bytes[place..<place + header.times].map(Int.init)
        place += header.times
        let types = (0..<header.types).map { Int(Self.number(bytes, at: place + $0 * 6, size: 4)) }
        guard kinds.allSatisfy({ $0 < types.count }), types.allSatisfy({ abs($0) <= 26 * 3600 }) else { return nil }
        offsets = kinds.map { types[$0] }
        first = types[0]
        guard let footer = Self.footer(bytes, from: end) else { return nil }
        if !footer.isEmpty {
            guard let rule = ZoneRule(footer) else { return nil }
            self.rule = rule
        }
    }

    private static func header(_ bytes: [UInt8], at start: Int) -> Header? {
        guard start + headerSize <= bytes.count, bytes[start..<start + 4].elementsEqual("TZif".utf8) else { return nil }
        let counts = (0..<6).map { Int(number(bytes, at: start + 20 + $0 * 4, size: 4)) }
        guard counts.allSatisfy({ (0...Limits.timeZoneFile).contains($0) }) else { return nil }
        return Header(
            version: bytes[start + 4],
            isUTC: counts[0],
            isStandard: counts[1],
            leaps: counts[2],
            times: counts[3],
            types: counts[4],
            characters: counts[5]
        )
    }

    /// Big-endian, two's complement.
    private static func number(_ bytes: [UInt8], at start: Int, size: Int) -> Int64 {
        var value: Int64 = bytes[start] & 0x80 == 0 ? 0 : -1
        for byte in bytes[start..<start + size] { value = value << 8 | Int64(byte) }
        return value
    }

    /// Between two line feeds; empty where no rule goes on.
    private static func footer(_ bytes: [UInt8], from start: Int) -> [UInt8]? {
        guard start < bytes.count, bytes[start] == 0x0A,
            let end = bytes[(start + 1)...].firstIndex(of: 0x0A)
        else { return nil }
        return Array(bytes[start + 1..<end])
    }
}

/// The rule behind the last change of a zone: `CET-1CEST,M3.5.0,M10.5.0/3` (RFC 9636 §3.3.1).
struct ZoneRule: Hashable, Sendable {
    /// A day of every year with a time of the local clock.
    private struct Day: Hashable {
        enum Form: Hashable {
            /// The n-th weekday of a month, the fifth being the last.
            case weekday(month: Int, week: Int, day: Int)
            /// From 1, without 29 February.
            case julian(Int)
            /// From 0, with 29 February.
            case zeroBased(Int)
        }

        var form: Form
        var seconds: Int

        /// Local seconds since 1970 in a year.
        func local(in year: Int) -> Int64 {
            let day: Timestamp =
                switch form {
                case .weekday(let month, let week, let weekday): Self.day(year, month, week, weekday)
                case .julian(let number):
                    Self.start(year, number - 1 + (number >= 60 && Self.isLeap(year) ? 1 : 0))
                case .zeroBased(let number): Self.start(year, number)
                }
            return day.seconds + Int64(seconds)
        }

        private static func isLeap(_ year: Int) -> Bool { CivilTime.length(ofMonth: 2, year: year) == 29 }

        private static func start(_ year: Int, _ days: Int) -> Timestamp {
            CivilTime(year: year, month: 1, day: 1).timestamp.advanced(by: .seconds(days * 86_400))
        }

        private static func day(_ year: Int, _ month: Int, _ week: Int, _ weekday: Int) -> Timestamp {
            let first = CivilTime(year: year, month: month, day: 1)
            var day = 1 + (weekday - first.weekday + 7) % 7 + (week - 1) * 7
            while day > CivilTime.length(ofMonth: month, year: year) { day -= 7 }
            return CivilTime(year: year, month: month, day: day).timestamp
        }
    }

    private let standard: Int
    private let summer: Int
    private let begins: Day?
    private let ends: Day?

    init?(_ text: [UInt8]) {
        var cursor = ByteCursor(text.span)
        guard Self.skipName(&cursor), let standard = Self.offset(&cursor) else { return nil }
        self.standard = -standard
        if cursor.isAtEnd {
            (summer, begins, ends) = (-standard, nil, nil)
            return
        }
        guard Self.skipName(&cursor) else { return nil }
        if cursor.next == UInt8(ascii: ",") {
            summer = -standard + 3600
        } else {
            guard let offset = Self.offset(&cursor) else { return nil }
            summer = -offset
        }
        guard let begins = Self.day(&cursor), let ends = Self.day(&cursor), cursor.isAtEnd else { return nil }
        (self.begins, self.ends) = (begins, ends)
    }

    func secondsEast(at seconds: Int64) -> Int {
        guard let begins, let ends else { return standard }
        let year = CivilTime(Timestamp(seconds: seconds + Int64(standard))).year
        // Each time stands on the clock that runs until then.
        let start = begins.local(in: year) - Int64(standard)
        let end = ends.local(in: year) - Int64(summer)
        let isSummer = start < end ? (start..<end).contains(seconds) : !(end..<start).contains(seconds)
        return isSummer ? summer : standard
    }

    // MARK: Grammar

    private static let letters = ByteClass(0x41...0x5A).union(ByteClass(0x61...0x7A))

    /// Letters, or anything between `<` and `>`.
    private static func skipName(_ cursor: inout ByteCursor) -> Bool {
        if cursor.take(UInt8(ascii: "<")) {
            _ = cursor.takeUntil(UInt8(ascii: ">"))
            return cursor.take(UInt8(ascii: ">"))
        }
        return cursor.takeAll(in: letters).count >= 3
    }

    /// `[+-]hh[:mm[:ss]]` in seconds, west of Greenwich.
    private static func offset(_ cursor: inout ByteCursor) -> Int? {
        let isNegative = cursor.take(UInt8(ascii: "-"))
        if !isNegative { _ = cursor.take(UInt8(ascii: "+")) }
        guard let hours = cursor.takeNumber(upTo: 167) else { return nil }
        var seconds = Int(hours) * 3600
        if cursor.take(UInt8(ascii: ":")) {
            guard let minutes = cursor.takeNumber(upTo: 59) else { return nil }
            seconds += Int(minutes) * 60
            if cursor.take(UInt8(ascii: ":")) {
                guard let rest = cursor.takeNumber(upTo: 59) else { return nil }
                seconds += Int(rest)
            }
        }
        return isNegative ? -seconds : seconds
    }

    /// `,M3.5.0/2`, `,J60` or `,59`.
    private static func day(_ cursor: inout ByteCursor) -> Day? {
        guard cursor.take(UInt8(ascii: ",")) else { return nil }
        let form: Day.Form
        if cursor.take(UInt8(ascii: "M")) {
            guard let month = cursor.takeNumber(upTo: 12), month > 0, cursor.take(UInt8(ascii: ".")),
                let week = cursor.takeNumber(upTo: 5), week > 0, cursor.take(UInt8(ascii: ".")),
                let day = cursor.takeNumber(upTo: 6)
            else { return nil }
            form = .weekday(month: Int(month), week: Int(week), day: Int(day))
        } else if cursor.take(UInt8(ascii: "J")) {
            guard let number = cursor.takeNumber(upTo: 365), number > 0 else { return nil }
            form = .julian(Int(number))
        } else {
            guard let number = cursor.takeNumber(upTo: 365) else { return nil }
            form = .zeroBased(Int(number))
        }
        guard cursor.take(UInt8(ascii: "/")) else { return Day(form: form, seconds: 7200) }
        guard let time = offset(&cursor) else { return nil }
        return Day(form: form, seconds: time)
    }
}
