package import Base
package import Campaigns
internal import Config
package import Flow
package import Ledger
internal import Store

/// Who asks on the control socket, as the kernel says and `team.toml` maps it.
package struct Caller: Sendable, Hashable {
    package let user: UInt32
    /// The member that the uid stands for; nil for an unmapped one.
    package let member: MemberID?
    /// Root, or the user that the gateway itself runs as: who could stop it and take its files.
    package let isOperator: Bool

    package init(user: UInt32, member: MemberID?, isOperator: Bool) {
        self.user = user
        self.member = member
        self.isOperator = isOperator
    }

    /// As the ledger names somebody at the machine.
    var operatorName: String { user == 0 ? "root" : "uid-\(user)" }

    /// As the ledger names them.
    package var actor: Actor {
        member.map { .member($0, device: Self.device) } ?? .machine(operatorName)
    }

    /// What stands in the ledger in the place of a device's label.
    private static let device = "control socket"

    /// The member in the act of deciding.
    var actingMember: ActingMember? {
        member.map { ActingMember(id: $0, device: Self.device, mayApprove: true) }
    }
}

/// What came of an attempt to reload.
package struct ReloadReport: Sendable, Hashable {
    package var at: Timestamp
    package var by: Actor
    /// Why nothing changed; empty where the new configuration is in force.
    package var problems: [String] = []
    /// What changed, one change a line.
    package var changes: [String] = []
    /// What a restart is needed for.
    package var restarts: [String] = []
    /// The configuration in force now.
    package var version: String

    package init(at: Timestamp, by: Actor, version: String) {
        self.at = at
        self.by = by
        self.version = version
    }

    package var isAccepted: Bool { problems.isEmpty }
}

/// What the running gateway tells of itself.
package struct GatewayReport: Sendable, Hashable {
    package struct Listener: Sendable, Hashable {
        package let service: String
        package let address: String
        package let connections: Int

        package init(service: String, address: String, connections: Int) {
            self.service = service
            self.address = address
            self.connections = connections
        }
    }

    package struct Certificate: Sendable, Hashable {
        package let file: String
        package let notAfter: Timestamp

        package init(file: String, notAfter: Timestamp) {
            self.file = file
            self.notAfter = notAfter
        }
    }

    package let uptime: Duration
    package let listeners: [Listener]
    package let certificates: [Certificate]
    package let lastReload: ReloadReport?

    package init(uptime: Duration, listeners: [Listener], certificates: [Certificate], lastReload: ReloadReport?) {
        self.uptime = uptime
        self.listeners = listeners
        self.certificates = certificates
        self.lastReload = lastReload
    }
}

/// What the running gateway does for those who ask on the control socket; where none runs, the
/// command itself does it in the gateway's place, with the store's lock.
package struct ControlDesk: Sendable {
    package typealias Reload = @Sendable (_ acceptingRemovals: Bool, _ actor: Actor) async -> ReloadReport

    package let house: House
    package let files: any Files
    let commands: [Command]
    /// The uid that the gateway runs as.
    let user: UInt32
    /// Both nil where no gateway runs.
    let reload: Reload?
    let report: (@Sendable () async -> GatewayReport)?

    package init(
        house: House,
        files: any Files,
        user: UInt32,
        reload: Reload? = nil,
        report: (@Sendable () async -> GatewayReport)? = nil
    ) {
        self.house = house
        self.files = files
        self.user = user
        self.reload = reload
        self.report = report
        commands = Commands.all.filter { $0.answer != nil }
    }

    func caller(_ user: UInt32) -> Caller {
        Caller(
            user: user,
            member: house.rulebook.configuration.team.member(unixUser: user)?.id,
            isOperator: user == 0 || user == self.user
        )
    }

    /// Does one command for the user with this uid.
    func answer(_ words: [String], from user: UInt32, to console: Console) async -> ExitCode {
        guard let name = words.first, let command = commands.first(where: { $0.name == name }),
            let answer = command.answer
        else {
            console.complain("greenroom: the gateway knows no such command; is it of the same version?")
            return .usage
        }
        return await Program.telling(console, name) {
            try await answer(command.arguments(Array(words.dropFirst())), caller(user), self, console)
        }
    }
}
