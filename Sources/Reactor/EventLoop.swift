package import Base
internal import Glibc
internal import Synchronization

/// One thread with one epoll: it runs the tasks that are pinned to it, tells slots of their
/// readiness and ends timers.
///
/// A turn is: wait for events, tell the slots, run a bounded batch of jobs, end timers. What a
/// connection's task touches is touched on this thread alone, so nothing of it is locked; other
/// threads reach the loop through its inbox only.
@safe package final class EventLoop: TaskExecutor, @unchecked Sendable {
    // Unchecked: `inbox` and `thread` are for all threads; everything below "The thread's own" is
    // used by the loop's thread alone, or, in a stepped loop, by whoever steps it.

    package let name: String
    package let clock: any TimeSource
    let log: Log
    private let inbox = Mutex(Inbox())
    /// The thread that runs the loop now; 0 for none.
    private let thread = Atomic<UInt>(0)
    private let poller: Poller?
    // Lazy because it needs `self`; the initializer touches it before another thread can.
    private(set) lazy var serial = SerialRole(of: self)

    // MARK: The thread's own

    private var jobs: [Job] = []
    /// An empty array that keeps its storage for the next batch.
    private var spareJobs: [Job] = []
    private var slots = SlotTable()
    private var timers: TimerWheel<any TimerTarget>
    private var endedTimers: [any TimerTarget] = []
    private var time: Instant
    /// Where calls put what they read, until the task has copied it.
    private var scratchMemory: UnsafeMutableRawBufferPointer?

    /// Starts a loop with a thread of its own, which runs until `stop`.
    package convenience init(name: String, clock: any TimeSource = SystemClock(), log: Log) throws(SystemError) {
        try self.init(name: name, clock: clock, log: log, poller: .open())
        try Thread.start(name: name) { self.runThread() }
    }

    /// A loop without thread and descriptors, for simulation: it moves when `step` is called.
    package convenience init(stepped clock: any TimeSource, log: Log = .silent) {
        self.init(name: "stepped", clock: clock, log: log, poller: nil)
    }

    private init(name: String, clock: any TimeSource, log: Log, poller: consuming Poller?) {
        self.name = name
        self.clock = clock
        self.log = log.with("loop", name)
        self.poller = poller
        time = clock.instant
        timers = TimerWheel(startingAt: time.tick)
        _ = serial
    }

    deinit {
        if let memory = unsafe scratchMemory { unsafe memory.deallocate() }
    }

    /// The time as of this turn: read once, for deadlines.
    package var now: Instant { time }

    // MARK: From any thread

    /// Whether the caller is on the loop's thread.
    package var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    /// Traps in debug builds where loop-confined state is touched from elsewhere.
    @inline(__always)
    package func assertIsCurrent() { assert(isCurrent, "used outside its event loop") }

    /// Runs the closure on the loop: at once if the caller is there, otherwise in its next turn.
    package func perform(_ call: @escaping @Sendable () -> Void) {
        if isCurrent { call() } else { deliver { $0.calls.append(call) } }
    }

    func post(_ signal: Signal) {
        deliver { $0.signals.append(signal) }
    }

    func enqueue(_ job: Job) {
        // A job from the loop's own thread needs neither lock nor wake-up.
        if isCurrent { jobs.append(job) } else { deliver { $0.jobs.append(job) } }
    }

    private func deliver(_ put: (inout Inbox) -> Void) {
        let mustWake = inbox.withLock { inbox in
            put(&inbox)
            defer { inbox.isAsleep = false }
            return inbox.isAsleep
        }
        if mustWake { poller?.wake() }
    }

    /// Ends the thread once nothing is left to run, and returns when it has ended.
    ///
    /// The caller has ended the loop's tasks before: one that still waits is never resumed.
    package func stop() async {
        precondition(!isCurrent, "a loop cannot wait for its own end")
        await unsafe withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            let hasEnded = inbox.withLock { inbox in
                inbox.isStopping = true
                if !inbox.hasEnded { unsafe inbox.stopping.append(continuation) }
                return inbox.hasEnded
            }
            if hasEnded { unsafe continuation.resume() } else { poller?.wake() }
        }
    }

    // MARK: The turn

    private func runThread() {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        while turn() {}
        // What still waits is never resumed; its timers would keep it, and it this loop.
        timers = TimerWheel(startingAt: now.tick)
        thread.store(0, ordering: .relaxed)
        let waiting = unsafe inbox.withLock { inbox in
            inbox.hasEnded = true
            defer { unsafe inbox.stopping = [] }
            return unsafe inbox.stopping
        }
        unsafe waiting.forEach { unsafe $0.resume() }
    }

    /// Returns false when the loop is to end.
    private func turn() -> Bool {
        let timeout = prepareToWait()
        poller?.wait(timeout) { tag, readiness in
            slots[SlotTable.ID(tag: tag)]?.tell(readiness)
        }
        time = clock.instant
        let start = now
        takeInbox()
        let count = runJobs()
        endTimers()
        let length = now.nanoseconds - start.nanoseconds
        if length > LoopLimits.longTurn {
            log.warning("a turn of \(count) jobs took \(length / 1_000_000) ms")
        }
        return !jobs.isEmpty || !inbox.withLock { $0.isStopping && $0.isEmpty }
    }

    /// How long to sleep; other threads then know that they must wake the loop.
    private func prepareToWait() -> Int32 {
        guard jobs.isEmpty else { return 0 }
        var timeout: Int32 = -1
        if let tick = timers.nextTick {
            let here = now.tick
            timeout = tick > here ? Int32(min(tick - here, UInt64(Int32.max))) : 0
        }
        return inbox.withLock { inbox in
            guard inbox.isEmpty, !inbox.isStopping else { return 0 }
            inbox.isAsleep = true
            return timeout
        }
    }

    private func takeInbox() {
        var calls: [@Sendable () -> Void] = []
        var signals: [Signal] = []
        inbox.withLock { inbox in
            inbox.isAsleep = false
            jobs.append(contentsOf: inbox.jobs)
            inbox.jobs.removeAll(keepingCapacity: true)
            swap(&calls, &inbox.calls)
            swap(&signals, &inbox.signals)
        }
        for call in calls { call() }
        for signal in signals { signal.wakeTask() }
    }

    /// Runs what is queued, and some rounds of what that queues: a chain of resumptions ends in one
    /// turn, but tasks that keep each other busy cannot shut out events and timers.
    private func runJobs() -> Int {
        var count = 0
        var rounds = 0
        while !jobs.isEmpty, rounds < LoopLimits.roundsPerTurn, count < LoopLimits.jobsPerTurn {
            var batch = jobs
            jobs = spareJobs
            spareJobs = []
            for job in batch { run(job) }
            count += batch.count
            rounds += 1
            batch.removeAll(keepingCapacity: true)
            spareJobs = batch
        }
        return count
    }

    private func run(_ job: Job) {
        switch job.role {
        case .task: unsafe job.job.runSynchronously(on: asUnownedTaskExecutor())
        case .serial:
            unsafe job.job.runSynchronously(
                isolatedTo: serial.asUnownedSerialExecutor(),
                taskExecutor: asUnownedTaskExecutor()
            )
        }
    }

    private func endTimers() {
        time = clock.instant
        timers.advance(to: now.tick, ended: &endedTimers)
        guard !endedTimers.isEmpty else { return }
        let ended = endedTimers
        endedTimers.removeAll(keepingCapacity: true)
        for timer in ended { timer.timerEnded(at: now) }
    }
}

