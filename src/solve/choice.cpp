#include "choice.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>

#include "methods.hpp"

namespace convmat::solve {
namespace {

constexpr double quick_seconds = 1;          // an exact method is not worth more, where another is quicker
constexpr double qr_is_slower_by = 8;        // than the Cholesky factor, in the time that can be afforded
constexpr double always_affordable = 0.1;    // seconds of a factor, whatever an iteration takes
constexpr double surer_than_iterating = 1.5; // how much longer than an iteration a factor may take

// "about 1.3 s": two digits are all a prediction is worth.
std::string predicted(double seconds) {
    constexpr double least = 0.001, most = 1e9;
    if (seconds < least) return "less than 0.001 s";
    if (!(seconds <= most)) return "more than 1000000000 s";
    const double digit = std::pow(10, std::floor(std::log10(seconds)) - 1);
    const int places = digit < 1 ? static_cast<int>(std::lround(-std::log10(digit))) : 0;
    return concat("about ", std::fixed, std::setprecision(places), std::round(seconds / digit) * digit, " s");
}

std::string takes_about(const char* what) { return concat(what, " would take about"); }

template <class S>
Chosen<S> made(const Method<S>& method, Prospect<S>& prospect, const std::string& reason) {
    Made<S> result = method.make(prospect);
    require_fits(takes_about(concat(to_string(method.name), ": the factors").c_str()), result.price.bytes,
                 prospect.most_bytes());
    std::string why = reason;
    if (method.family == Family::iteration) why += ", " + prospect.preconditioned().reason;
    return {{method.name, why, result.price.bytes, result.price.seconds, {}}, std::move(result.solver)};
}

// Nothing where it would not fit.
template <class Make>
auto if_it_fits(const Make& make) -> std::optional<decltype(make())> {
    try {
        return make();
    } catch (const SizeError&) {
        return std::nullopt;
    }
}

// The option that a method cannot follow.
struct Obstacle {
    const char* option;
    std::string_view value;
    Refusal refusal;
};

bool asks_for_preconditioner(const LeastSquaresOptions& options) {
    return options.preconditioner == Preconditioner::diagonal || options.preconditioner == Preconditioner::circulant;
}

template <class S>
std::optional<Obstacle> objection_to(const Method<S>& method, Prospect<S>& prospect) {
    const Preconditioner asked = prospect.options().preconditioner;
    const bool iterates = method.family == Family::iteration;
    if (!iterates && asks_for_preconditioner(prospect.options()))
        return Obstacle{"preconditioner",
                        to_string(asked),
                        {concat(to_string(method.name), " takes no preconditioner"), "lsqr, lsmr or cg"}};
    const Objection objection = method.objection(prospect);
    if (!objection) return std::nullopt;
    if (iterates) return Obstacle{"preconditioner", to_string(asked), *objection};
    return Obstacle{"method", to_string(method.name), *objection};
}

template <class S>
Chosen<S> by_name(Prospect<S>& prospect, SolveMethod name) {
    const Method<S>& method = method_of<S>(name);
    if (const auto obstacle = objection_to(method, prospect))
        throw refused(obstacle->option, obstacle->value, obstacle->refusal);
    return made(method, prospect, "as asked");
}

// An exact SVD knows the rank and every λ; it is taken where it is quick, or nothing else is quicker.
template <class S>
bool is_worth_an_svd(Prospect<S>& prospect, double seconds) {
    if (seconds > prospect.most_seconds()) return false;
    if (prospect.least_norm() || seconds <= quick_seconds) return true;
    return seconds <= std::min(prospect.survey().cholesky_seconds(), prospect.iteration_seconds());
}

// Where a factor is the quicker way, or the surer one: without a penalty an iteration may take forever.
template <class S>
bool is_worth_a_factor(Prospect<S>& prospect) {
    double most = prospect.most_seconds();
    if (prospect.least_norm()) most /= qr_is_slower_by;
    if (prospect.penalised())
        most = std::min(most, std::max(surer_than_iterating * prospect.iteration_seconds(), always_affordable));
    return prospect.survey().cholesky_seconds() <= most;
}

template <class S>
bool is_worth_it(const Method<S>& method, Prospect<S>& prospect) {
    if (method.family == Family::svd) return is_worth_an_svd(prospect, method.price(prospect).seconds);
    return method.family != Family::factor || is_worth_a_factor(prospect);
}

template <class S>
std::string reason_for(const Method<S>& method, Prospect<S>& prospect) {
    if (method.name == SolveMethod::kronecker) return "the kernel separates: an exact SVD from those of small factors";
    if (method.family == Family::svd) return "transforms take A apart into blocks, one a frequency, exactly";
    if (method.family == Family::substitution) return "the layer is causal: A is triangular";
    return concat("no shortcut fits this layer; factoring A should take ",
                  predicted(prospect.survey().cholesky_seconds()), ", iterating ",
                  predicted(prospect.iteration_seconds()));
}

// The first that can, is worth its time and fits; an iteration always is.
template <class S>
Chosen<S> best(Prospect<S>& prospect) {
    for (const Method<S>& method : methods<S>()) {
        if (!method.considered(prospect) || method.objection(prospect) || !is_worth_it(method, prospect)) continue;
        const auto make = [&] { return made(method, prospect, reason_for(method, prospect)); };
        if (method.family == Family::iteration) return make();
        std::optional<Chosen<S>> chosen = if_it_fits(make);
        const bool too_slow =
            chosen && method.family == Family::factor && chosen->plan.seconds > prospect.most_seconds();
        if (chosen && !too_slow) return std::move(*chosen);
    }
    throw refused("preconditioner", to_string(prospect.options().preconditioner),
                  *prospect.preconditioned().objection); // what else keeps an iteration from it?
}

template <class S>
SolveCandidate priced(const Method<S>& method, Prospect<S>& prospect) {
    SolveCandidate candidate{method.name, 0, 0, {}};
    try {
        if (const auto obstacle = objection_to(method, prospect)) {
            candidate.refusal = sentence(obstacle->refusal);
            return candidate;
        }
        const Price price = method.price(prospect);
        candidate.bytes = price.bytes;
        candidate.seconds = price.seconds;
        // A sparse factor's price is a guess before its analysis: it refuses nothing.
        if (method.family != Family::factor)
            require_fits(takes_about("the factors"), price.bytes, prospect.most_bytes());
    } catch (const SizeError& error) {
        candidate.refusal = error.what();
    }
    return candidate;
}

} // namespace

template <class S>
Chosen<S> choose(Prospect<S> prospect) {
    const SolveMethod asked = prospect.options().method;
    return asked == SolveMethod::automatic ? best(prospect) : by_name(prospect, asked);
}

template <class S>
Chosen<S> choose_for_singular(Prospect<S> prospect, SolveMethod before) {
    const std::string found = concat(to_string(before), " found A singular");
    const auto factorised = [&](SolveMethod name, const char* why) -> std::optional<Chosen<S>> {
        Chosen<S> chosen = made(method_of<S>(name), prospect, found + why);
        if (chosen.solver->factorize(prospect.lambda())) return std::nullopt;
        return chosen;
    };
    if (qr_is_slower_by * prospect.survey().cholesky_seconds() <= prospect.most_seconds()) {
        auto chosen = if_it_fits([&] { return factorised(SolveMethod::spqr, ": a rank-revealing factorisation"); });
        if (chosen && *chosen) return std::move(**chosen);
    }
    return *factorised(SolveMethod::lsmr, ": an iteration needs no full rank");
}

template <class S>
std::vector<SolveCandidate> candidates(Prospect<S> prospect, const SolvePlan& plan,
                                       const std::optional<FoundSingular>& found) {
    std::vector<SolveCandidate> all = {{plan.method, plan.bytes, plan.seconds, {}}};
    for (const Method<S>& method : methods<S>()) {
        if (method.name == plan.method) continue;
        all.push_back(priced(method, prospect));
        if (found && found->method == method.name) all.back().refusal = sentence_of(found->singular);
    }
    return all;
}

template Chosen<double> choose(Prospect<double>);
template Chosen<Complex> choose(Prospect<Complex>);
template Chosen<double> choose_for_singular(Prospect<double>, SolveMethod);
template Chosen<Complex> choose_for_singular(Prospect<Complex>, SolveMethod);
template std::vector<SolveCandidate> candidates(Prospect<double>, const SolvePlan&,
                                                const std::optional<FoundSingular>&);
template std::vector<SolveCandidate> candidates(Prospect<Complex>, const SolvePlan&,
                                                const std::optional<FoundSingular>&);

} // namespace convmat::solve
