#include "krylov.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <convmat/base/checked.hpp>
#include <convmat/base/parallel.hpp>

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

// Vectors are worked on in pieces that stay in a cache, by all threads; sums do not depend on their number.
constexpr Index piece_size = 32768;

template <class Body>
void for_pieces(Index size, const Body& body) {
    parallel_for(ceil_div(size, piece_size), [&](Index job) {
        const Index first = job * piece_size;
        body(first, std::min(piece_size, size - first));
    });
}

template <class Body>
double sum_of_pieces(Index size, const Body& body) {
    std::vector<double> sums(static_cast<std::size_t>(ceil_div(size, piece_size)));
    for_pieces(size, [&](Index first, Index count) {
        sums[static_cast<std::size_t>(first / piece_size)] = body(first, count);
    });
    return std::accumulate(sums.begin(), sums.end(), 0.0);
}

void report(const KrylovOptions& options, Index step, double normal_residual) {
    if (options.progress) options.progress(step, normal_residual);
}

template <class S>
KrylovEnd finish(const RightPreconditioner<S>& m, const Vector<S>& z, Vector<S>& x, KrylovEnd end) {
    x = z;
    if (m.apply) m.apply(z.data(), x.data());
    return end;
}

} // namespace

// C. Paige and M. Saunders, "LSQR", 1982: x_k minimises ||A x - b|| over the Krylov space; QR of B_k by rotations.
template <class S>
KrylovEnd lsqr(const LinearMap<S>& a, const RightPreconditioner<S>& m, const Vector<S>& b, Vector<S>& x,
               const KrylovOptions& options) {
    Bidiagonalisation<S> process(a, m.apply, b);
    Vector<S> z = Vector<S>::Zero(a.cols), w = process.v;
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
    return finish(m, z, x, end);
}

// D. Fong and M. Saunders, "LSMR", 2011: x_k minimises ||A^H (b - A x)|| over the Krylov space; two QR factorisations.
template <class S>
KrylovEnd lsmr(const LinearMap<S>& a, const RightPreconditioner<S>& m, const Vector<S>& b, Vector<S>& x,
               const KrylovOptions& options) {
    Bidiagonalisation<S> process(a, m.apply, b);
    Vector<S> z = Vector<S>::Zero(a.cols), h = process.v, h_bar = Vector<S>::Zero(a.cols);
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
    return finish(m, z, x, end);
}

// Conjugate gradients on (A^H A + P) x = A^H b (M. Hestenes and E. Stiefel, 1952), r = b - A x and t = P x kept.
template <class S>
KrylovEnd cgls(const LinearMap<S>& a, const RightPreconditioner<S>& m, const Added<S>& added,
               const Eigen::Ref<const Vector<S>>& b, Eigen::Ref<Vector<S>> x, const KrylovOptions& options) {
    Vector<S> r(a.rows), s(a.cols), q(a.rows), d, t, pp;
    if (m.apply_twice) d.resize(a.cols);
    if (added.apply) t.resize(a.cols), pp.resize(a.cols);
    const auto normal_residual = [&] { // s = A^H r - P x
        a.apply_adjoint(r.data(), s.data(), 1);
        return std::sqrt(sum_of_pieces(a.cols, [&](Index i, Index n) {
            if (added.apply)
                s.segment(i, n) -= t.segment(i, n);
            else if (added.shift > 0)
                s.segment(i, n) -= added.shift * x.segment(i, n);
            return s.segment(i, n).squaredNorm();
        }));
    };
    const auto direction = [&]() -> const Vector<S>& { // M^{-2} s
        if (!m.apply_twice) return s;
        m.apply_twice(s.data(), d.data());
        return d;
    };
    const auto dot = [](const auto& one, const auto& other) {
        return sum_of_pieces(one.size(),
                             [&](Index i, Index n) { return std::real(one.segment(i, n).dot(other.segment(i, n))); });
    };
    a.apply(x.data(), r.data(), 1);
    r = b - r;
    if (added.apply) added.apply(x.data(), t.data());
    double left = normal_residual();
    KrylovEnd end{0, left <= options.target};
    Vector<S> p = direction();
    double gamma = dot(s, p);
    while (!end.converged && end.steps < options.most_steps) {
        ++end.steps;
        a.apply(p.data(), q.data(), 1);
        double curvature = dot(q, q);
        if (added.apply) {
            added.apply(p.data(), pp.data());
            curvature += dot(p, pp);
        } else if (added.shift > 0) {
            curvature += added.shift * dot(p, p);
        }
        if (!(curvature > 0)) break;
        const double alpha = gamma / curvature;
        for_pieces(a.cols, [&](Index i, Index n) {
            x.segment(i, n) += alpha * p.segment(i, n);
            if (added.apply) t.segment(i, n) += alpha * pp.segment(i, n);
        });
        for_pieces(a.rows, [&](Index i, Index n) { r.segment(i, n) -= alpha * q.segment(i, n); });
        left = normal_residual();
        report(options, end.steps, left);
        end.converged = left <= options.target;
        const Vector<S>& next = direction();
        const double gamma_before = gamma;
        gamma = m.apply_twice ? dot(s, next) : left * left;
        for_pieces(a.cols, [&](Index i, Index n) {
            p.segment(i, n) = next.segment(i, n) + (gamma / gamma_before) * p.segment(i, n);
        });
    }
    return end;
}

template KrylovEnd lsqr(const LinearMap<double>&, const RightPreconditioner<double>&, const Vector<double>&,
                        Vector<double>&, const KrylovOptions&);
template KrylovEnd lsqr(const LinearMap<Complex>&, const RightPreconditioner<Complex>&, const Vector<Complex>&,
                        Vector<Complex>&, const KrylovOptions&);
template KrylovEnd lsmr(const LinearMap<double>&, const RightPreconditioner<double>&, const Vector<double>&,
                        Vector<double>&, const KrylovOptions&);
template KrylovEnd lsmr(const LinearMap<Complex>&, const RightPreconditioner<Complex>&, const Vector<Complex>&,
                        Vector<Complex>&, const KrylovOptions&);
template KrylovEnd cgls(const LinearMap<double>&, const RightPreconditioner<double>&, const Added<double>&,
                        const Eigen::Ref<const Vector<double>>&, Eigen::Ref<Vector<double>>, const KrylovOptions&);
template KrylovEnd cgls(const LinearMap<Complex>&, const RightPreconditioner<Complex>&, const Added<Complex>&,
                        const Eigen::Ref<const Vector<Complex>>&, Eigen::Ref<Vector<Complex>>, const KrylovOptions&);

} // namespace convmat::solve
