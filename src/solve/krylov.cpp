#include "krylov.hpp"

#include <cmath>

namespace convmat::solve {
namespace {

// β u = A M^{-1} v - α u, α v = M^{-1} A^H u - β v: the bidiagonalisation of G. Golub and W. Kahan.
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

struct Rotation {
    double c = 1, s = 0, r = 0;
    // (c, s; s, -c) (a, b) = (r, 0)
    Rotation(double a, double b) : r(std::hypot(a, b)) {
        if (r > 0) c = a / r, s = b / r;
    }
};

void report(const KrylovOptions& options, Index step, double normal_residual) {
    if (options.progress) options.progress(step, normal_residual);
}

template <class S>
KrylovEnd finish(const KrylovSystem<S>& system, const Vector<S>& z, Vector<S>& x, KrylovEnd end) {
    x = z;
    if (system.precondition) system.precondition(z.data(), x.data());
    return end;
}

} // namespace

// C. Paige and M. Saunders, "LSQR", 1982: x_k minimises ||A x - b|| over the Krylov space; QR of B_k by rotations.
template <class S>
KrylovEnd lsqr(const KrylovSystem<S>& system, const Vector<S>& b, Vector<S>& x, const KrylovOptions& options) {
    Bidiagonalisation<S> process(system, b);
    Vector<S> z = Vector<S>::Zero(system.cols), w = process.v;
    double phi_bar = process.beta, rho_bar = process.alpha;
    KrylovEnd end{0, phi_bar * process.alpha <= options.target};
    while (!end.converged && end.steps < options.most_steps) {
        ++end.steps;
        process.step();
        const Rotation turn(rho_bar, process.beta);
        const double theta = turn.s * process.alpha;
        rho_bar = -turn.c * process.alpha;
        const double phi = turn.c * phi_bar;
        phi_bar = turn.s * phi_bar;
        z += (phi / turn.r) * w;
        w = process.v - (theta / turn.r) * w;
        const double normal_residual = phi_bar * process.alpha * std::abs(turn.c);
        report(options, end.steps, normal_residual);
        end.converged = normal_residual <= options.target;
        if (process.alpha == 0 || process.beta == 0) break;
    }
    return finish(system, z, x, end);
}

// D. Fong and M. Saunders, "LSMR", 2011: x_k minimises ||A^H (b - A x)|| over the Krylov space; two QR factorisations.
template <class S>
KrylovEnd lsmr(const KrylovSystem<S>& system, const Vector<S>& b, Vector<S>& x, const KrylovOptions& options) {
    Bidiagonalisation<S> process(system, b);
    Vector<S> z = Vector<S>::Zero(system.cols), h = process.v, h_bar = Vector<S>::Zero(system.cols);
    double zeta_bar = process.alpha * process.beta, alpha_bar = process.alpha;
    double rho = 1, rho_bar = 1, c_bar = 1, s_bar = 0;
    KrylovEnd end{0, std::abs(zeta_bar) <= options.target};
    while (!end.converged && end.steps < options.most_steps) {
        ++end.steps;
        process.step();
        const double rho_before = rho, rho_bar_before = rho_bar;
        const Rotation first(alpha_bar, process.beta);
        rho = first.r;
        const double theta = first.s * process.alpha;
        alpha_bar = first.c * process.alpha;
        const double theta_bar = s_bar * rho;
        const Rotation second(c_bar * rho, theta);
        c_bar = second.c, s_bar = second.s, rho_bar = second.r;
        const double zeta = c_bar * zeta_bar;
        zeta_bar = -s_bar * zeta_bar;
        if (rho == 0 || rho_bar == 0) break;
        h_bar = h - (theta_bar * rho / (rho_before * rho_bar_before)) * h_bar;
        z += (zeta / (rho * rho_bar)) * h_bar;
        h = process.v - (theta / rho) * h;
        report(options, end.steps, std::abs(zeta_bar));
        end.converged = std::abs(zeta_bar) <= options.target;
        if (process.alpha == 0) break;
    }
    return finish(system, z, x, end);
}

// Conjugate gradients on A^H A x = A^H b (M. Hestenes and E. Stiefel, 1952), r = b - A x kept; s = A^H r.
template <class S>
KrylovEnd cgls(const KrylovSystem<S>& system, const Vector<S>& b, Vector<S>& x, const KrylovOptions& options) {
    x = Vector<S>::Zero(system.cols);
    Vector<S> r = b, s(system.cols), q(system.rows), d(system.cols);
    const auto direction = [&]() -> const Vector<S>& {
        if (!system.precondition_twice) return s;
        system.precondition_twice(s.data(), d.data());
        return d;
    };
    system.apply_adjoint(r.data(), s.data());
    Vector<S> p = direction();
    double gamma = std::real(s.dot(p));
    KrylovEnd end{0, s.norm() <= options.target};
    while (!end.converged && end.steps < options.most_steps) {
        ++end.steps;
        system.apply(p.data(), q.data());
        const double curvature = q.squaredNorm();
        if (!(curvature > 0)) break;
        const double alpha = gamma / curvature;
        x += alpha * p;
        r -= alpha * q;
        system.apply_adjoint(r.data(), s.data());
        const double normal_residual = s.norm();
        report(options, end.steps, normal_residual);
        end.converged = normal_residual <= options.target;
        const Vector<S>& next = direction();
        const double gamma_before = gamma;
        gamma = std::real(s.dot(next));
        p = next + (gamma / gamma_before) * p;
    }
    return end;
}

template KrylovEnd lsqr(const KrylovSystem<double>&, const Vector<double>&, Vector<double>&, const KrylovOptions&);
template KrylovEnd lsqr(const KrylovSystem<Complex>&, const Vector<Complex>&, Vector<Complex>&, const KrylovOptions&);
template KrylovEnd lsmr(const KrylovSystem<double>&, const Vector<double>&, Vector<double>&, const KrylovOptions&);
template KrylovEnd lsmr(const KrylovSystem<Complex>&, const Vector<Complex>&, Vector<Complex>&, const KrylovOptions&);
template KrylovEnd cgls(const KrylovSystem<double>&, const Vector<double>&, Vector<double>&, const KrylovOptions&);
template KrylovEnd cgls(const KrylovSystem<Complex>&, const Vector<Complex>&, Vector<Complex>&, const KrylovOptions&);

} // namespace convmat::solve
