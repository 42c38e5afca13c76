import Base
import Campaigns

/// What the test itself knows of the mail, by the words of the design alone.
struct Model: Hashable {
    /// Why mail that waits is looked at anew.
    enum Change: Hashable {
        case heard, wrote, declined, closed, silenced
    }

    enum Status: Hashable {
        /// Waits for people; with `leavesAt` for a time.
        case waiting
        /// Can still be taken back by who said it.
        case rejected(by: String, until: Timestamp)
        /// Released: the smarthost may have it.
        case out
        /// Never leaves any more.
        case over
    }

    /// A mail whose submission was acknowledged.
    struct Mail: Hashable {
        let kind: MailKind
        let author: String
        /// The groups that must approve it.
        var asked: Set<String>
        /// What it says; its transmit form holds it.
        var text: String
        var revision = 1
        var status = Status.waiting
        /// Whose approval counts, of this version.
        var approvedBy = Set<String>()
        /// When it may leave; nil while somebody is asked.
        var leavesAt: Timestamp?
        let submittedAt: Timestamp
        var notBefore: Timestamp?
        var expiresAt: Timestamp
        var isInCampaign: Bool
        /// What happened while it was rejected: it counts when that is taken back.
        var missed = Set<Change>()
        /// Whether an attempt was committed: then it is too late to cancel it.
        var hasAttempt = false
        /// How often the smarthost took it, and how often more than once it may have (INV-2).
        var arrivals = 0
        var pardons = 0
    }

    /// By outbound number.
    var mails: [Int64: Mail] = [:]
    /// The files that are in force.
    var rules = Rules.base
    var isDeclined = false
    /// A reload has left everything to be judged again.
    var isJudgingDue = false

    static let groups = ["ben": "managers", "lea": "legal"]
    static let author = "mia"
    static let creator: CreatorID = "lumi"
    static let campaign: CampaignID = "spring"
    static let keeping = Duration.seconds(14 * 86_400)

    // MARK: What people do

    /// Gives whether their word counts.
    @discardableResult
    mutating func approve(_ number: Int64, by name: String, at now: Timestamp, undo: Duration) -> Bool {
        guard var mail = mails[number], mail.mayDecide(name), !mail.approvedBy.contains(name) else { return false }
        mail.approvedBy.insert(name)
        mail.leavesAt = mail.isSatisfied ? mail.leaving(now.advanced(by: undo)) : mail.leavesAt
        mails[number] = mail
        return true
    }

    mutating func reject(_ number: Int64, by name: String, at now: Timestamp, undo: Duration) -> Bool {
        guard var mail = mails[number], mail.mayDecide(name) else { return false }
        mail.status = .rejected(by: name, until: now.advanced(by: undo))
        mail.approvedBy.remove(name)
        mail.leavesAt = nil
        mails[number] = mail
        return true
    }

    /// One's own word is taken back, not another's rejection.
    mutating func takeBack(_ number: Int64, by name: String, at now: Timestamp, undo: Duration) -> Bool {
        guard var mail = mails[number] else { return false }
        switch mail.status {
        case .waiting where mail.approvedBy.contains(name):
            mail.approvedBy.remove(name)
            mail.leavesAt = mail.isSatisfied ? mail.leaving(now.advanced(by: undo)) : nil
        case .rejected(name, _):
            mail.status = .waiting
            mail.leavesAt = mail.isSatisfied ? mail.leaving(now.advanced(by: undo)) : nil
        case .rejected where mail.approvedBy.contains(name):
            mail.approvedBy.remove(name)
        default: return false
        }
        mails[number] = mail
        return true
    }

    mutating func withdraw(_ number: Int64) -> Bool {
        guard var mail = mails[number], mail.status == .waiting else { return false }
        mail.end()
        mails[number] = mail
        return true
    }

    /// Another version: nothing that was said of the one before counts, an approver's own is approved by them.
    mutating func correct(_ number: Int64, by name: String, text: String, at now: Timestamp, undo: Duration) -> Bool {
        guard var mail = mails[number], mail.status == .waiting else { return false }
        mail.text = text
        mail.revision += 1
        mail.judge(rules, at: now)
        mails[number] = mail
        if mail.status == .waiting, mail.leavesAt == nil { approve(number, by: name, at: now, undo: undo) }
        return true
    }

    mutating func drop(_ number: Int64) -> Bool {
        guard var mail = mails[number], mail.status == .out, mail.arrivals <= mail.pardons else { return false }
        mail.end()
        mails[number] = mail
        return true
    }

    // MARK: What happens around it (D6)

