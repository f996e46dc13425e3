#pragma once

#include <memory>

#include "system.hpp"

namespace convmat::solve {

/// M with M² near A^H A + λ² L^H L.
template <class S>
class NormalPreconditioner {
  public:
    virtual ~NormalPreconditioner() = default;
    virtual void set_lambda(double lambda) = 0;
    virtual void apply_inverse(const S* x, S* z) const = 0;        ///< z = M^{-1} x
    virtual void apply_inverse_square(const S* x, S* z) const = 0; ///< z = M^{-2} x
};

template <class S>
std::unique_ptr<NormalPreconditioner<S>> diagonal_preconditioner(const System<S>& system);

/// Why no periodic layer has this one's kernel, strides and x; empty if there is one.
template <class S>
std::string no_circulant_because(const System<S>& system);

/// Bytes it takes, and operations to make it.
template <class S>
double circulant_bytes(const System<S>& system);
template <class S>
double circulant_operations(const System<S>& system);

/// The layer as if all axes were periodic, of which the SVD is known.
template <class S>
std::unique_ptr<NormalPreconditioner<S>> circulant_preconditioner(const System<S>& system);

} // namespace convmat::solve
