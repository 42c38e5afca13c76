import Base
import CEcho
import Campaigns
import Config
import Glibc
import Message

/// What the records cost in memory and what attaching a message to them costs, on one thread.
///
/// Nobody else matches like this, so there is no peer; the promise is 50 µs a message.
enum MatchingBenchmark {
    private static let rosterRows = 100_000
    private static let creators = 400_000
    private static let messages = 100_000

    static func run() throws {
        try loadRoster()
        let corpus = MatchingCorpus(creators: creators)
        let directory = build(corpus)
        match(corpus, directory)
    }

    /// `creators.csv` of a large house: reading and checking the whole configuration around it.
    private static func loadRoster() throws {
        let files = RosterFiles(rows: rosterRows)
        let start = OwnTime.now
        let reading = Configuration.load(directory: "config", from: files, looksAtNamedFiles: false)
        let loaded = OwnTime.now
        guard let configuration = reading.configuration else {
            throw BenchError(reading.problems.prefix(3).map(\.description).joined(separator: "\n"))
        }
        let directory = Directory(creators: configuration.creators)
        let built = OwnTime.now
        let size = files.roster.count / 1_048_576
        show(
            "matching: roster of \(directory.creators.count) creators (\(size) MiB) checked in"
                + " \(milliseconds(loaded - start)) ms, indexed in \(milliseconds(built - loaded)) ms"
        )
    }

    private static func build(_ corpus: MatchingCorpus) -> Directory {
        let records = corpus.records()
        let entries = records.reduce(0) { $0 + $1.addresses.count + $1.handles.count }
        let before = residentBytes
        let start = OwnTime.now
        let directory = corpus.directory(of: records)
        let time = OwnTime.now - start
        let added = residentBytes - before
        show(
            "matching: \(entries) addresses and handles of \(records.count) creators indexed in"
                + " \(milliseconds(time)) ms, \(added / 1_048_576) MiB, \(added / entries) bytes an entry"
        )
        return directory
    }

    private static func match(_ corpus: MatchingCorpus, _ directory: Directory) {
        let matcher = Matcher(directory: directory, authservID: MatchingCorpus.authservID)
        var history = ThreadHistory()
        for message in corpus.sent() {
            let input = MatchInput(ParsedMessage(message))
            history.record(input, matcher.match(input, in: history), in: directory)
        }
        var times: [MatchingCorpus.Kind: [Int64]] = [:]
        var attached: [MatchingCorpus.Kind: Int] = [:]
        var parsing: [Int64] = []
        var random = SeededRandom(seed: 5)
        for number in 0..<messages {
            let (kind, message) = corpus.message(number, &random)
            let start = OwnTime.ofThread
            let input = MatchInput(ParsedMessage(message))
            let parsed = OwnTime.ofThread
            let attachment = matcher.match(input, in: history)
            times[kind, default: []].append(OwnTime.ofThread - parsed)
            parsing.append(parsed - start)
            if !attachment.creators.attached.isEmpty { attached[kind, default: 0] += 1 }
        }
        for kind in MatchingCorpus.Kind.allCases {
            tell("\(kind.rawValue) (\(attached[kind] ?? 0) attached)", times[kind] ?? [])
        }
        tell("all", times.values.flatMap { $0 })
        tell("their parse, not counted above", parsing)
    }

    private static func tell(_ name: String, _ times: [Int64]) {
        let times = times.sorted()
        guard !times.isEmpty else { return }
        let median = Double(times[times.count / 2]) / 1000
        let slow = Double(times[times.count * 99 / 100]) / 1000
        let count = "\(times.count)".padded(7)
        show("matching: \(count) \(name.padded(44)) median \(median) µs, 99th percentile \(slow) µs")
    }

    private static func milliseconds(_ time: Int64) -> Int64 { time / 1_000_000 }

    /// What the process holds, without what it has given back.
    private static var residentBytes: Int {
        cecho_give_back()
        let fields = ProcessFigures.contents("/proc/self/statm")?.split(separator: " ") ?? []
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) : 0
    }
}
