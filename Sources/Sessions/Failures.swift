internal import Base
internal import Flow
internal import IMAPServer
internal import IMAPWire
internal import Store

extension House {
    /// An error in IMAP's terms; ours are logged, and the client is told that they are ours.
    func failure(_ error: any Error) -> IMAPFailure {
        switch error {
        case let failure as IMAPFailure:
            return failure
        case HouseError.refused(let why):
            return .refused(.cannot, why)
        case HouseError.uncarried(let obstacle):
            return .refused(.cannot, obstacle.advice)
        case HouseError.store(let cause):
            return failure(cause)
        case StoreError.full:
            log.error("the disk is full")
            return IMAPFailure(.ours, .overQuota, "The server's disk is full; this was recorded")
        case StoreError.overloaded:
            return .unavailable
        default:
            log.error("a command failed: \(error)")
            return .internalFailure
        }
    }

    /// Reads the store, with errors in IMAP's terms.
    func read<Value: Sendable>(
        _ query: @escaping @Sendable (ReadTransaction) throws -> Value
    ) async throws(IMAPFailure) -> Value {
        do {
            return try await store.read(query)
        } catch {
            throw failure(error)
        }
    }

    /// Changes the store, with errors in IMAP's terms.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws(IMAPFailure) -> Value {
        do {
            return try await store.write(body)
        } catch {
            throw failure(error)
        }
    }
}
