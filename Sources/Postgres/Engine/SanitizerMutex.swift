#if THREAD_SANITIZER
    import Glibc

    /// Stands in for `Synchronization.Mutex` in builds for ThreadSanitizer, which sees POSIX locks but not the standard library's futexes,
    /// and would report every access behind them:
    ///
    /// ```
    /// swift test --sanitize=thread -Xswiftc -DTHREAD_SANITIZER
    /// ```
    struct Mutex<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
        // Unchecked, because the value is reached only between lock and unlock.
        private let value: UnsafeMutablePointer<Value>
        private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

        init(_ value: consuming sending Value) {
            self.value = .allocate(capacity: 1)
            self.value.initialize(to: value)
            pthread_mutex_init(lock, nil)
        }

        deinit {
            pthread_mutex_destroy(lock)
            lock.deallocate()
            value.deinitialize(count: 1)
            value.deallocate()
        }

        borrowing func withLock<Result: ~Copyable, Failure: Error>(
            _ body: (inout sending Value) throws(Failure) -> sending Result
        ) throws(Failure) -> sending Result {
            pthread_mutex_lock(lock)
            defer { pthread_mutex_unlock(lock) }
            return try body(&value.pointee)
        }
    }
#endif
