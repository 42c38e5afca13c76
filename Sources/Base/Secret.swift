/// A value that must not be seen: it prints as nothing, whatever prints it.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package init(_ text: String) { self.bytes = Array(text.utf8) }

    /// The value itself, for the one place that needs it.
    package var exposed: [UInt8] { bytes }

    package var description: String { "(secret)" }
    package var debugDescription: String { "(secret)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
