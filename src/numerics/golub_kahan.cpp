#include "golub_kahan.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <convmat/base/checked.hpp>
#include <convmat/base/error.hpp>
#include <convmat/base/memory.hpp>

#include "tall_columns.hpp"

namespace convmat::numerics {
namespace {

template <class S>
Eigen::VectorXd norms(const DenseView<S>& x) {
    return x.colwise().norm().transpose();
}

template <class S>
class GolubKahan {
  public:
    GolubKahan(const LinearMap<S>& map, const GolubKahanOptions& options)
        : map_(map),
          wanted_(std::min({options.count, map.rows, map.cols})),
          options_(options),
          random_(options.seed) {
        const Index shorter = std::min(map.rows, map.cols);
        block_ = std::min<Index>(2, shorter);
        most_ = std::min(shorter, std::max<Index>(32, 3 * wanted_ + 20));
        constexpr Index room = Index{3} << 30; // bytes of a basis, but for the columns that are needed at least
        const Index column =
            checked_mul(checked_add(map.rows, map.cols, "a Krylov basis"), Index{sizeof(S)}, "a basis");
        most_ = std::min(most_, std::max(wanted_ + 6, room / column));
        const Index bytes = checked_mul(checked_add(map.rows, map.cols, "a Krylov basis"),
                                        (most_ + 4 * block_) * Index{sizeof(S)} * 2, "a Krylov basis");
        require_memory(bytes, "a Krylov basis");
        u_.resize(map.rows, most_ + 2 * block_);
        v_.resize(map.cols, most_ + 4 * block_);
        b_ = Dense<S>::Zero(u_.cols(), u_.cols());
    }

    RitzTriplets<S> run() {
        start();
        bool again = wanted_ > 1; // with new random vectors, see the header
        bool whole_cycle = false; // these are given one before anything is concluded
        for (;;) {
            expand();
            const bool full = size_ >= most_ || exhausted_ || steps_ >= options_.most_steps;
            if (!full && (whole_cycle || size_ < wanted_ || size_ % 4 != 0)) continue;
            decompose();
            if (exhausted_ || steps_ >= options_.most_steps) break;
            const bool found = all_found();
            if (found && !again) break;
            if (!found && !full) continue;
            restart();
            whole_cycle = found;
            if (found) start();
            again = again && !found;
        }
        return result();
    }

  private:
    // A random block orthogonal to all that is there joins the next one.
    void start() {
        Index fresh = block_;
        const Index first = size_ + next_;
        fill_randomly(v_, first, fresh);
        orthonormalise(v_, first, fresh, 1e-6);
        Dense<S> coupling = Dense<S>::Zero(next_ + fresh, coupling_.cols());
        coupling.topRows(next_) = coupling_;
        coupling_ = coupling;
        next_ += fresh;
        exhausted_ = next_ == 0;
    }

    void fill_randomly(Dense<S>& basis, Index first, Index count) {
        std::normal_distribution<double> normal;
        auto columns = basis.middleCols(first, count);
        for (Index j = 0; j < count; ++j)
            for (Index i = 0; i < columns.rows(); ++i) {
                if constexpr (std::is_same_v<S, double>)
                    columns(i, j) = normal(random_);
                else
                    columns(i, j) = S(normal(random_), normal(random_));
            }
    }

    // Columns first, ..., first + count - 1 become orthonormal to each other and to those before; what they were is
    // V_before H + V_new R. Columns that were dependent are dropped: count becomes smaller. A second pass is enough,
    // and needed only where the first one left little (J. Daniel, W. Gragg, L. Kaufman and G. Stewart, 1976).
    Dense<S> orthonormalise(Dense<S>& basis, Index first, Index& count, double negligible) {
        Dense<S> r = Dense<S>::Zero(first + count, count);
        auto x = basis.middleCols(first, count);
        // Most of what there is to subtract lies along the last block: after that, one pass is enough as a rule.
        const Index last = std::min(first, 2 * block_);
        const Dense<S> along = inner<S>(basis.middleCols(first - last, last), x);
        subtract<S>(x, basis.middleCols(first - last, last), along);
        r.middleRows(first - last, last) += along;
        constexpr int most_passes = 4; // more only where numbers are not finite
        bool enough = false;
        for (int pass = 0; !enough && pass < most_passes; ++pass) {
            const Eigen::VectorXd before = norms<S>(x);
            const Dense<S> h = inner<S>(basis.leftCols(first), x);
            subtract<S>(x, basis.leftCols(first), h);
            r.topRows(first) += h;
            const Eigen::VectorXd after = norms<S>(x);
            enough = first == 0 || ((after.array() > 0.5 * before.array()) || (after.array() <= negligible)).all();
        }
        Index kept = 0;
        for (Index j = 0; j < count; ++j) {
            auto column = basis.middleCols(first + kept, 1);
            if (kept < j) column = basis.col(first + j);
            if (kept > 0) { // against those of the block itself, and then against everything
                for (const Index before : {Index{0}, first}) {
                    const Dense<S> h = inner<S>(basis.middleCols(first - before, before + kept), column);
                    subtract<S>(column, basis.middleCols(first - before, before + kept), h);
                    r.block(first - before, j, before + kept, 1) += h;
                }
            }
            const double norm = column.norm();
            if (!(norm > negligible)) continue;
            column /= norm;
            r(first + kept, j) = norm;
            ++kept;
        }
        count = kept;
        return r.topRows(first + kept);
    }

