#pragma once

#include <algorithm>
#include <vector>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>
#include <convmat/base/types.hpp>
#include <convmat/geometry/axis.hpp>

namespace convmat::reference {

/// A line of input with what the boundary puts around it, one position at a time: position q of the extension is
/// `values[q + margin]`. Each new position copies (or reflects) ones that are there already, so no closed form is
/// needed, and undoing the positions in the opposite order is the exact transpose.
template <ScalarType Scalar>
class ExtendedLine {
  public:
    /// Room for n values with `margin` positions on either side, all zero.
    /// Throws SizeError when that cannot fit.
    ExtendedLine(Index n, Index margin) : n_(n), margin_(margin), values_(room_for(n + 2 * margin)) {}

    Scalar& operator[](Index q) { return values_[static_cast<std::size_t>(q + margin_)]; }

    /// Fills the margins from the values at 0..n-1, outwards.
    void extend(Boundary boundary) {
        for (Index j = 0; j < margin_; ++j) {
            extend_one(boundary, -1 - j, 0, 1, j);
            extend_one(boundary, n_ + j, n_ - 1, -1, j);
        }
    }

    /// The transpose of extend: adds the margins back to the values at 0..n-1, inwards, and empties them.
    void fold(Boundary boundary) {
        for (Index j = margin_ - 1; j >= 0; --j) {
            fold_one(boundary, n_ + j, n_ - 1, -1, j);
            fold_one(boundary, -1 - j, 0, 1, j);
        }
    }

  private:
    static std::size_t room_for(Index values) {
        constexpr const char* what = "an extended line of the input";
        require_memory(checked_mul(values, Index{sizeof(Scalar)}, what), what);
        return static_cast<std::size_t>(values);
    }

    // The position that position q, j steps beyond `edge`, copies; `inward` is +1 at the beginning and -1 at the end.
    Index copied(Boundary boundary, Index edge, Index inward, Index j) const {
        switch (boundary) {
        case Boundary::periodic:
            return edge + inward * (n_ - 1 - j);
        case Boundary::half_symmetric:
            return edge + inward * j;
        case Boundary::whole_symmetric:
            return n_ == 1 ? edge : edge + inward * (j + 1);
        default:
            return edge;
        }
    }

    bool is_odd_reflection(Boundary boundary) const { return boundary == Boundary::antireflective && n_ > 1; }

    void extend_one(Boundary boundary, Index q, Index edge, Index inward, Index j) {
        if (boundary == Boundary::zero) return;
        ExtendedLine& x = *this;
        if (is_odd_reflection(boundary))
            x[q] = x[edge] + x[edge] - x[edge + inward * (j + 1)];
        else
            x[q] = x[copied(boundary, edge, inward, j)];
    }

    void fold_one(Boundary boundary, Index q, Index edge, Index inward, Index j) {
        ExtendedLine& x = *this;
        const Scalar value = x[q];
        x[q] = Scalar(0);
        if (boundary == Boundary::zero) return;
        if (is_odd_reflection(boundary)) {
            x[edge] += value + value;
            x[edge + inward * (j + 1)] -= value;
        } else {
            x[copied(boundary, edge, inward, j)] += value;
        }
    }

    Index n_;
    Index margin_;
    std::vector<Scalar> values_;
};

} // namespace convmat::reference
