import Base
import Campaigns
import Config
import Policy
import TestSupport

/// What somebody or something does to the house.
enum Deed: Hashable, CustomStringConvertible {
    case submit(MailKind)
    case approve(Int64, by: String)
    case reject(Int64, by: String)
    case takeBack(Int64, by: String)
    case withdraw(Int64)
    case correct(Int64, by: String)
    /// An operator takes it out of the relay's queue.
    case drop(Int64)
    /// The creator writes, declines, or is won back.
    case hear
    case decline
    case winBack
    /// A colleague's mail to the same creator is let out by a permit, and leaves.
    case colleague
    case reload(Rules)
    /// Time passes: longer than the undo time, and than the first attempts are apart.
    case wait
    /// Longer than undecided mail is kept.
    case waitLong
    /// The timekeeper does what is due.
    case settle
    case relay(Smarthost.Mood)
    /// Not the house's doing: somebody breaks it, to see that the checker notices.
    case tamper(Tampering)

    var description: String {
        switch self {
        case .submit(let kind): "mia submits \(kind)"
        case .approve(let number, let name): "\(name) approves \(number)"
        case .reject(let number, let name): "\(name) rejects \(number)"
        case .takeBack(let number, let name): "\(name) takes back \(number)"
        case .withdraw(let number): "mia withdraws \(number)"
        case .correct(let number, let name): "\(name) corrects \(number)"
        case .drop(let number): "an operator drops \(number)"
        case .hear: "the creator writes"
        case .decline: "the creator declines"
        case .winBack: "the creator is won back"
        case .colleague: "a colleague writes to the creator"
        case .reload(let rules): "reload: \(rules)"
        case .wait: "wait"
        case .waitLong: "wait 15 days"
        case .settle: "settle"
        case .relay(let mood): "relay: the smarthost \(mood)"
        case .tamper(let tampering): "somebody tampers: \(tampering)"
        }
    }

    static let wait10 = Duration.seconds(600)
    static let wait15Days = Duration.seconds(15 * 86_400)
}

/// What a mail says, and with it what policy asks for.
enum MailKind: Hashable {
    /// Managers are asked.
    case plain
    /// Legal is asked as well.
    case rights
    /// A permit lets it out, after five minutes.
    case reminder
    /// A permit lets it out at once; a colleague's.
    case greeting

    static let delay = Duration.seconds(300)

    var words: String {
        switch self {
        case .plain: ""
        case .rights: " With usage rights."
        case .reminder: " A reminder."
        case .greeting: " Greetings."
        }
    }
}

/// The files that are in force.
enum Rules: UInt8, Hashable, CaseIterable {
    case base
    /// Legal is asked about everything as well.
    case strict
    /// A permit for everything: what waits must not become looser by it (INV-7).
    case loose
    /// The campaign is over.
    case completed
    /// The creator asks not to be written to.
    case silent

    /// Who is asked about a mail, by the words of the files.
    func asks(_ kind: MailKind) -> Set<String> {
        switch (self, kind) {
        case (_, .greeting), (.loose, _): []
        case (.strict, .reminder): ["legal"]
        case (_, .reminder): []
        case (.strict, _), (_, .rights): ["managers", "legal"]
        case (_, .plain): ["managers"]
        }
    }

    func changed(_ sample: Configuration) -> Configuration {
        var configuration = sample
        configuration.files[0].hash = [rawValue]
        configuration.gateway.approvals.expiresAfter = .seconds(14 * 86_400)
        let words = { (kind: MailKind) in Condition.words([kind.words.trimmed]) }
        var permits = [
            Permit(name: "reminders", condition: words(.reminder)),
            Permit(name: "greetings", condition: words(.greeting)),
        ]
        var restrictions = [
            Restriction(name: "rights", condition: words(.rights), effect: .hold(approvals: ["legal": 1])),
            Restriction(name: "slowly", condition: words(.reminder), effect: .delay(MailKind.delay)),
        ]
        switch self {
        case .base: break
        case .strict:
            let all = Condition.not(words(.greeting))
            restrictions.append(Restriction(name: "legal", condition: all, effect: .hold(approvals: ["legal": 1])))
        case .loose:
            permits = [Permit(name: "everything", condition: .always)]
            restrictions = []
        case .completed:
            for index in configuration.campaigns.indices where configuration.campaigns[index].id == Model.campaign {
                configuration.campaigns[index].status = .completed
            }
        case .silent:
            for index in configuration.creators.indices where configuration.creators[index].id == Model.creator {
                configuration.creators[index].preferences.isClosed = true
            }
        }
        configuration.rules = RuleSet(
            permits: permits,
            restrictions: restrictions,
            defaultApprovals: ["managers": 1]
        )
        return configuration
    }
}

/// How the house, or what it stands on, is broken.
enum Tampering: Hashable {
    /// Held mail is let out and nobody decided (INV-1).
    case release
    /// What the smarthost has is sent once more without a crash (INV-2).
    case repeatDelivery
}

extension String {
    /// Without the space before and the full stop behind.
    fileprivate var trimmed: String { String(drop { $0 == " " }.prefix { $0 != "." }) }
}
