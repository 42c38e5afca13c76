import Base
import Campaigns
import Policy
import SASL
import SQLite
import Testing

@testable import Config

/// The repository's `config/`, read from the disk.
///
/// The development certificates are made by `make certs` and need not be there.
private struct Repository: FileInspector {
    private let files = SystemFiles()
    let root: String

    init() {
        let levels = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        root = levels.joined(separator: "/")
    }

    func status(_ path: String) throws(FilesError) -> FileStatus {
        if path.hasPrefix(root + "/certs/"), path.hasSuffix(".pem") {
            return FileStatus(kind: .file, size: 1, permissions: 0o600)
        }
        return try files.status(path)
    }

    func read(_ path: String) throws(FilesError) -> [UInt8] { try files.read(path) }

    func list(_ path: String) throws(FilesError) -> [String] { try files.list(path) }
}

@Suite struct SampleConfigurationTests {
    private let repository = Repository()

    private func load() throws -> Configuration {
        let reading = Configuration.load(directory: repository.root + "/config", from: repository)
        #expect(reading.problems.map(\.description) == [])
        return try #require(reading.configuration)
    }

    @Test func loadsWithoutProblems() throws {
        let sample = try load()
        #expect(sample.gateway.brand == "Glow")
        #expect(sample.gateway.dataDirectory == repository.root + "/data")
        #expect(sample.gateway.smarthost == .sink(directory: repository.root + "/data/sink"))
        #expect(sample.gateway.undoTime == .seconds(2))
        #expect(
            sample.gateway.listeners.map { "\($0.service.rawValue) \($0.place)" } == [
                "imap 127.0.0.1:1143", "imaps 127.0.0.1:1993", "submission 127.0.0.1:1587",
                "submissions 127.0.0.1:1465", "lmtp 127.0.0.1:1124",
            ]
        )
        #expect(sample.gateway.listeners.allSatisfy { $0.place.isLocal && !$0.allowsPlaintext })
        #expect(sample.team.members.map(\.id) == ["mia", "ben", "lea"])
        #expect(sample.team.members(ofGroup: "managers") == ["ben"])
        #expect(sample.campaigns.map(\.id) == ["spring", "summer"])
        #expect(sample.channels.platforms.map(\.id).contains("instagram"))
        #expect(sample.identity.mailboxes.count == 2)
        let aiko = try #require(sample.creators.first { $0.id == "aiko" })
        #expect(aiko.addresses == [])
        #expect(aiko.handles == [Handle("aiko_glow", on: "instagram")])
        #expect(sample.files.map(\.path).contains("policies/tests/start.toml"))
    }

    @Test func samplePasswordsAreRightAndLongEnough() throws {
        let text = String(decoding: try repository.read(repository.root + "/config/team.toml"), as: UTF8.self)
        let lines = text.split(separator: "\n")
        let passwords = lines.filter { $0.hasPrefix("# password: ") }.map { $0.dropFirst("# password: ".count) }
        let devices = try load().team.members.flatMap(\.devices)
        #expect(passwords.count == 4 && devices.count == 4)
        for (password, device) in zip(passwords, devices) {
            // Twenty letters of 31 carry 99 bits.
            #expect(password.count(where: { $0 != "-" }) == 20)
            #expect(device.credential.verify(Secret(String(password))))
            #expect(device.isSample)
        }
    }

    @Test func itsRulesHoldMailToCreatorsAndLetColleaguesWrite() throws {
        let rules = try load().rules
        let now = Timestamp(seconds: 1_767_225_600)
        let held = rules.decide(
            Facts(
                now: now,
                sender: "mia",
                recipients: [Facts.Recipient(kind: .creator, domain: "lumi.example")],
                collaborators: [Facts.Collaborator(creator: "lumi", campaign: "spring")]
            )
        )
        #expect(held.outcome == .hold)
        #expect(held.approvals == ["managers": 1])
        let free = rules.decide(
            Facts(now: now, sender: "mia", recipients: [Facts.Recipient(kind: .internal, domain: "glow.example")])
        )
        #expect(free.outcome == .release)
    }
}
