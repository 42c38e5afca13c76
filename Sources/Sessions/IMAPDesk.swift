internal import Base
internal import Config
package import Flow
package import IMAPServer
internal import IMAPWire
package import SASL

/// Where members log in by IMAP.
package struct IMAPDesk: IMAPBackend {
    private let house: House
    private let authenticator: Authenticator
    private let memory: IMAPMemory
    private let isLocal: Bool

    package init(house: House, authenticator: Authenticator, memory: IMAPMemory, isLocal: Bool) {
        self.house = house
        self.authenticator = authenticator
        self.memory = memory
        self.isLocal = isLocal
    }

    package func logIn(_ attempt: LogInAttempt) async -> LogInOutcome {
        let outcome = await authenticator.check(
            attempt.credentials,
            peer: attempt.peer,
            isLocal: isLocal,
            scope: .read
        )
        switch outcome {
        case .busy:
            return .refused(.unavailable, delay: .zero)
        case .refused(let delay):
            return .refused(.refused(.authenticationFailed, "Name or password is wrong"), delay: delay)
        case .accepted(let member, let serverFinal):
            let authorization = attempt.credentials.authorization
            guard authorization.isEmpty || authorization == attempt.credentials.user else {
                return .refused(.refused(.authorizationFailed, "You can act as yourself only"), delay: .zero)
            }
            let session = MemberSession(house: house, acting: member, memory: memory)
            do {
                try await session.prepare()
                return .accepted(session, serverFinal: serverFinal)
            } catch {
                return .refused(error, delay: .zero)
            }
        }
    }

    package func scramChallenge(for user: String) -> ScramChallenge {
        authenticator.scramChallenge(for: user, isLocal: isLocal)
    }
}
