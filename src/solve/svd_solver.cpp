#include "svd_solver.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace convmat::solve {

template <class S>
SvdSolver<S>::SvdSolver(const System<S>& system, Decompose decompose, double rank_tolerance, double rounding)
    : decompose_(std::move(decompose)),
      rank_tolerance_(rank_tolerance),
      rounding_(rounding),
      rows_(system.rows() / system.geometry().groups()),
      cols_(system.cols() / system.geometry().groups()),
      penalised_(system.penalty() != Penalty::none) {}

template <class S>
std::optional<Singular> SvdSolver<S>::factorize(double lambda) {
    lambda_ = lambda;
    decompose();
    return std::nullopt;
}

template <class S>
void SvdSolver<S>::decompose() {
    if (!groups_.empty()) return;
    groups_ = decompose_();
    for (const auto& group : groups_)
        for (const double value : group->values) largest_ = std::max(largest_, value);
    least_ = std::max(rank_tolerance_ * largest_, rounding_);
    double rank = 0;
    for (const auto& group : groups_)
        for (Index i = 0; i < group->size(); ++i)
            if (group->values[static_cast<std::size_t>(i)] > least_)
                rank += group->weights[static_cast<std::size_t>(i)];
    rank_ = std::llround(rank);
}

template <class S>
double SvdSolver<S>::filter(double value, double penalty) const {
    const double added = penalised_ ? lambda_ * lambda_ * penalty : 0;
    if (value <= least_ && added <= least_ * least_) return 0;
    return value / (value * value + added);
}

template <class S>
Steps SvdSolver<S>::solve(const S* y, S* x, Index count) {
    for (Index i = 0; i < count; ++i)
        for (const auto& group : groups_) {
            std::vector<Complex> c(static_cast<std::size_t>(group->size()));
            group->analyse(y, c.data());
            for (std::size_t j = 0; j < c.size(); ++j) c[j] *= filter(group->values[j], group->penalties[j]);
            group->synthesise(c.data(), x);
            y += rows_;
            x += cols_;
        }
    return {};
}

template <class S>
std::optional<double> SvdSolver<S>::reciprocal_condition() const {
    double least = std::numeric_limits<double>::infinity(), most = 0;
    const double lambda = penalised_ ? lambda_ : 0;
    for (const auto& group : groups_)
        for (std::size_t i = 0; i < group->values.size(); ++i) {
            const double value = std::hypot(group->values[i], lambda * std::sqrt(group->penalties[i]));
            least = std::min(least, value);
            most = std::max(most, value);
        }
    if (most == 0) return 0;
    return least / most;
}

template <class S>
std::optional<SpectralData> SvdSolver<S>::spectral_data(const S* y, Index count) {
    decompose();
    SpectralData data;
    for (const auto& group : groups_) {
        for (const double value : group->values) data.squares.push_back(value > least_ ? value * value : 0);
        if (penalised_) data.penalties.insert(data.penalties.end(), group->penalties.begin(), group->penalties.end());
        data.weights.insert(data.weights.end(), group->weights.begin(), group->weights.end());
    }
    data.penalties.resize(data.squares.size(), 0.0);
    data.coefficients.assign(data.squares.size(), 0.0);
    double inside = 0, all = 0;
    for (Index i = 0; i < count; ++i) {
        std::size_t at = 0;
        for (const auto& group : groups_) {
            std::vector<Complex> c(static_cast<std::size_t>(group->size()));
            group->analyse(y, c.data());
            for (std::size_t j = 0; j < c.size(); ++j, ++at) {
                const double square = data.weights[at] * std::norm(c[j]);
                data.coefficients[at] += square;
                inside += square;
            }
            all += Eigen::Map<const Eigen::Matrix<S, Eigen::Dynamic, 1>>(y, rows_).squaredNorm();
            y += rows_;
        }
    }
    data.outside = std::max(0.0, all - inside);
    return data;
}

template class SvdSolver<double>;
template class SvdSolver<Complex>;

} // namespace convmat::solve
