#pragma once

#include <exception>

#include <convmat/base/types.hpp>

namespace convmat {

/// body(i) for every i in [0, count), on OpenMP's threads where there are any. What one body throws, the caller gets,
/// after the others are done.
template <class Body>
void parallel_for(Index count, const Body& body) {
    std::exception_ptr failure;
#if defined(_OPENMP)
#pragma omp parallel for schedule(dynamic) if (count > 1)
#endif
    for (Index i = 0; i < count; ++i) {
        try {
            body(i);
        } catch (...) {
#if defined(_OPENMP)
#pragma omp critical(convmat_parallel_for)
#endif
            failure = std::current_exception();
        }
    }
    if (failure) std::rethrow_exception(failure);
}

} // namespace convmat
