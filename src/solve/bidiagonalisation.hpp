#pragma once

#include "krylov.hpp"

namespace convmat::solve {

/// β u = A M^{-1} v - α u, α v = M^{-1} A^H u - β v: the bidiagonalisation of G. Golub and W. Kahan (1965), from u = b
/// / β.
template <class S>
class Bidiagonalisation {
  public:
    using Inverse = std::function<void(const S* x, S* z)>; // z = M^{-1} x; empty: M = I

    /// The map and M^{-1} have to outlive it.
    Bidiagonalisation(const LinearMap<S>& a, const Inverse& m_inverse, const Vector<S>& b)
        : u(b),
          v(Vector<S>::Zero(a.cols)),
          a_(a),
          m_inverse_(m_inverse),
          y_(a.rows),
          x_(a.cols),
          z_(a.cols) {
        beta = normalise(u);
        add_adjoint(0);
        alpha = normalise(v);
    }

    void step() {
        a_.apply(preconditioned(v).data(), y_.data(), 1);
        u = y_ - alpha * u;
        beta = normalise(u);
        add_adjoint(beta);
        alpha = normalise(v);
    }

    /// M^{-1} z
    const Vector<S>& preconditioned(const Vector<S>& z) {
        if (!m_inverse_) return z;
        m_inverse_(z.data(), z_.data());
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
        a_.apply_adjoint(u.data(), x_.data(), 1);
        v = preconditioned(x_) - factor * v;
    }

    const LinearMap<S>& a_;
    const Inverse& m_inverse_;
    Vector<S> y_, x_, z_;
};

} // namespace convmat::solve
