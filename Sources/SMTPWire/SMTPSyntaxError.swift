/// What is wrong with a command line, and where: always the client's fault.
package struct SMTPSyntaxError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The verb is none that we know.
        case unknownCommand
        /// The command needs an argument, or another one.
        case argument
        /// The command takes no argument, or not so much of it.
        case unexpectedArgument
        /// The path is not one of RFC 5321 §4.1.2.
        case path
        /// A parameter is not written as one.
        case parameter
        /// A parameter that we do not know (555).
        case unknownParameter
        /// A parameter stands twice.
        case repeatedParameter
        /// A parameter's value is not what its RFC allows.
        case parameterValue
        /// Base 64 that is none.
        case base64
    }

    package let kind: Kind
    /// Bytes from the start of the line, or of the text that was read.
    package let offset: Int

    package init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }
}
