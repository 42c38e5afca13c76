import Base
import TestSupport
import Testing
import Text

@Suite("Time zones (RFC 9636)")
struct TimeZoneTests {
    /// A file as the database has it: one old offset, one change, and a rule for all that comes.
    static func file(rule: String, changes: [(Int64, Int32)], first: Int32) -> [UInt8] {
        func bytes(_ value: Int64, _ size: Int) -> [UInt8] {
            (0..<size).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * Int64($0))) }
        }
        func header(_ times: Int, _ types: Int) -> [UInt8] {
            Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15)
                + [0, 0, 0, times, types, 4].flatMap { bytes(Int64($0), 4) }
        }
        let types = [first] + changes.map(\.1)
        let old = header(0, 1) + bytes(0, 6) + Array("LMT\0".utf8)
        var new = header(changes.count, types.count)
        new += changes.flatMap { bytes($0.0, 8) }
        new += changes.indices.map { UInt8($0 + 1) }
        new += types.flatMap { bytes(Int64($0), 4) + [0, 0] }
        return old + new + Array("LMT\0\n\(rule)\n".utf8)
    }

    static let berlin = file(
        rule: "CET-1CEST,M3.5.0,M10.5.0/3",
        changes: [(0, 3600), (10_000_000, 7200), (20_000_000, 3600)],
        first: 3208
    )

    private static func zone(_ bytes: [UInt8] = berlin) throws -> TimeZone {
        try #require(TimeZone(name: "Europe/Berlin", tzif: bytes))
    }

    static let offsets: [(CivilTime, Int)] = [
        (CivilTime(year: 1900, month: 1, day: 1), 3208),
        (CivilTime(year: 1970, month: 2, day: 1), 3600),
        (CivilTime(year: 1970, month: 6, day: 1), 7200),
        (CivilTime(year: 2026, month: 1, day: 15), 3600),
        (CivilTime(year: 2026, month: 3, day: 29, hour: 0, minute: 59, second: 59), 3600),
        (CivilTime(year: 2026, month: 3, day: 29, hour: 1), 7200),
        (CivilTime(year: 2026, month: 7, day: 15), 7200),
        (CivilTime(year: 2026, month: 10, day: 25, hour: 0, minute: 59, second: 59), 7200),
        (CivilTime(year: 2026, month: 10, day: 25, hour: 1), 3600),
        (CivilTime(year: 2040, month: 12, day: 31, hour: 23), 3600),
    ]

    @Test(arguments: offsets)
    func knowsTheOffset(_ utc: CivilTime, _ expected: Int) throws {
        #expect(try Self.zone().secondsEast(at: utc.timestamp) == expected)
    }

    @Test("South of the equator summer runs over the new year")
    func southern() throws {
        let bytes = Self.file(rule: "AEST-10AEDT,M10.1.0,M4.1.0/3", changes: [], first: 36_000)
        let zone = try #require(TimeZone(name: "Australia/Sydney", tzif: bytes))
        #expect(zone.secondsEast(at: CivilTime(year: 2026, month: 1, day: 1).timestamp) == 39_600)
        #expect(zone.secondsEast(at: CivilTime(year: 2026, month: 7, day: 1).timestamp) == 36_000)
    }

    static let rules: [(String, Int)] = [
        ("UTC0", 0), ("<+0330>-3:30", 12_600), ("<-03>3", -10_800), ("EST5EDT,J60,J300", -14_400),
        ("EST5EDT4,59,299/1:30", -14_400),
    ]

    @Test("Rules of every form", arguments: rules)
    func forms(_ rule: String, _ expected: Int) throws {
        let zone = try #require(TimeZone(name: "A/B", tzif: Self.file(rule: rule, changes: [], first: 0)))
        #expect(zone.secondsEast(at: CivilTime(year: 2026, month: 6, day: 1).timestamp) == expected)
    }

    @Test("Clock times become moments, also where a clock skips or repeats them")
    func fromTheClock() throws {
        let zone = try Self.zone()
        func moment(_ month: Int, _ day: Int, _ hour: Int, _ minute: Int = 0) -> CivilTime {
            CivilTime(zone.timestamp(CivilTime(year: 2026, month: month, day: day, hour: hour, minute: minute)))
        }
        #expect(moment(1, 5, 9) == CivilTime(year: 2026, month: 1, day: 5, hour: 8))
        #expect(moment(7, 6, 9) == CivilTime(year: 2026, month: 7, day: 6, hour: 7))
        #expect(moment(3, 29, 4) == CivilTime(year: 2026, month: 3, day: 29, hour: 2))
        #expect(moment(10, 25, 2, 30) == CivilTime(year: 2026, month: 10, day: 25, hour: 0, minute: 30))
        let shown = zone.civil(CivilTime(year: 2026, month: 7, day: 6, hour: 22, minute: 30).timestamp)
        #expect(shown == CivilTime(year: 2026, month: 7, day: 7, hour: 0, minute: 30, offset: 120))
    }

    @Test("Every moment is shown by a clock time that leads back to it", arguments: 0..<50 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let zone = try Self.zone()
        for _ in 0..<40 {
            let time = Timestamp(seconds: Int64.random(in: 30_000_000...4_000_000_000, using: &generator))
            let again = zone.timestamp(zone.civil(time))
            // The hour that comes twice stands for its first time.
            #expect(again == time || again == time.advanced(by: .seconds(-3600)))
        }
    }

    @Test("Cut and altered files are refused or read, and never trap", arguments: 0..<200 as Range<UInt64>)
    func mutated(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var bytes = Self.berlin
        for _ in 0..<3 {
            bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        }
        if let zone = TimeZone(name: "A/B", tzif: bytes) {
            #expect(abs(zone.secondsEast(at: Timestamp(seconds: 1_800_000_000))) <= 170 * 3600)
        }
    }

    @Test func cutAnywhereIsRefused() {
        for count in 0..<Self.berlin.count {
            #expect(TimeZone(name: "A/B", tzif: Array(Self.berlin[..<count])) == nil)
        }
    }

    @Test(arguments: [
        ("UTC", 0), ("+02:00", 7200), ("-05:30", -19_800), ("+15:00", nil), ("2", nil), ("CET", nil), ("+0200", nil),
    ])
    func fixed(_ text: String, _ expected: Int?) {
        #expect(TimeZone(fixed: text)?.secondsEast(at: Timestamp(seconds: 0)) == expected)
    }

    @Test(arguments: [
        ("Europe/Berlin", true), ("../etc/passwd", false), ("/etc/passwd", false), ("", false), ("A//B", false),
    ])
    func names(_ text: String, _ isName: Bool) {
        #expect(TimeZone.isName(text) == isName)
    }
}

@Suite("Phrases in one pass")
struct EveryHitTests {
    @Test func findsPhrasesInsideOthers() {
        var index = PhraseIndex<String>()
        for phrase in ["usage rights", "usage rights for ever", "rights"] { index.add(phrase, phrase) }
        let text = FoldedText("Usage rights for ever")
        #expect(
            index.everyHit(in: text).map(\.payload).sorted() == ["rights", "usage rights", "usage rights for ever"]
        )
        #expect(index.hits(in: text).map(\.payload) == ["usage rights for ever"])
    }
}
