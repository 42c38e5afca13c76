internal import Base

/// The MIME structure of a message (RFC 9051 §7.5.2 BODYSTRUCTURE).
package indirect enum BodyStructure: Hashable, Sendable {
    case part(BodyPart)
    case multipart([BodyStructure], subtype: [UInt8], parameters: [BodyParameter], BodyExtension)
}

/// A name and a value of a Content field; the name as it stands in the message.
package struct BodyParameter: Hashable, Sendable {
    package var name: [UInt8]
    package var value: [UInt8]

    package init(name: [UInt8], value: [UInt8]) {
        self.name = name
        self.value = value
    }
}

/// One part that is no multipart.
package struct BodyPart: Hashable, Sendable {
    /// What is said beside the common fields, by type.
    package indirect enum Kind: Hashable, Sendable {
        case basic
        case text(lines: UInt32)
        case message(Envelope, BodyStructure, lines: UInt32)
    }

    package var type: [UInt8]
    package var subtype: [UInt8]
    package var parameters: [BodyParameter]
    package var id: [UInt8]?
    package var description: [UInt8]?
    package var encoding: [UInt8]
    /// Octets in the transfer encoding.
    package var octets: UInt32
    package var kind: Kind
    package var md5: [UInt8]?
    package var additional: BodyExtension

    package init(
        type: [UInt8],
        subtype: [UInt8],
        parameters: [BodyParameter] = [],
        id: [UInt8]? = nil,
        description: [UInt8]? = nil,
        encoding: [UInt8] = [UInt8]("7bit"),
        octets: UInt32,
        kind: Kind = .basic,
        md5: [UInt8]? = nil,
        additional: BodyExtension = BodyExtension()
    ) {
        self.type = type
        self.subtype = subtype
        self.parameters = parameters
        self.id = id
        self.description = description
        self.encoding = encoding
        self.octets = octets
        self.kind = kind
        self.md5 = md5
        self.additional = additional
    }
}

/// The extension data that BODYSTRUCTURE has and BODY has not.
package struct BodyExtension: Hashable, Sendable {
    /// The disposition's name; `nil` where there is none.
    package var disposition: [UInt8]?
    package var dispositionParameters: [BodyParameter]
    package var languages: [[UInt8]]
    package var location: [UInt8]?

    package init(
        disposition: [UInt8]? = nil,
        dispositionParameters: [BodyParameter] = [],
        languages: [[UInt8]] = [],
        location: [UInt8]? = nil
    ) {
        self.disposition = disposition
        self.dispositionParameters = dispositionParameters
        self.languages = languages
        self.location = location
    }
}
