#pragma once

#include <memory>

#include "fast_svd.hpp"
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

/// The layer as if all axes were periodic, of which the SVD is known: found once, asked as often as it takes. The
/// system has to outlive it.
template <class S>
class PeriodicTwin {
  public:
    explicit PeriodicTwin(const System<S>& system);

    const Objection& objection() const { return objection_; } ///< that no periodic layer has these strides and this x
    double bytes() const { return transformable_->bytes(); }  ///< here and below: where there is no objection
    double operations() const { return transformable_->operations(); }
    std::unique_ptr<NormalPreconditioner<S>> preconditioner() const;

  private:
    const System<S>& system_;
    Objection objection_;
    std::optional<Transformable<S>> transformable_;
    bool wide_ = false; // A of the twin
};

} // namespace convmat::solve
