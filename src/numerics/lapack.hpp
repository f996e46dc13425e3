#pragma once

#define LAPACK_COMPLEX_CUSTOM
#define lapack_complex_float std::complex<float>
#define lapack_complex_double std::complex<double>
#include <complex>

#include <lapacke.h>

#include <limits>

#include <convmat/base/error.hpp>
#include <convmat/base/types.hpp>

namespace convmat::numerics {

/// A side of a dense matrix as LAPACK counts; throws SizeError whose sentence begins with `what` where it cannot.
inline lapack_int lapack_side(Index size, const char* what) {
    if (size > std::numeric_limits<lapack_int>::max())
        throw SizeError({.parameter = "",
                         .value = concat(size),
                         .expected = concat("at most ", std::numeric_limits<lapack_int>::max()),
                         .found = concat(what, ": a side of ", size)});
    return static_cast<lapack_int>(size);
}

} // namespace convmat::numerics
