internal import Base
internal import Campaigns
internal import Crypto
internal import Message

/// The header block above a message: its creator, campaign and stage when it first got a UID (INV-3).
///
/// Names and states only, no amounts and no notes.
struct ContextBlock {
    private var fields: [(name: String, value: String)] = []

    /// Adds a field; a value without any text is left out.
    mutating func add(_ name: StaticString, _ value: String) {
        if !value.isEmpty { fields.append(("Greenroom-" + name.description, value)) }
    }

    /// The block of a message that was attached, or left open.
    init(
        _ attachment: Attachment,
        conversations: [ConversationID],
        stages: [Stage],
        directory: Directory
    ) {
        let creators = attachment.creators.attached.compactMap(directory.creator)
        add("Creator", creators.map { "\($0.name) (\($0.id))" }.joined(separator: ", "))
        add("Handle", creators.flatMap(\.handles).map(\.description).joined(separator: ", "))
        if let campaign = attachment.campaign {
            add("Campaign", "\(directory.campaign(campaign)?.name ?? campaign.rawValue) (\(campaign))")
        }
        add("Stage", stages.map(\.rawValue).joined(separator: ", "))
        add("Channel", attachment.channel.rawValue)
        add(
            "Match",
            [attachment.confidence.rawValue, attachment.reason].filter { !$0.isEmpty }.joined(separator: "; ")
        )
        add("Candidates", attachment.creators.candidates.map(\.rawValue).joined(separator: ", "))
        add("Conversation", conversations.map(\.description).joined(separator: ", "))
    }

    /// The block's bytes, each field folded and encoded (RFC 2047), with a last field that
    /// authenticates it together with the body's hash (DESIGN §4, APPEND into a folder that acts).
    ///
    /// Whole fields are left out, from the last, where the block would be over its limit.
    func bytes(bodyHash: [UInt8], key: Secret) -> [UInt8] {
        var result: [UInt8] = []
        for field in fields {
            let line = ComposedField(field.name, .text(field.value)).bytes
            if result.count + line.count + Self.sealRoom > Limits.headerBlock { break }
            result += line
        }
        let seal = HMAC.sha256(key: key.exposed, message: result + bodyHash)
        return result + ComposedField("Greenroom-Seal", .structured(Base64.encode(seal))).bytes
    }

    /// Octets that the last field takes.
    private static let sealRoom = 72
}
