/// Runs jobs one after the other, off the event loops: they may block.
///
/// Reactor's worker threads are the live ones; the simulated one runs jobs when its scheduler says.
package protocol JobQueue: Sendable {
    func enqueue(_ job: @escaping @Sendable () -> Void)
}
