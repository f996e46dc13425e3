#include "quadrature.hpp"

#include <cmath>
#include <random>

#include "bidiagonalisation.hpp"

namespace convmat::solve {
namespace {

// The nodes σ² and weights of b^H f(A A^H) b; what is left of ||b||² has node 0.
struct Quadrature {
    std::vector<double> squares;
    std::vector<double> weights;
    double rest = 0;
};

template <class S>
Quadrature quadrature_of(const LinearMap<S>& a, const Vector<S>& b, Index steps) {
    const typename Bidiagonalisation<S>::Inverse no_preconditioner;
    Bidiagonalisation<S> process(a, no_preconditioner, b);
    const double norm = process.beta;
    if (norm == 0) return {};
    std::vector<double> alphas, betas;
    double largest = 0;
    while (std::ssize(alphas) < steps && process.alpha > 1e-14 * largest) {
        alphas.push_back(process.alpha);
        process.step();
        betas.push_back(process.beta);
        largest = std::max({largest, alphas.back(), betas.back()});
        if (process.beta <= 1e-14 * largest) break;
    }
    const Index k = std::ssize(alphas);
    if (k == 0) return {{}, {}, norm * norm};
    Dense<double> bidiagonal = Dense<double>::Zero(k + 1, k);
    for (Index i = 0; i < k; ++i) {
        bidiagonal(i, i) = alphas[static_cast<std::size_t>(i)];
        bidiagonal(i + 1, i) = betas[static_cast<std::size_t>(i)];
    }
    const auto svd = numerics::svd_of(std::move(bidiagonal));
    Quadrature found{{}, {}, norm * norm};
    for (Index i = 0; i < k; ++i) {
        const double value = svd.values[static_cast<std::size_t>(i)], weight = std::pow(norm * svd.u(0, i), 2);
        found.squares.push_back(value * value);
        found.weights.push_back(weight);
        found.rest -= weight;
    }
    found.rest = std::max(0.0, found.rest);
    return found;
}

} // namespace

template <class S>
SpectralData quadrature_data(const System<S>& system, const S* y, Index count, const ProbeOptions& options) {
    const LinearMap<S> a = system.map();
    SpectralData data;
    const auto append = [&](const Quadrature& found, bool of_y) {
        for (std::size_t i = 0; i < found.squares.size(); ++i) {
            data.squares.push_back(found.squares[i]);
            data.penalties.push_back(1);
            data.coefficients.push_back(of_y ? found.weights[i] : 0);
            data.weights.push_back(of_y ? 0 : found.weights[i] / static_cast<double>(options.probes));
        }
        if (of_y) data.outside += found.rest;
    };
    for (Index i = 0; i < count; ++i) {
        const Vector<S> b = Eigen::Map<const Vector<S>>(y + i * system.rows(), system.rows());
        append(quadrature_of(a, b, options.steps), true);
    }
    std::mt19937_64 random(options.seed);
    for (Index probe = 0; probe < options.probes; ++probe) {
        Vector<S> z(system.rows());
        for (S& value : z) value = (random() >> 63) != 0 ? 1.0 : -1.0;
        append(quadrature_of(a, z, options.steps), false);
    }
    return data;
}

template SpectralData quadrature_data(const System<double>&, const double*, Index, const ProbeOptions&);
template SpectralData quadrature_data(const System<Complex>&, const Complex*, Index, const ProbeOptions&);

} // namespace convmat::solve
