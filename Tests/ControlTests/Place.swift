import Base
import Campaigns
import Config
import Flow
import Reactor
import SQLite
import Search
import Store
import Synchronization
import TestSupport

@testable import Control

/// A directory in memory, with the secrets that nobody asks for here.
struct MemoryPlace: SecretProvider {
    var texts: [String: String] = [:]

    func environment(_ name: String) -> [UInt8]? { nil }
    func output(of command: [String]) -> [UInt8]? { nil }

    func status(_ path: String) throws(FilesError) -> FileStatus {
        if let text = texts[path] { return FileStatus(kind: .file, size: text.utf8.count, permissions: 0o600) }
        guard texts.keys.contains(where: { $0.hasPrefix(path + "/") }) else { throw missing(path) }
        return FileStatus(kind: .directory, size: 0, permissions: 0o700)
    }

    func read(_ path: String) throws(FilesError) -> [UInt8] {
        guard let text = texts[path] else { throw missing(path) }
        return Array(text.utf8)
    }

    func list(_ path: String) throws(FilesError) -> [String] {
        let below = texts.keys.filter { $0.hasPrefix(path + "/") }.map { $0.dropFirst(path.utf8.count + 1) }
        guard !below.isEmpty else { throw missing(path) }
        return Set(below.map { String($0.prefix { $0 != "/" }) }).sorted()
    }

    private func missing(_ path: String) -> FilesError { FilesError(operation: "stat", path: path, errno: 2) }

    /// A team of two and a creator with one open campaign.
    static let small = Self(texts: [
        "config/greenroom.toml": """
        brand = "Glow"
        domains = ["glow.example"]
        data = "/data"
        undo_time = "2s"
        [[listeners]]
        service = "lmtp"
        address = "unix:/run/lmtp"
        [accounts.team]
        kind = "local"
        shared = true
        addresses = ["hello@glow.example"]
        [smarthost]
        sink = true
        """,
        "config/team.toml": """
        [groups]
        managers = {}
        [members.mia]
        name = "Mia"
        addresses = ["mia@glow.example"]
        accounts = ["team"]
        campaigns = ["*"]
        [[members.mia.devices]]
        label = "Laptop"
        scopes = ["read", "send"]
        password = "\(scram)"
        [members.ben]
        name = "Ben"
        addresses = ["ben@glow.example"]
        groups = ["managers"]
        accounts = ["team"]
        campaigns = ["*"]
        unix_user = 1001
        [[members.ben.devices]]
        label = "Phone"
        scopes = ["read", "approve"]
        password = "\(scram)"
        """,
        "config/creators.csv": "id,name,addresses\nlumi,Luisa Meier,luisa@lumi.example\n",
        "config/campaigns/spring.toml": """
        name = "Spring"
        brand = "Glow"
        status = "active"
        ceiling = "1500 EUR"
        [creators]
        lumi = { stage = "negotiating" }
        """,
        "config/policies/start.toml": """
        [default]
        approvals = { managers = 1 }
        [[permits]]
        name = "internal mail"
        when = { every_recipient = ["internal"] }
        [[restrictions]]
        name = "rate above the ceiling"
        when = { amount_above_ceiling = true }
        hold = { managers = 1 }
        """,
    ])

    static let scram =
        "SCRAM-SHA-256$4096:uE0JioaTWuLgFzmp3jPmgg==$80clOBfnNAjhSN4BmlMMgJtyY4vokrLkEi7YcTvpQ3M="
        + ":Cw3MsyGYZ/lExiYT5aEiEochEI6JDJ7eTBTYpwRt8/Q="

    var configuration: Configuration {
        get throws {
            let reading = Configuration.load(directory: "config", from: self)
            guard let configuration = reading.configuration else { throw CommandFailure("\(reading.problems)") }
            return configuration
        }
    }
}

/// What a command said.
final class Heard: Sendable {
    private struct Lines {
        var out: [String] = []
        var err: [String] = []
    }

    private let lines = Mutex(Lines())

    var console: Console {
        Console(
            out: { [self] line in lines.withLock { $0.out.append(line) } },
            err: { [self] line in lines.withLock { $0.err.append(line) } }
        )
    }

    var out: [String] { lines.withLock { $0.out } }
    var err: [String] { lines.withLock { $0.err } }
}

/// Runs the program's words as `greenroom` does, on files in memory and a store on a simulated disk.
func greenroom(
    _ words: String...,
    on place: MemoryPlace = .small,
    disk: SimulatedDisk = SimulatedDisk()
) async throws -> (code: ExitCode, out: [String], err: [String]) {
    try await greenroom(words, on: place, disk: disk)
}

func greenroom(
    _ words: [String],
    on place: MemoryPlace = .small,
    disk: SimulatedDisk = SimulatedDisk()
) async throws -> (code: ExitCode, out: [String], err: [String]) {
    let heard = Heard()
    let code = try await withLoop { loop in
        let workplace = Workplace(
            console: heard.console,
            loop: loop,
            workers: try WorkerPool(name: "test", threads: 1, capacity: 8),
            time: ManualClock(),
            entropy: SeededEntropy(),
            files: disk,
            secrets: place,
            storeEnvironment: try environment(disk),
            user: 1000,
            directory: "/",
            openHouse: { try house($0, on: disk) }
        )
        return await Program(Commands.all).run(words, workplace)
    }
    return (code, heard.out, heard.err)
}

func environment(_ disk: SimulatedDisk) throws -> StoreEnvironment {
    StoreEnvironment(
        vfs: try disk.register(),
        files: disk,
        entropy: SeededEntropy(),
        time: ManualClock(),
        log: .silent,
        writer: InlineQueue(),
        readers: InlineQueue()
    )
}

/// The house of a configuration, with nobody listening.
func house(_ configuration: Configuration, on disk: SimulatedDisk) throws -> House {
    let rules = RulebookBox(Rulebook(configuration))
    let environment = try environment(disk)
    let store = try Store.open(
        "/data",
        in: environment,
        project: Projector { rules.value }.project,
        whenStopped: { _ in }
    )
    let index = try SearchIndex(
        of: store,
        in: "/data",
        IndexEnvironment(
            vfs: environment.vfs,
            files: disk,
            log: .silent,
            readers: InlineQueue(),
            indexer: InlineQueue()
        )
    )
    return House(
        store: store,
        index: index,
        rules: rules,
        sealKey: Secret("seal"),
        time: ManualClock(),
        entropy: SeededEntropy(),
        log: .silent
    )
}
