internal import Base
internal import Campaigns
internal import SMTPWire

extension MatchInput {
    /// Recipients of the envelope that no field names are blind ones.
    mutating func addBlindRecipients(_ envelope: SMTPWire.Envelope) {
        let visible = Set((to + cc + bcc).map(\.address))
        for recipient in envelope.recipients {
            let address = KnownAddress(local: recipient.address.localPart, domain: recipient.address.domain)
            if !visible.contains(address) { bcc.append(Correspondent(address: address)) }
        }
    }

    /// The recipients whom every recipient can see.
    var visibleRecipients: [KnownAddress] { (to + cc).map(\.address) }
}
