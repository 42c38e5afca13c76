internal import SMTPWire

extension SMTPSyntaxError {
    /// The reply to a line with this error (RFC 5321 §4.2.4, RFC 3463 §3.6).
    var reply: SMTPReply {
        switch kind {
        case .unknownCommand:
            SMTPReply(500, EnhancedStatus(5, 5, 2), "No such command")
        case .argument:
            SMTPReply(501, EnhancedStatus(5, 5, 4), "An argument is missing or wrong (byte \(offset))")
        case .unexpectedArgument:
            SMTPReply(501, EnhancedStatus(5, 5, 4), "Too many arguments (byte \(offset))")
        case .path:
            SMTPReply(501, EnhancedStatus(5, 1, 3), "Not an address in angle brackets (byte \(offset))")
        case .parameter, .parameterValue, .repeatedParameter:
            SMTPReply(501, EnhancedStatus(5, 5, 4), "A parameter is wrong (byte \(offset))")
        case .unknownParameter:
            SMTPReply(555, EnhancedStatus(5, 5, 4), "A parameter is not known (byte \(offset))")
        case .base64:
            SMTPReply(501, EnhancedStatus(5, 5, 2), "Not base 64")
        }
    }
}

extension DataReader.Fault {
    /// The reply at the end of a message with this fault.
    var reply: SMTPReply {
        switch self {
        case .bareCarriageReturn:
            SMTPReply(550, EnhancedStatus(5, 6, 0), "The message holds a CR without LF")
        case .nul:
            SMTPReply(550, EnhancedStatus(5, 6, 0), "The message holds a NUL")
        case .falseEnd:
            SMTPReply(550, EnhancedStatus(5, 6, 0), "The message holds an end that is not CR LF . CR LF")
        case .lineTooLong:
            SMTPReply(550, EnhancedStatus(5, 6, 0), "A line of the message is too long; encode it (RFC 5322 2.1.1)")
        case .tooLarge:
            SMTPReply(552, EnhancedStatus(5, 3, 4), "The message is over the size limit")
        }
    }
}