    double negligible() const {
        return 4 * std::numeric_limits<double>::epsilon() * largest_ *
               std::sqrt(static_cast<double>(std::max(map_.rows, map_.cols)));
    }

    // A V_next -> U, B; A^H U_new -> the next block.
    void expand() {
        const Index first = size_, taken = next_;
        map_.apply(v_.col(first).data(), u_.col(first).data(), taken);
        steps_ += taken;
        for (Index j = 0; j < taken; ++j) largest_ = std::max(largest_, u_.col(first + j).norm());
        Index independent = taken;
        Dense<S> r = orthonormalise(u_, first, independent, negligible());
        complete(first, independent, taken);
        b_.block(0, first, r.rows(), taken) = r;
        size_ += taken;
        map_.apply_adjoint(u_.col(first).data(), v_.col(size_).data(), taken);
        next_ = taken;
        r = orthonormalise(v_, size_, next_, negligible());
        coupling_ = Dense<S>(r.bottomRows(next_));
        if (next_ == 0) start(); // V spans all that A^H A reaches from it
    }

    // Where columns of A V_next were dependent, U is completed with vectors that A V_next has no part in.
    void complete(Index first, Index independent, Index taken) {
        while (independent < taken) {
            Index one = 1;
            fill_randomly(u_, first + independent, one);
            orthonormalise(u_, first + independent, one, 1e-6);
            independent += one;
        }
    }

    void decompose() {
        svd_ = svd_of(Dense<S>(b_.topLeftCorner(size_, size_)));
        largest_ = std::max(largest_, svd_.values.front());
        residuals_.assign(static_cast<std::size_t>(size_), 0);
        if (exhausted_) return;
        // A^H U p = ... + V_next T (E^H p); E picks the columns that were taken last.
        const Dense<S> last = product<S>(coupling_, svd_.u.bottomRows(coupling_.cols()));
        for (Index i = 0; i < size_; ++i) residuals_[static_cast<std::size_t>(i)] = last.col(i).norm();
    }

    // Without the rounding.
    double error(Index i) const { return residuals_[static_cast<std::size_t>(i)]; }

    double rounding() const {
        return std::numeric_limits<double>::epsilon() * largest_ *
                   (32 + 2 * std::sqrt(static_cast<double>(map_.rows + map_.cols))) +
               2 * negligible(); // what a column that was dropped may have been
    }

    // The error that is going to be stated, rounding included, is within the tolerance; or no step would make it less.
    bool is_found(Index i) const {
        const bool to_own = options_.criterion == Criterion::error_to_own;
        const double scale = to_own ? svd_.values[static_cast<std::size_t>(i)] : largest_;
        return error(i) <= std::max(0.99 * options_.tolerance * scale - rounding(), rounding());
    }

    bool all_found() const {
        for (Index i = 0; i < std::min(wanted_, size_); ++i)
            if (!is_found(i)) return false;
        return size_ >= wanted_;
    }

    void restart() {
        const Index kept = std::min({size_ - 1, wanted_ + std::max<Index>(2, most_ / 3), most_ - block_});
        rotate<S>(u_.leftCols(size_), svd_.u.leftCols(kept));
        rotate<S>(v_.leftCols(size_), svd_.v.leftCols(kept));
        for (Index j = 0; j < next_; ++j) v_.col(kept + j) = v_.col(size_ + j); // kept < size_
        b_.setZero();
        for (Index i = 0; i < kept; ++i) b_(i, i) = svd_.values[static_cast<std::size_t>(i)];
        size_ = kept;
    }

    RitzTriplets<S> result() {
        const Index found = std::min(wanted_, size_);
        RitzTriplets<S> all;
        rotate<S>(u_.leftCols(size_), svd_.u.leftCols(found));
        rotate<S>(v_.leftCols(size_), svd_.v.leftCols(found));
        all.u = u_.leftCols(found);
        all.v = v_.leftCols(found);
        all.steps = steps_;
        for (Index i = 0; i < found; ++i) {
            all.values.push_back(svd_.values[static_cast<std::size_t>(i)]);
            all.errors.push_back(error(i) + rounding());
        }
        return all;
    }

    const LinearMap<S>& map_;
    Index wanted_;
    GolubKahanOptions options_;
    std::mt19937_64 random_;
    Index block_ = 1;        // columns that a random block has
    Index most_ = 32;        // columns of U and V before a restart
    Index size_ = 0;         // columns of U and V
    Index next_ = 0;         // columns of the next block, which follow V's
    bool exhausted_ = false; // V spans all of its space
    double largest_ = 0;
    Index steps_ = 0;
    Dense<S> u_, v_, b_, coupling_;
    Svd<S> svd_;
    std::vector<double> residuals_;
};

} // namespace

template <class S>
RitzTriplets<S> golub_kahan(const LinearMap<S>& map, const GolubKahanOptions& options) {
    if (map.rows >= map.cols) return GolubKahan<S>(map, options).run();
    // Of a wide A the adjoint: V then ends by spanning the shorter side, and U has room.
    const LinearMap<S> adjoint{map.cols, map.rows, map.apply_adjoint, map.apply};
    RitzTriplets<S> found = GolubKahan<S>(adjoint, options).run();
    std::swap(found.u, found.v);
    return found;
}

template RitzTriplets<double> golub_kahan(const LinearMap<double>&, const GolubKahanOptions&);
template RitzTriplets<Complex> golub_kahan(const LinearMap<Complex>&, const GolubKahanOptions&);

} // namespace convmat::numerics
