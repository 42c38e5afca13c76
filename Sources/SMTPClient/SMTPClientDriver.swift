package import Base
package import Net
package import Reactor
package import SASL

/// Opens sessions with one smarthost.
package struct SMTPClientDriver: Sendable {
    private let configuration: SMTPClientConfiguration
    private let dialer: any Dialer
    private let tls: TLSClientContext?
    private let time: any TimeSource

    /// A driver; `tls` may be missing only where the configuration asks for none.
    package init(
        configuration: SMTPClientConfiguration,
        dialer: any Dialer,
        tls: TLSClientContext?,
        time: any TimeSource
    ) {
        self.configuration = configuration
        self.dialer = dialer
        self.tls = tls
        self.time = time
    }

    /// Connects, sets the session up, lets the body send as many messages as it likes, and ends it.
    ///
    /// Called from a task of `loop`; if the task is canceled the connection breaks off.
    package func withSession<Value>(
        credentials: ClientCredentials?,
        on loop: EventLoop,
        _ body: (SMTPClientSession) async -> Value
    ) async throws(SMTPFailure) -> Value {
        let connection: Connection
        do throws(NetError) {
            let deadline = time.instant.advanced(by: configuration.timeouts.connect)
            connection = try await dialer.dial(configuration.endpoint, on: loop, until: deadline)
        } catch {
            throw SMTPFailure(.connect, .transport(error))
        }
        return try await connection.use { () async throws(SMTPFailure) -> Value in
            let session = SMTPClientSession(
                connection,
                configuration: configuration,
                credentials: credentials,
                tls: tls,
                time: time
            )
            try await session.open()
            let value = await body(session)
            await session.quit()
            return value
        }
    }
}
