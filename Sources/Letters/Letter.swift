/// A mail that Greenroom writes itself: local, never sent out (INV-8).
package struct Letter: Hashable, Sendable {
    package let bytes: [UInt8]
    /// Without angle brackets.
    package let messageID: String
    package let subject: String
    package let from: String
}
