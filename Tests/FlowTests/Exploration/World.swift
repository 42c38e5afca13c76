import Base
import Config
import TestSupport

@testable import Flow

/// A house at one moment: what a power cut leaves of its disk, its time, and what the test knows.
struct World {
    let disk: SimulatedDisk
    let now: Timestamp
    let model: Model
    /// What the store holds, as far as anything that may happen next depends on it.
    let contents: String

    /// Two worlds with the same key cannot be told apart by what happens next.
    var key: String { contents + model.key(at: now) }

    /// What can be done now.
    ///
    /// Left out is only what cannot differ from something that is tried: there is one creator and one author, so
    /// that mails are told apart by kind; people write to and about the creator while something may still come of
    /// it; the timekeeper and a smarthost that takes nothing do nothing where nothing is due.
    func deeds(mails: Int, tampering: Tampering?) -> [Deed] {
        var deeds: [Deed] = []
        let own = model.mails.filter { $0.value.kind != .greeting }
        if own.count < mails, model.rules != .completed {
            deeds += [.submit(.plain), .submit(.rights), .submit(.reminder)]
        }
        for (number, mail) in own.sorted(by: { $0.key < $1.key }) {
            deeds += ["ben", "lea", Model.author].map { .approve(number, by: $0) }
            deeds += ["ben", "lea"].flatMap { [.reject(number, by: $0), .takeBack(number, by: $0)] }
            deeds.append(.withdraw(number))
            // One correction each: the versions after it are like it. Of whom nobody asks it is a mail of their own.
            if mail.revision == 1 {
                deeds.append(.correct(number, by: Model.author))
                if mail.asked.contains("managers") { deeds.append(.correct(number, by: "ben")) }
            }
            if mail.status == .out { deeds.append(.drop(number)) }
        }
        guard !own.isEmpty else { return deeds }
        if own.values.contains(where: { $0.status != .over && $0.arrivals == 0 }) {
            deeds += [.hear, model.isDeclined ? .winBack : .decline]
            if own.count == model.mails.count { deeds.append(.colleague) }
            deeds += Rules.allCases.filter { $0 != model.rules }.map { .reload($0) }
        }
        deeds += [.settle, .relay(.takes)]
        if model.mails.values.contains(where: { $0.status == .out && $0.arrivals == 0 }) {
            deeds += [.relay(.waits), .relay(.refuses)]
        }
        if let tampering { deeds.append(.tamper(tampering)) }
        return deeds + [.wait, .waitLong]
    }
}

extension Model {
    /// Times count only by how many waits they are ahead: nobody waits otherwise.
    func key(at now: Timestamp) -> String {
        func when(_ time: Timestamp?) -> String { time.map { Self.waits(until: $0, from: now) } ?? "-" }
        let lines = mails.sorted { $0.key < $1.key }.map { number, mail in
            let status =
                switch mail.status {
                case .waiting: "waiting"
                case .rejected(let name, let until): "rejected by \(name) \(when(until))"
                case .out: "out"
                case .over: "over"
                }
            let missed = mail.missed.map { "\($0)" }.sorted()
            return
                "\(number) \(mail.kind) \(status) \(mail.revision) \(mail.asked.sorted()) \(mail.approvedBy.sorted()) "
                + "\(when(mail.leavesAt)) \(when(mail.notBefore)) \(when(mail.expiresAt)) \(missed) \(mail.hasAttempt) "
                + "\(mail.isInCampaign) \(min(mail.arrivals, 1)) \(mail.pardons - mail.arrivals)"
        }
        return "\(lines) \(rules) \(isDeclined) \(isJudgingDue)"
    }

    /// How many waits of ten minutes end before a time comes, at most as many as anybody waits in a row.
    static func waits(until time: Timestamp, from now: Timestamp) -> String {
        let ahead = time.milliseconds - now.milliseconds
        return ahead <= 0 ? "0" : String(min((ahead + 599_999) / 600_000, 12))
    }
}
