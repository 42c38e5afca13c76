import Base

/// What the test itself knows of the mail, by the words of the design alone.
struct Model: Hashable {
    /// A mail whose submission was acknowledged.
    struct Mail: Hashable {
        /// The groups that must approve it.
        let needs: Set<String>
        /// What it says; its transmit form holds it.
        let text: String
        let recipient: String
        var revision = 1
        /// Whose approval counts, of this version.
        var approvedBy = Set<String>()
        /// When the approval that made it whole takes effect.
        var leavesAt: Timestamp?
        /// Rejected, withdrawn or canceled.
        var isOver = false
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

    mutating func end(_ number: Int64) {
        mails[number]?.isOver = true
        mails[number]?.leavesAt = nil
    }

    mutating func takeBack(_ number: Int64, by name: String) {
        mails[number]?.approvedBy.remove(name)
        mails[number]?.isOver = false
        mails[number]?.leavesAt = nil
    }

    /// Whether people let this mail out, as of now (INV-1).
    func mayLeave(_ number: Int64, at now: Timestamp) -> Bool {
        guard let mail = mails[number], !mail.isOver else { return false }
        return mail.leavesAt.map { $0 <= now } ?? false
    }
}
