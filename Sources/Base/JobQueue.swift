/// Runs jobs off the event loops, begun in order: they may block.
///
/// Reactor's worker threads are the live ones; the simulated ones run jobs when their scheduler
/// says so.
package protocol JobQueue: Sendable {
    func enqueue(_ job: @escaping @Sendable () -> Void)
}
