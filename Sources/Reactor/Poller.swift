internal import CLinux
internal import Glibc

/// One epoll with the eventfd that wakes it, used by the loop's thread except for `wake`.
@safe struct Poller: ~Copyable {
    private let epoll: Descriptor
    private let bell: Descriptor
    private let events: UnsafeMutablePointer<epoll_event>
    private static let capacity = 512
    /// No slot has this tag: its index would need four billion slots.
    private static let bellTag = UInt64.max

    static func open() throws(SystemError) -> Poller {
        let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw .last("epoll_create1") }
        let owned = Descriptor(owning: epoll)
        let bell = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard bell >= 0 else { throw .last("eventfd") }
        let poller = Poller(epoll: owned, bell: Descriptor(owning: bell))
        // Edge-triggered and never read: every write is a new edge, and the counter needs
        // centuries to fill.
        try poller.add(bell, tag: Self.bellTag, events: EPOLLIN.rawValue | EPOLLET.rawValue)
        return poller
    }

    private init(epoll: consuming Descriptor, bell: consuming Descriptor) {
        self.epoll = epoll
        self.bell = bell
        unsafe events = .allocate(capacity: Self.capacity)
        unsafe events.initialize(repeating: epoll_event(), count: Self.capacity)
    }

    deinit { unsafe events.deallocate() }

    func add(_ descriptor: Int32, tag: UInt64) throws(SystemError) {
        let wanted = EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue
        try add(descriptor, tag: tag, events: wanted)
    }

    private func add(_ descriptor: Int32, tag: UInt64, events: UInt32) throws(SystemError) {
        var event = unsafe epoll_event(events: events, data: epoll_data_t(u64: tag))
        guard unsafe epoll_ctl(epoll.number, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
            throw .last("epoll_ctl")
        }
    }

    func remove(_ descriptor: Int32) {
        var event = unsafe epoll_event()
        // It fails only for a descriptor that is not registered, and then there is nothing to do.
        _ = unsafe epoll_ctl(epoll.number, EPOLL_CTL_DEL, descriptor, &event)
    }

    /// Ends the wait of the loop's thread; may be called on any thread.
    func wake() {
        var one: UInt64 = 1
        _ = unsafe write(bell.number, &one, 8)
    }

    /// Waits up to `timeout` milliseconds, -1 for ever, and hands over each event.
    func wait(_ timeout: Int32, _ body: (UInt64, Readiness) -> Void) {
        let count = sleepInKernel(timeout)
        guard count > 0 else { return }
        for index in 0..<Int(count) {
            let event = unsafe events[index]
            let tag = unsafe event.data.u64
            if tag == Self.bellTag { continue }
            var readiness: Readiness = []
            if unsafe event.events & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue) != 0 { readiness.insert(.readable) }
            if unsafe event.events & EPOLLOUT.rawValue != 0 { readiness.insert(.writable) }
            if unsafe event.events & EPOLLRDHUP.rawValue != 0 { readiness.insert(.hungUp) }
            // A failed descriptor is ready for everything: the next call tells what happened.
            if unsafe event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 {
                readiness.formUnion([.readable, .writable, .hungUp])
            }
            body(tag, readiness)
        }
    }

    // Never inlined, so that a profile shows a waiting loop under this name.
    @inline(never)
    private func sleepInKernel(_ timeout: Int32) -> Int32 {
        unsafe epoll_wait(epoll.number, events, Int32(Self.capacity), timeout)
    }
}
