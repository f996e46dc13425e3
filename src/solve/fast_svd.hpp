#pragma once

#include <memory>
#include <string>
#include <vector>

#include "system.hpp"

namespace convmat::solve {

/// A = U diag(values) V^H of one group of a layer, where U and V are known by structure; L^H L V = V diag(penalties).
///
/// Only r columns of U and V are meant, r >= rank A: y is U c and a part that A cannot reach, x is in the range of V.
/// Of the coefficients of real arrays one of each conjugate pair may be kept; its weight is 2.
template <class S>
class FastSvd {
  public:
    virtual ~FastSvd() = default;

    virtual void analyse(const S* y, Complex* c) const = 0;       ///< c = U^H y
    virtual void synthesise(const Complex* c, S* x) const = 0;    ///< x = V c
    virtual void analyse_input(const S* x, Complex* c) const = 0; ///< c = V^H x

    Index size() const { return std::ssize(values); }

    std::vector<double> values;    ///< σ, in no order
    std::vector<double> penalties; ///< p
    std::vector<double> weights;   ///< w
};

/// Why the axes of the layer cannot be transformed away such that what is left are small blocks, in words; empty if
/// they can, and L with them.
template <class S>
std::string no_transforms_because(const System<S>& system);

/// Whether some axis is a Fourier axis.
template <class S>
bool has_fourier_axis(const System<S>& system);

/// By transforms, one block a frequency, group by group.
template <class S>
std::vector<std::unique_ptr<FastSvd<S>>> transform_svds(const System<S>& system);

/// Why the layer is no Kronecker product of small factors, in words; empty if it is.
template <class S>
std::string no_kronecker_because(const System<S>& system);

/// By dense decompositions of the factors of a Kronecker product, group by group.
template <class S>
std::vector<std::unique_ptr<FastSvd<S>>> kronecker_svds(const System<S>& system);

/// About how many operations the decompositions take.
template <class S>
double transform_operations(const System<S>& system);
template <class S>
double kronecker_operations(const System<S>& system);

/// And how many bytes they keep.
template <class S>
double transform_bytes(const System<S>& system);
template <class S>
double kronecker_bytes(const System<S>& system);

} // namespace convmat::solve
