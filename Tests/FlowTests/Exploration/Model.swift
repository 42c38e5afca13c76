import Base

/// What the test itself knows of the mail, by the words of the design alone.
struct Model: Hashable {
    /// A mail whose submission was acknowledged.
    struct Mail: Hashable {
        /// The groups that must approve it.
        let needs: Set<String>
        /// What it says; its transmit form holds it.
        var text: String
        let recipient: String
        var revision = 1
        /// Whose approval counts, of this version.
        var approvedBy = Set<String>()
        /// When the approval that made it whole takes effect.
        var leavesAt: Timestamp?
        /// Rejected, withdrawn or canceled.
        var isOver = false
        var rejectedBy: String?
        /// How often the smarthost took it, and how often more than once it may have (INV-2).
        var arrivals = 0
        var pardons = 0
    }

    /// By outbound number.
    var mails: [Int64: Mail] = [:]
    static let groups = ["ben": "managers", "lea": "legal"]
    static let author = "mia"

    mutating func approve(_ number: Int64, by name: String, at now: Timestamp, undo: Duration) {
        guard var mail = mails[number], !mail.isOver, let group = Self.groups[name], mail.needs.contains(group) else {
            return
        }
        mail.approvedBy.insert(name)
        if Set(mail.approvedBy.compactMap { Self.groups[$0] }).isSuperset(of: mail.needs) {
            mail.leavesAt = now.advanced(by: undo)
        }
        mails[number] = mail
    }

    /// Another version: nothing that was said of the one before counts, an approver's own is approved by them.
    mutating func correct(_ number: Int64, by name: String, text: String, at now: Timestamp, undo: Duration) {
        mails[number]?.text = text
        mails[number]?.revision += 1
        mails[number]?.approvedBy = []
        mails[number]?.leavesAt = nil
        approve(number, by: name, at: now, undo: undo)
    }

    /// Rejected by somebody, who then has not approved any more, or withdrawn.
    mutating func end(_ number: Int64, rejectedBy name: String? = nil) {
        mails[number]?.isOver = true
        mails[number]?.leavesAt = nil
        mails[number]?.rejectedBy = name
        if let name { mails[number]?.approvedBy.remove(name) }
    }

    /// One's own word is taken back, not another's rejection.
    mutating func takeBack(_ number: Int64, by name: String) {
        mails[number]?.approvedBy.remove(name)
        mails[number]?.leavesAt = nil
        guard let mail = mails[number], mail.rejectedBy == nil || mail.rejectedBy == name else { return }
        mails[number]?.isOver = false
        mails[number]?.rejectedBy = nil
    }

    /// Whether people let this mail out, as of now (INV-1).
    func mayLeave(_ number: Int64, at now: Timestamp) -> Bool {
        guard let mail = mails[number], !mail.isOver else { return false }
        return mail.leavesAt.map { $0 <= now } ?? false
    }
}
