internal import Campaigns
internal import Ledger
internal import Policy

/// The question to an author whose mail several campaigns judge differently: until it is answered, the strictest
/// of them counts.
enum OpenCampaign {
    static let rule = "Campaign open"

    static func question(_ campaigns: [CampaignID]) -> Verdict {
        let names = campaigns.map(\.rawValue).sorted()
        let text =
            "it may belong to \(names.joined(separator: " or ")), which ask for different things; its author can say"
            + " which: \"campaign: \(names[0])\""
        return Verdict(outcome: .release, reasons: [Verdict.Reason(rule: rule, text: text)])
    }

    /// The campaigns that an author can name, where they are asked.
    static func choice(_ record: OutboundRecord, _ directory: Directory) -> [CampaignID] {
        guard record.reasons.contains(where: { $0.rule == rule }) else { return [] }
        return fitting(record, directory)
    }

    /// The open campaigns of the creators addressed.
    static func fitting(_ record: OutboundRecord, _ directory: Directory) -> [CampaignID] {
        Set(record.creators.flatMap(directory.openCampaigns)).sorted()
    }
}
