import Base
import Campaigns
import Crypto
import Flow
import Reactor
import SASL
import Synchronization
import TestSupport
import Testing

@testable import Config
@testable import Sessions

@Suite(.timeLimit(.minutes(1))) struct AuthenticatorTests {
    /// A team that a reload may change.
    private final class Team: Sendable {
        let members: Mutex<[Member]>
        init(_ members: [Member]) { self.members = Mutex(members) }
    }

    private static let parameters = ScramCredential.Parameters(salt: Array("salt of mia".utf8))

    private static func device(
        _ label: String,
        _ password: String,
        scopes: Member.Scopes = [.read, .send, .approve],
        isSample: Bool = false
    ) -> Member.Device {
        Member.Device(
            label: label,
            scopes: scopes,
            credential: ScramCredential.make(Secret(password), parameters),
            isSample: isSample
        )
    }

    private static func member(_ devices: [Member.Device]) -> Member {
        Member(
            id: MemberID("mia"),
            name: "Mia",
            addresses: [],
            groups: [],
            language: "en",
            accounts: [],
            campaigns: [],
            fields: [],
            sendsAs: [],
            follows: [],
            devices: devices,
            unixUser: nil
        )
    }

    private func authenticator(_ team: Team, time: any TimeSource = ManualClock()) throws -> Authenticator {
        Authenticator(
            members: { team.members.withLock { $0 } },
            workers: try WorkerPool(name: "passwords", threads: 1, capacity: 10),
            decoyKey: Secret("decoy"),
            time: time,
            entropy: SeededEntropy(seed: 1),
            log: Log.silent
        )
    }

    private func check(
        _ authenticator: Authenticator,
        _ password: String,
        user: String = "mia",
        isLocal: Bool = true,
        scope: Member.Scopes = .read
    ) async -> String? {
        let outcome = await authenticator.check(
            .password(PlainCredentials(authentication: user, password: Secret(password))),
            peer: "192.0.2.1",
            isLocal: isLocal,
            scope: scope
        )
        guard case .accepted(let member, _) = outcome else { return nil }
        return member.device
    }

    @Test func `a password opens by its device, the second time as the first`() async throws {
        let authenticator = try authenticator(
            Team([Self.member([Self.device("phone", "one"), Self.device("mac", "two")])])
        )
        for _ in 0..<2 {
            #expect(await check(authenticator, "two") == "mac")
            #expect(await check(authenticator, "one") == "phone")
            #expect(await check(authenticator, "three") == nil)
            #expect(await check(authenticator, "one", user: "ben") == nil)
        }
    }

    @Test func `a removed device is out at once, although its password was checked before`() async throws {
        let team = Team([Self.member([Self.device("phone", "one"), Self.device("mac", "two")])])
        let authenticator = try authenticator(team)
        #expect(await check(authenticator, "one") == "phone")
        team.members.withLock { $0 = [Self.member([Self.device("mac", "two")])] }
        #expect(await check(authenticator, "one") == nil)
        #expect(await check(authenticator, "two") == "mac")
        team.members.withLock { $0 = [] }
        #expect(await check(authenticator, "two") == nil)
    }

    @Test func `scopes and sample passwords count for remembered passwords too`() async throws {
        let team = Team([Self.member([Self.device("phone", "one", scopes: .read, isSample: true)])])
        let authenticator = try authenticator(team)
        for _ in 0..<2 {
            #expect(await check(authenticator, "one") == "phone")
            #expect(await check(authenticator, "one", isLocal: false) == nil)
            #expect(await check(authenticator, "one", scope: .send) == nil)
        }
    }

    @Test func `SCRAM finds the device among those of one salt`() async throws {
        let authenticator = try authenticator(
            Team([Self.member([Self.device("phone", "one"), Self.device("mac", "two")])])
        )
        for (password, device) in [("one", "phone"), ("two", "mac"), ("three", nil)] {
            var exchange = try #require(
                SASLServerExchange(.scramSHA256, bindings: .none) {
                    authenticator.scramChallenge(for: $0, isLocal: true)
                }
            )
            let client = ScramClient(user: "mia", password: Secret(password))
            guard case .challenge(let first) = exchange.start(initialResponse: Array(client.first.utf8)) else {
                Issue.record("no challenge")
                return
            }
            let final = client.final(String(decoding: first, as: UTF8.self))
            guard case .credentials(let credentials) = exchange.receive(Array(final.message.utf8)) else {
                Issue.record("no proof")
                return
            }
            let outcome = await authenticator.check(credentials, peer: "192.0.2.1", isLocal: true, scope: .read)
            if case .accepted(let member, let serverFinal) = outcome {
                #expect(member.device == device)
                #expect(serverFinal == Array(final.serverFinal.utf8))
            } else {
                #expect(device == nil)
            }
        }
    }

    @Test func `a name that nobody has gets a salt of its own that stays`() throws {
        let authenticator = try authenticator(Team([Self.member([Self.device("phone", "one", isSample: true)])]))
        let known = authenticator.scramChallenge(for: "MIA", isLocal: true)
        #expect(known.parameters == Self.parameters)
        let unknown = authenticator.scramChallenge(for: "nobody", isLocal: true)
        let again = authenticator.scramChallenge(for: "nobody", isLocal: true)
        #expect(unknown.parameters == again.parameters && unknown.parameters != known.parameters)
        #expect(unknown.parameters.iterations == known.parameters.iterations)
        #expect(unknown.nonce != again.nonce)
        // A sample password opens local listeners only: elsewhere there is nobody of that name.
        #expect(authenticator.scramChallenge(for: "mia", isLocal: false).parameters != Self.parameters)
    }
}
