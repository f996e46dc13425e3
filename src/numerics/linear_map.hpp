#pragma once

#include <functional>

#include <convmat/base/types.hpp>

namespace convmat::numerics {

/// A linear map of which products are all that is known: apply writes A x for `count` columns, apply_adjoint A^H y.
template <class S>
struct LinearMap {
    Index rows = 0;
    Index cols = 0;
    std::function<void(const S* x, S* y, Index count)> apply;
    std::function<void(const S* y, S* x, Index count)> apply_adjoint;
};

} // namespace convmat::numerics
