import Base
import Campaigns
import Policy
import Text
import Triage

/// What a verdict costs by 1,000 rules, on one thread: nobody else judges like this, so there is no peer;
/// the promise is 100 µs.
enum PolicyBenchmark {
    private static let rounds = 2000

    static func run() {
        let rules = rules(1000)
        for (name, size) in [("1 KiB", 1024), ("4 KiB", 4096), ("16 KiB", 16_384)] {
            let facts = facts(size)
            measure("text of \(name), made ready before", rules) { facts }
            var unready = facts
            unready.searched = nil
            measure("text of \(name), read anew", rules) { unready }
        }
        var inside = facts(4096)
        inside.recipients = [Facts.Recipient(kind: .internal, domain: "glow.example")]
        inside.collaborators = []
        inside.searched = nil
        measure("internal mail of 4 KiB", rules) { inside }
    }

    private static func measure(_ name: String, _ rules: RuleSet, _ facts: () -> Facts) {
        var held = 0
        var times: [Int64] = []
        for _ in 0..<rounds {
            let start = OwnTime.ofThread
            let verdict = rules.decide(facts())
            times.append(OwnTime.ofThread - start)
            if verdict.outcome == .hold { held += 1 }
        }
        times.sort()
        let median = Double(times[rounds / 2]) / 1000
        let slow = Double(times[rounds * 99 / 100]) / 1000
        show("policy: 1,000 rules, \(name.padded(36)) median \(median) µs, 99th percentile \(slow) µs (\(held) held)")
    }

    /// As a large team has them: words, a campaign, a kind of recipient, and some about records.
    private static func rules(_ count: Int) -> RuleSet {
        RuleSet(
            permits: [
                Permit(name: "internal", condition: .everyRecipient([.internal])),
                Permit(name: "accepted", condition: .all([.stage([.accepted]), .not(.namesAmount)])),
            ],
            restrictions: (0..<count - 2).map { number in
                Restriction(
                    name: "r\(number)",
                    condition: .all([
                        .words(["phrase number \(number)", "other words \(number)", "word\(number)"]),
                        .anyRecipient([.creator, .agency]),
                        .any([.campaign([CampaignID("campaign-\(number % 20)")]), .amountAboveCeiling]),
                        .not(.stage([.declined])),
                    ]),
                    effect: .hold(approvals: ["legal": 1])
                )
            },
            defaultApprovals: ["managers": 1],
            clauses: (0..<50).map { number in
                Clause(
                    id: "c\(number)",
                    kind: .disclosure,
                    version: "1",
                    text: "Please mark the post number \(number) as advertising."
                )
            }
        )
    }

    private static func facts(_ size: Int) -> Facts {
        let words = "Hello, some text about the shoot with word27 in it, and what else people write of it.\n"
        var text = ""
        while text.utf8.count < size { text += words }
        return Facts(
            now: Timestamp(seconds: 1_767_607_200),
            sender: "mia",
            recipients: [Facts.Recipient(kind: .creator, domain: "lumi.example")],
            campaign: "campaign-7",
            collaborators: [
                Facts.Collaborator(creator: "lumi", campaign: "campaign-7", stage: .negotiating)
            ],
            subject: "The shoot",
            text: text,
            searched: SearchedText(["The shoot", text])
        )
    }
}
