#include "krylov.hpp"

#include <cmath>

#include "bidiagonalisation.hpp"

namespace convmat::solve {
namespace {

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

// Conjugate gradients on (A^H A + P) x = A^H b (M. Hestenes and E. Stiefel, 1952), r = b - A x and t = P x kept.
template <class S>
KrylovEnd cgls(const KrylovSystem<S>& system, const Added<S>& added, const Eigen::Ref<const Vector<S>>& b,
               Eigen::Ref<Vector<S>> x, const KrylovOptions& options) {
    Vector<S> r(system.rows), s(system.cols), q(system.rows), d(system.cols), t, pp;
    if (added.apply) t.resize(system.cols), pp.resize(system.cols);
    const auto normal_residual = [&] { // s = A^H r - P x
        system.apply_adjoint(r.data(), s.data());
        if (added.apply)
            s -= t;
        else if (added.shift > 0)
            s -= added.shift * x;
        return s.norm();
    };
    const auto direction = [&]() -> const Vector<S>& { // M^{-2} s
        if (!system.precondition_twice) return s;
        system.precondition_twice(s.data(), d.data());
        return d;
    };
    system.apply(x.data(), r.data());
    r = b - r;
    if (added.apply) added.apply(x.data(), t.data());
    KrylovEnd end{0, normal_residual() <= options.target};
    Vector<S> p = direction();
    double gamma = std::real(s.dot(p));
    while (!end.converged && end.steps < options.most_steps) {
        ++end.steps;
        system.apply(p.data(), q.data());
        double curvature = q.squaredNorm();
        if (added.apply) {
            added.apply(p.data(), pp.data());
            curvature += std::real(p.dot(pp));
        } else if (added.shift > 0) {
            curvature += added.shift * p.squaredNorm();
        }
        if (!(curvature > 0)) break;
        const double alpha = gamma / curvature;
        x += alpha * p;
        r -= alpha * q;
        if (added.apply) t += alpha * pp;
        const double left = normal_residual();
        report(options, end.steps, left);
        end.converged = left <= options.target;
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
template KrylovEnd cgls(const KrylovSystem<double>&, const Added<double>&, const Eigen::Ref<const Vector<double>>&,
                        Eigen::Ref<Vector<double>>, const KrylovOptions&);
template KrylovEnd cgls(const KrylovSystem<Complex>&, const Added<Complex>&, const Eigen::Ref<const Vector<Complex>>&,
                        Eigen::Ref<Vector<Complex>>, const KrylovOptions&);

} // namespace convmat::solve
