#pragma once

#include <atomic>
#include <cstdio>
#include <exception>
#include <latch>
#include <thread>
#include <vector>

namespace convmat::test {

/// Calls f(0), f(1), ... in threads that begin together. Whether all of them returned true.
template <class F>
bool side_by_side(int count, const F& f) {
    std::latch start(count);
    std::atomic<int> right = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i)
        threads.emplace_back([&, i] {
            start.arrive_and_wait();
            try {
                right += f(i) ? 1 : 0;
            } catch (const std::exception& error) {
                std::fprintf(stderr, "thread %d: %s\n", i, error.what());
            }
        });
    for (std::thread& thread : threads) thread.join();
    return right == count;
}

/// Prints whether a part of a program was right, and passes that on.
inline bool told(const char* part, bool right) {
    std::printf("%s: %s\n", part, right ? "right in every thread" : "WRONG");
    return right;
}

} // namespace convmat::test