    mutating func happens(_ change: Change, by author: String? = nil, at now: Timestamp) {
        for (number, mail) in mails where mail.author != author {
            let concerns = change != .closed || mail.isInCampaign
            mails[number] = touched(mail, by: concerns ? change : nil, at: now)
        }
    }

    private func touched(_ mail: Mail, by change: Change? = nil, at now: Timestamp) -> Mail {
        var mail = mail
        if let change { mail.missed.insert(change) }
        let standing = mail.missed.filter { change in
            switch change {
            case .heard, .wrote: true
            case .declined: isDeclined
            case .closed: rules == .completed
            case .silenced: rules == .silent
            }
        }
        let isCanceled = !standing.isDisjoint(with: [.declined, .closed, .silenced])
        switch mail.status {
        case .waiting where isCanceled: mail.end()
        case .waiting where !standing.isEmpty:
            mail.missed = []
            mail.approvedBy = []
            mail.leavesAt = nil
            if mail.asked.isEmpty { mail.asked = ["managers"] }
            mail.expiresAt = now.advanced(by: Self.keeping)
        case .out:
            if isCanceled, !mail.hasAttempt { mail.end() }
            mail.missed = []
        case .over: mail.missed = []
        case .waiting, .rejected: break
        }
        return mail
    }

    /// What is due by `now`, as the timekeeper does it.
    mutating func settle(at now: Timestamp) {
        for (number, mail) in mails {
            mails[number] = settled(mail, at: now)
            if isJudgingDue, let mail = mails[number], mail.status == .waiting { mails[number] = judged(mail, at: now) }
        }
        isJudgingDue = false
    }

    private func settled(_ mail: Mail, at now: Timestamp) -> Mail {
        var mail = mail
        switch mail.status {
        case .rejected(_, let until) where until <= now: mail.end()
        case .waiting where mail.leavesAt.map { $0 <= now } ?? false:
            mail = touched(mail, at: now)
            guard mail.status == .waiting, mail.leavesAt != nil else { return mail }
            mail = tightened(mail, at: now)
            if mail.leavesAt != nil { mail.status = .out }
        case .waiting where mail.leavesAt == nil && mail.expiresAt <= now: mail.end()
        default: break
        }
        return mail
    }

    private func judged(_ mail: Mail, at now: Timestamp) -> Mail {
        let touched = touched(mail, at: now)
        return touched == mail ? tightened(mail, at: now) : touched
    }

    /// By the rules in force, and never looser than before (INV-7).
    private func tightened(_ mail: Mail, at now: Timestamp) -> Mail {
        var mail = mail
        let asked = mail.asked.union(rules.asks(mail.kind))
        guard asked != mail.asked else { return mail }
        mail.asked = asked
        mail.expiresAt = now.advanced(by: Self.keeping)
        if !mail.isSatisfied { mail.leavesAt = nil }
        return mail
    }

    /// Which mail the smarthost took.
    func number(of arrival: Smarthost.Arrival) -> Int64? {
        let text = String(decoding: arrival.bytes, as: UTF8.self)
        return mails.first { text.contains($0.value.text) }?.key
    }

    /// Whether people, or a permit, let this mail out (INV-1).
    func mayLeave(_ number: Int64) -> Bool { mails[number]?.status == .out }
}

extension Model.Mail {
    init(_ kind: MailKind, by author: String, text: String, rules: Rules, isInCampaign: Bool, at now: Timestamp) {
        self.kind = kind
        self.author = author
        self.text = text
        self.isInCampaign = isInCampaign
        submittedAt = now
        asked = []
        expiresAt = now.advanced(by: Model.keeping)
        judge(rules, at: now)
    }

    /// A text that was just handed in: what no one is asked about leaves at once, or when its time has come.
    fileprivate mutating func judge(_ rules: Rules, at now: Timestamp) {
        asked = rules.asks(kind)
        notBefore = kind == .reminder && rules != .loose ? submittedAt.advanced(by: MailKind.delay) : nil
        approvedBy = []
        missed = []
        expiresAt = now.advanced(by: Model.keeping)
        leavesAt = asked.isEmpty ? notBefore ?? now : nil
        if let leavesAt, leavesAt <= now { status = .out }
    }

    var isSatisfied: Bool { Set(approvedBy.compactMap { Model.groups[$0] }).isSuperset(of: asked) }

    /// Whether the member is asked, and it is not their own.
    fileprivate func mayDecide(_ name: String) -> Bool {
        status == .waiting && name != author && (Model.groups[name].map(asked.contains) ?? false)
    }

    fileprivate func leaving(_ time: Timestamp) -> Timestamp { notBefore.map { max($0, time) } ?? time }

    fileprivate mutating func end() {
        status = .over
        leavesAt = nil
    }
}
