#include "methods.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "direct.hpp"
#include "krylov_solver.hpp"
#include "svd_solver.hpp"

namespace convmat::solve {
namespace {

// Why not.

template <class S>
Objection no_transforms(Prospect<S>& prospect, SolveMethod method) {
    const Transformable<S>& layer = prospect.survey().transformable();
    if (Objection objection = layer.objection(prospect.options().penalty)) return objection;
    const bool fourier = layer.has_fourier_axis();
    if (fourier == (method == SolveMethod::fft)) return {};
    return fourier ? Refusal{"an axis is periodic", "fft"} : Refusal{"no axis is periodic", "dct"};
}

template <class S>
Objection no_fft(Prospect<S>& prospect) {
    return no_transforms(prospect, SolveMethod::fft);
}

template <class S>
Objection no_dct(Prospect<S>& prospect) {
    return no_transforms(prospect, SolveMethod::dct);
}

template <class S>
Objection no_kronecker(Prospect<S>& prospect) {
    return prospect.survey().separable().objection(prospect.options().penalty);
}

template <class S>
Objection no_penalty(Prospect<S>& prospect) {
    if (!prospect.penalised()) return {};
    return Refusal{"solves A x = y alone, and there is a penalty", "lambda 0"};
}

template <class S>
Objection no_substitution(Prospect<S>& prospect) {
    if (Objection objection = no_penalty(prospect)) return objection;
    return prospect.survey().no_triangle();
}

template <class S>
Objection no_lu(Prospect<S>& prospect) {
    if (Objection objection = no_penalty(prospect)) return objection;
    if (prospect.system().rows() != prospect.system().cols()) return not_square(prospect.system());
    return {};
}

template <class S>
Objection no_objection(Prospect<S>&) {
    return {};
}

template <class S>
Objection no_preconditioner(Prospect<S>& prospect) {
    return prospect.preconditioned().objection;
}

// For how much.

template <class S>
Price of_transforms(Prospect<S>& prospect) {
    return prospect.transforms();
}

template <class S>
Price of_kronecker(Prospect<S>& prospect) {
    return prospect.kronecker();
}

template <class S>
Price of_triangular(Prospect<S>& prospect) {
    return prospect.triangular();
}

template <class S>
Price of_cholmod(Prospect<S>& prospect) {
    return prospect.cholmod();
}

template <class S>
Price of_spqr(Prospect<S>& prospect) {
    return prospect.spqr();
}

template <class S>
Price of_lu(Prospect<S>& prospect) {
    return prospect.lu();
}

template <class S>
Price of_iteration(Prospect<S>& prospect) {
    return prospect.iteration();
}

// By what.

template <class S>
std::unique_ptr<Solver<S>> svd_solver(Prospect<S>& prospect, typename SvdSolver<S>::Decompose decompose) {
    const double rounding = 8 * std::numeric_limits<double>::epsilon() * prospect.survey().norm();
    return std::make_unique<SvdSolver<S>>(prospect.system(), std::move(decompose), prospect.rank_tolerance(), rounding);
}

template <class S>
Made<S> by_transforms(Prospect<S>& prospect) {
    const auto decompose = [layer = &prospect.survey().transformable(), penalty = prospect.options().penalty] {
        return layer->svds(penalty);
    };
    return {svd_solver(prospect, decompose), prospect.transforms()};
}

template <class S>
Made<S> by_kronecker(Prospect<S>& prospect) {
    const auto decompose = [layer = &prospect.survey().separable()] { return layer->svds(); };
    return {svd_solver(prospect, decompose), prospect.kronecker()};
}

template <class S>
Made<S> made_of(Analysed<S> analysed, double rate) {
    const Prediction& prediction = analysed.prediction;
    return {std::move(analysed.solver), {prediction.bytes, prediction.operations / rate}};
}

template <class S>
Made<S> by_substitution(Prospect<S>& prospect) {
    return made_of(triangular_solver(prospect.system(), prospect.most_bytes()), sparse_rate);
}

template <class S>
Made<S> by_cholmod(Prospect<S>& prospect) {
    return made_of(cholesky_solver(prospect.system(), prospect.most_bytes()), dense_rate);
}

template <class S>
Made<S> by_spqr(Prospect<S>& prospect) {
    return made_of(qr_solver(prospect.system(), prospect.options().solution,
                             prospect.rank_tolerance() * prospect.stacked_norm(), prospect.most_bytes()),
                   dense_rate);
}

template <class S>
Made<S> by_umfpack(Prospect<S>& prospect) {
    return made_of(umfpack_solver(prospect.system(), prospect.most_bytes()), dense_rate);
}

template <class S>
Made<S> by_klu(Prospect<S>& prospect) {
    return made_of(klu_solver(prospect.system(), prospect.most_bytes()), dense_rate);
}

template <class S>
MakePreconditioner<S> maker_of(Prospect<S>& prospect) {
    switch (prospect.preconditioned().kind) {
    case Preconditioner::diagonal:
        return [system = &prospect.system()] { return diagonal_preconditioner(*system); };
    case Preconditioner::circulant:
        return [twin = &prospect.survey().periodic_twin()] { return twin->preconditioner(); };
    default:
        return {};
    }
}

template <class S, SolveMethod method>
Made<S> by_iteration(Prospect<S>& prospect) {
    return {krylov_solver(prospect.system(), method, maker_of(prospect), prospect.options()), prospect.iteration()};
}

// Whether `automatic` looks at it.

template <class S>
bool always(Prospect<S>&) {
    return true;
}

template <class S>
bool never(Prospect<S>&) {
    return false;
}

// The SVD of one axis of one channel is no more than a dense matrix's.
template <class S>
bool if_a_product(Prospect<S>& prospect) {
    const ConvGeometry& geometry = prospect.system().geometry();
    return geometry.rank() > 1 || geometry.in_channels_per_group() * geometry.out_channels_per_group() > 1;
}

template <class S>
bool for_least_norm(Prospect<S>& prospect) {
    return prospect.least_norm();
}

template <class S>
bool for_any_solution(Prospect<S>& prospect) {
    return !prospect.least_norm();
}

// Where the normal equations are as good as A itself.
template <class S>
bool if_definite(Prospect<S>& prospect) {
    return prospect.penalised() || prospect.preconditioned().kind == Preconditioner::circulant;
}

template <class S>
bool unless_definite(Prospect<S>& prospect) {
    return !if_definite(prospect);
}

} // namespace

template <class S>
std::span<const Method<S>> methods() {
    using enum SolveMethod;
    using enum Family;
    static constexpr std::array<Method<S>, 11> table = {{
        // method, family, why not, for how much, by what, whether `automatic` looks at it
        {fft, svd, no_fft, of_transforms, by_transforms, always},
        {dct, svd, no_dct, of_transforms, by_transforms, always},
        {triangular, substitution, no_substitution, of_triangular, by_substitution, always},
        {kronecker, svd, no_kronecker, of_kronecker, by_kronecker, if_a_product},
        {cholmod, factor, no_objection, of_cholmod, by_cholmod, for_any_solution},
        {spqr, factor, no_objection, of_spqr, by_spqr, for_least_norm},
        {umfpack, factor, no_lu, of_lu, by_umfpack, never},
        {klu, factor, no_lu, of_lu, by_klu, never},
        {cg, iteration, no_preconditioner, of_iteration, by_iteration<S, cg>, if_definite},
        {lsmr, iteration, no_preconditioner, of_iteration, by_iteration<S, lsmr>, unless_definite},
        {lsqr, iteration, no_preconditioner, of_iteration, by_iteration<S, lsqr>, never},
    }};
    return table;
}

template <class S>
const Method<S>& method_of(SolveMethod name) {
    return *std::ranges::find(methods<S>(), name, &Method<S>::name);
}

template std::span<const Method<double>> methods();
template std::span<const Method<Complex>> methods();
template const Method<double>& method_of(SolveMethod);
template const Method<Complex>& method_of(SolveMethod);

} // namespace convmat::solve