extension EventLoop {
    /// Runs everything that is due in a stepped loop; returns whether there was anything.
    package func step() -> Bool {
        precondition(poller == nil, "this loop has its own thread")
        let outer = thread.exchange(UInt(pthread_self()), ordering: .relaxed)
        defer { thread.store(outer, ordering: .relaxed) }
        time = clock.instant
        let hadMail = !inbox.withLock(\.isEmpty)
        takeInbox()
        let count = runJobs()
        let timersBefore = timers.count
        endTimers()
        return hadMail || count > 0 || timers.count != timersBefore || !jobs.isEmpty
    }

    /// When a stepped loop has next to be stepped if nothing else happens; nil for never.
    package var nextTimer: Instant? {
        timers.nextTick.map { Instant(nanoseconds: Int64($0) * 1_000_000) }
    }

    /// Open slots.
    package var slotCount: Int {
        assertIsCurrent()
        return slots.count
    }

    func register(_ slot: Slot, descriptor: Int32) throws(SystemError) -> SlotTable.ID {
        guard poller != nil else { throw SystemError(call: "epoll_ctl", errno: ENOSYS) }
        let id = slots.insert(slot)
        do throws(SystemError) {
            try poller?.add(descriptor, tag: id.tag)
        } catch {
            slots.remove(id)
            throw error
        }
        return id
    }

    func unregister(_ id: SlotTable.ID, descriptor: Int32) {
        slots.remove(id)
        poller?.remove(descriptor)
    }

    typealias TimerID = TimerWheel<any TimerTarget>.ID

    func insertTimer(_ target: any TimerTarget, at tick: UInt64) -> TimerID {
        assertIsCurrent()
        return timers.insert(target, at: tick)
    }

    func removeTimer(_ id: TimerID) {
        assertIsCurrent()
        timers.remove(id)
    }

    /// The loop's memory for what system calls read: valid until the task's next `await`.
    ///
    /// It belongs to the loop so that idle connections hold none.
    package var scratch: UnsafeMutableRawBufferPointer {
        assertIsCurrent()
        if let memory = unsafe scratchMemory { return unsafe memory }
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: LoopLimits.scratch, alignment: 16)
        unsafe scratchMemory = memory
        return unsafe memory
    }
}

/// What a timer ends.
protocol TimerTarget: AnyObject, Sendable {
    func timerEnded(at now: Instant)
}

/// What other threads have for the loop.
@safe private struct Inbox: @unchecked Sendable {
    // Unchecked: jobs and continuations are handles that may be passed on, and the Mutex around
    // this structure orders all use.

    var jobs: [Job] = []
    var calls: [@Sendable () -> Void] = []
    var signals: [Signal] = []
    /// Whether the loop sleeps, so that the next delivery must wake it: one write per sleep.
    var isAsleep = false
    var isStopping = false
    var hasEnded = false
    var stopping: [UnsafeContinuation<Void, Never>] = unsafe []

    var isEmpty: Bool { jobs.isEmpty && calls.isEmpty && signals.isEmpty }
}

enum LoopLimits {
    static let jobsPerTurn = 1024
    static let roundsPerTurn = 16
    /// Bytes; more than a TLS record.
    static let scratch = 64 * 1024
    /// A turn that takes longer starves every other connection of the loop, so it is logged.
    ///
    /// Nanoseconds.
    static let longTurn: Int64 = 50_000_000
}
