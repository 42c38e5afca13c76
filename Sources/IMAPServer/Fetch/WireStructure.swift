internal import Base
package import IMAPWire
package import Message

// What Message finds, as the protocol shows it.

extension IMAPWire.Envelope {
    package init(_ header: Header) {
        let found = Message.Envelope(header)
        self.init()
        date = found.date
        subject = found.subject
        from = Self.addresses(found.from)
        sender = Self.addresses(found.sender)
        replyTo = Self.addresses(found.replyTo)
        to = Self.addresses(found.to)
        cc = Self.addresses(found.cc)
        bcc = Self.addresses(found.bcc)
        inReplyTo = found.inReplyTo
        messageID = found.messageID
    }

    private static func addresses(_ list: AddressList?) -> [EnvelopeAddress] {
        (list?.items ?? []).map { item in
            switch item {
            case .mailbox(let address):
                EnvelopeAddress(
                    name: address.envelopeName,
                    route: address.route,
                    mailbox: address.localPart,
                    host: address.domain
                )
            // RFC 9051 §7.5.2: a group begins without host and ends without either.
            case .groupStart(let name): EnvelopeAddress(mailbox: name, host: nil)
            case .groupEnd: EnvelopeAddress(mailbox: nil, host: nil)
            }
        }
    }
}

extension BodyStructure {
    package init(_ part: MIMEPart) {
        let type = part.mediaType
        let subtype = Array(type.subtype.utf8)
        if case .multipart(let parts) = part.content {
            self = .multipart(
                parts.map { Self($0) },
                subtype: subtype,
                parameters: Self.parameters(type.parameters),
                BodyExtension(part)
            )
            return
        }
        let kind: BodyPart.Kind =
            if let message = part.message {
                .message(IMAPWire.Envelope(message.header), Self(message), lines: UInt32(clamping: part.lines))
            } else if type.isText {
                .text(lines: UInt32(clamping: part.lines))
            } else {
                .basic
            }
        self = .part(
            BodyPart(
                type: Array(type.type.utf8),
                subtype: subtype,
                parameters: Self.parameters(type.parameters),
                id: part.id,
                description: part.description,
                encoding: Array(part.encodingName.utf8),
                octets: UInt32(clamping: part.octets),
                kind: kind,
                md5: part.md5,
                additional: BodyExtension(part)
            )
        )
    }

    fileprivate static func parameters(_ parameters: MIMEParameters) -> [BodyParameter] {
        parameters.map { parameter in
            let wire = parameter.wire
            return BodyParameter(name: Array(wire.name.utf8), value: wire.value)
        }
    }
}

extension BodyExtension {
    fileprivate init(_ part: MIMEPart) {
        self.init(
            disposition: part.disposition.map { Array($0.kind.utf8) },
            dispositionParameters: part.disposition.map { BodyStructure.parameters($0.parameters) } ?? [],
            languages: part.languages.map { Array($0.utf8) },
            location: part.location
        )
    }
}
