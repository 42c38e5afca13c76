internal import Base
internal import IMAPWire

// IDLE (RFC 2177): the client is told of changes as they come, until it says DONE.
extension Engine {
    mutating func beginIdle(tag: String) {
        output.response(.continuation([UInt8]("idling")))
        expectation = .done(tag: tag)
        if case .selected(_, let view) = state { view.tell(.everything, enabled, into: &output) }
    }

    mutating func endIdle(_ frame: Frame, tag: String) {
        expectation = .command
        guard frame.literals.isEmpty, ASCII.equalsIgnoringCase(frame.text, "DONE".utf8) else {
            output.status(StatusResponse(tag: tag, .bad, nil, "DONE was expected"))
            return countFault()
        }
        if case .selected(_, let view) = state { view.tell(.everything, enabled, into: &output) }
        output.status(StatusResponse(tag: tag, .ok, "IDLE done"))
    }
}
