internal import Base

// ENVELOPE and BODYSTRUCTURE (RFC 9051 §9 envelope, body).
extension WireWriter {
    package mutating func envelope(_ envelope: Envelope) {
        open()
        nstring(envelope.date)
        space()
        nstring(envelope.subject)
        for addresses in [
            envelope.from, envelope.sender, envelope.replyTo, envelope.to, envelope.cc, envelope.bcc,
        ] {
            space()
            self.addresses(addresses)
        }
        space()
        nstring(envelope.inReplyTo)
        space()
        nstring(envelope.messageID)
        close()
    }

    private mutating func addresses(_ addresses: [EnvelopeAddress]) {
        guard !addresses.isEmpty else { return write("NIL") }
        open()
        for address in addresses {
            open()
            list([address.name, address.route, address.mailbox, address.host]) { $0.nstring($1) }
            close()
        }
        close()
    }

    /// The structure, with the extension data of BODYSTRUCTURE or without, as for BODY.
    package mutating func bodyStructure(_ structure: BodyStructure, extended: Bool) {
        open()
        switch structure {
        case .part(let part): bodyPart(part, extended: extended)
        case .multipart(let parts, let subtype, let parameters, let additional):
            for part in parts { bodyStructure(part, extended: extended) }
            space()
            string(subtype)
            if extended {
                space()
                bodyParameters(parameters)
                bodyExtension(additional)
            }
        }
        close()
    }

    private mutating func bodyPart(_ part: BodyPart, extended: Bool) {
        string(part.type)
        space()
        string(part.subtype)
        space()
        bodyParameters(part.parameters)
        space()
        nstring(part.id)
        space()
        nstring(part.description)
        space()
        string(part.encoding)
        space()
        write(part.octets)
        switch part.kind {
        case .basic: break
        case .text(let lines):
            space()
            write(lines)
        case .message(let envelope, let structure, let lines):
            space()
            self.envelope(envelope)
            space()
            bodyStructure(structure, extended: extended)
            space()
            write(lines)
        }
        guard extended else { return }
        space()
        nstring(part.md5)
        bodyExtension(part.additional)
    }

    private mutating func bodyParameters(_ parameters: [BodyParameter]) {
        guard !parameters.isEmpty else { return write("NIL") }
        open()
        list(parameters) { writer, parameter in
            writer.string(parameter.name)
            writer.space()
            writer.string(parameter.value)
        }
        close()
    }

    private mutating func bodyExtension(_ additional: BodyExtension) {
        space()
        if let disposition = additional.disposition {
            open()
            string(disposition)
            space()
            bodyParameters(additional.dispositionParameters)
            close()
        } else {
            write("NIL")
        }
        space()
        switch additional.languages.count {
        case 0: write("NIL")
        case 1: string(additional.languages[0])
        default:
            open()
            list(additional.languages) { $0.string($1) }
            close()
        }
        space()
        nstring(additional.location)
    }
}
