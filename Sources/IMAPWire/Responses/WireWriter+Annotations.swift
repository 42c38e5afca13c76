internal import Base

// What a server writes of annotations, rights and quota.
extension WireWriter {
    // MARK: RFC 5464 §4.4

    mutating func metadata(_ name: [UInt8], _ values: [MetadataValue]) {
        write("* METADATA ")
        astring(name)
        space()
        open()
        list(values) { writer, value in
            writer.astring(Array(value.entry.name.utf8))
            writer.space()
            // Octets that no string can hold go as a literal8 (RFC 5464 §5).
            if let octets = value.value, octets.contains(0) {
                writer.literal8(octets)
            } else {
                writer.nstring(value.value)
            }
        }
        close()
        endLine()
    }

    mutating func metadataChanged(_ name: [UInt8], _ entries: [MetadataEntry]) {
        write("* METADATA ")
        astring(name)
        for entry in entries {
            space()
            astring(Array(entry.name.utf8))
        }
        endLine()
    }

    // MARK: RFC 4314 §3

    mutating func acl(_ name: [UInt8], _ entries: [AccessEntry]) {
        write("* ACL ")
        astring(name)
        for entry in entries {
            space()
            astring(Array(entry.identifier.utf8))
            space()
            astring(Array(entry.rights.text.utf8))
        }
        endLine()
    }

    mutating func listRights(_ name: [UInt8], _ entry: AccessEntry) {
        write("* LISTRIGHTS ")
        astring(name)
        space()
        astring(Array(entry.identifier.utf8))
        space()
        astring(Array(entry.rights.text.utf8))
        endLine()
    }

    mutating func myRights(_ name: [UInt8], _ rights: AccessRights) {
        write("* MYRIGHTS ")
        astring(name)
        space()
        astring(Array(rights.text.utf8))
        endLine()
    }

    // MARK: RFC 9208 §4.2

    mutating func quota(_ root: QuotaRoot) {
        write("* QUOTA ")
        astring(Array(root.name.utf8))
        space()
        open()
        list(root.resources) { writer, resource in
            writer.write(text: "\(resource.name) \(resource.usage) \(resource.limit)")
        }
        close()
        endLine()
    }

    mutating func quotaRoot(_ name: [UInt8], _ roots: [String]) {
        write("* QUOTAROOT ")
        astring(name)
        for root in roots {
            space()
            astring(Array(root.utf8))
        }
        endLine()
    }
}
