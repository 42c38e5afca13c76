package import Base
package import Net
package import Reactor
package import SASL

/// Opens sessions with one upstream server.
package struct IMAPClientDriver: Sendable {
    private let configuration: IMAPClientConfiguration
    private let dialer: any Dialer
    private let tls: TLSClientContext?
    private let time: any TimeSource

    /// A driver; `tls` may be missing only where the configuration asks for none.
    package init(
        configuration: IMAPClientConfiguration,
        dialer: any Dialer,
        tls: TLSClientContext?,
        time: any TimeSource
    ) {
        self.configuration = configuration
        self.dialer = dialer
        self.tls = tls
        self.time = time
    }

    /// Connects, logs in, lets the body work, and ends the session.
    ///
    /// Called from a task of `loop`; if the task is canceled the connection breaks off.
    package func withSession<Value>(
        credentials: ClientCredentials?,
        on loop: EventLoop,
        _ body: (IMAPClientSession) async -> Value
    ) async throws(IMAPClientFailure) -> Value {
        let connection: Connection
        do throws(NetError) {
            let deadline = time.instant.advanced(by: configuration.timeouts.connect)
            connection = try await dialer.dial(configuration.endpoint, on: loop, until: deadline)
        } catch {
            throw IMAPClientFailure(.connect, .transport(error))
        }
        return try await connection.use { () async throws(IMAPClientFailure) -> Value in
            let session = IMAPClientSession(
                connection,
                configuration: configuration,
                credentials: credentials,
                tls: tls,
                time: time
            )
            try await session.open()
            let value = await body(session)
            await session.logOut()
            return value
        }
    }
}
