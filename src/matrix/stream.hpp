#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace convmat {

/// Copies bytes past the caches where the processor can (x86): for arrays too large to be read again soon, of which
/// plain stores would first fetch every line they overwrite. Call stream_fence() when done.
inline void stream_copy(const void* from, void* to, std::size_t bytes) {
#if defined(__SSE2__)
    const char* source = static_cast<const char*>(from);
    char* target = static_cast<char*>(to);
    const std::size_t head = (16 - reinterpret_cast<std::uintptr_t>(target) % 16) % 16;
    if (bytes >= head + 16) {
        std::memcpy(target, source, head);
        std::size_t at = head;
        for (; at + 16 <= bytes; at += 16) {
            __m128i value;
            std::memcpy(&value, source + at, 16);
            _mm_stream_si128(static_cast<__m128i*>(static_cast<void*>(target + at)), value);
        }
        std::memcpy(target + at, source + at, bytes - at);
        return;
    }
#endif
    std::memcpy(to, from, bytes);
}

/// Makes streamed bytes visible to other threads in order.
inline void stream_fence() {
#if defined(__SSE2__)
    _mm_sfence();
#endif
}

} // namespace convmat
