#pragma once

#include "krylov.hpp"

namespace convmat::solve {

/// β u = A M^{-1} v - α u, α v = M^{-1} A^H u - β v: the bidiagonalisation of G. Golub and W. Kahan (1965), from u = b
/// / β.
template <class S>
class Bidiagonalisation {
  public:
    Bidiagonalisation(const KrylovSystem<S>& system, const Vector<S>& b)
        : u(b),
          v(Vector<S>::Zero(system.cols)),
          system_(system),
          y_(system.rows),
          x_(system.cols),
          z_(system.cols) {
        beta = normalise(u);
        add_adjoint(0);
        alpha = normalise(v);
    }

    void step() {
        system_.apply(preconditioned(v).data(), y_.data());
        u = y_ - alpha * u;
        beta = normalise(u);
        add_adjoint(beta);
        alpha = normalise(v);
    }

    /// M^{-1} z
    const Vector<S>& preconditioned(const Vector<S>& z) {
        if (!system_.precondition) return z;
        system_.precondition(z.data(), z_.data());
        return z_;
    }

    Vector<S> u, v;
    double alpha = 0, beta = 0;

  private:
    static double normalise(Vector<S>& vector) {
        const double norm = vector.norm();
        if (norm > 0) vector /= norm;
        return norm;
    }

    void add_adjoint(double factor) {
        system_.apply_adjoint(u.data(), x_.data());
        v = preconditioned(x_) - factor * v;
    }

    const KrylovSystem<S>& system_;
    Vector<S> y_, x_, z_;
};

} // namespace convmat::solve
