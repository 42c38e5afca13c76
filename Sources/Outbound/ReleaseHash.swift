package import Crypto
package import SMTPWire

/// What a verdict releases: these bytes from this sender to these recipients, and nothing else
/// (INV-1).
package enum ReleaseHash {
    /// SHA-256 over MAIL FROM with its parameters, every recipient with theirs, and the transmit
    /// form; each part with its length before it, so that nothing can move from one to another.
    package static func of(_ envelope: Envelope, transmitForm: [UInt8]) -> [UInt8] {
        var hash = begin(envelope, octets: transmitForm.count)
        hash.update(transmitForm)
        return hash.finish()
    }

    /// The hash with the envelope in it, to be updated with the bytes as they are sent.
    package static func begin(_ envelope: Envelope, octets: Int) -> SHA256 {
        var parts = [envelope.sender?.text ?? "", envelope.parameters.text, String(envelope.recipients.count)]
        for recipient in envelope.recipients { parts += [recipient.address.text, recipient.parameters.text] }
        var hash = SHA256()
        for part in parts { hash.update(Array("\(part.utf8.count):\(part)".utf8)) }
        hash.update(Array("\(octets):".utf8))
        return hash
    }
}
