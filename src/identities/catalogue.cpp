#include <convmat/identities/catalogue.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include <convmat/matrix/row_plan.hpp>

#include "entry.hpp"

namespace convmat::identities {

std::variant<IdentityCase<double>, IdentityCase<std::complex<double>>> in_floating_point(const AnyCase& layer) {
    if (const auto* c = std::get_if<IdentityCase<double>>(&layer)) return *c;
    if (const auto* c = std::get_if<IdentityCase<std::complex<double>>>(&layer)) return *c;
    const auto& c = std::get<IdentityCase<std::int64_t>>(layer);
    const auto real = [](const Tensor<std::int64_t>& integers) {
        Tensor<double> values(integers.shape());
        for (Index i = 0; i < values.size(); ++i) values[i] = static_cast<double>(integers[i]);
        return values;
    };
    return IdentityCase<double>{c.geometry, real(c.kernel), real(c.x), real(c.y), c.seed};
}

IdentityCase<std::int64_t> counting_case(const ConvSpec& spec, std::vector<std::int64_t> weights) {
    const auto counting = [](const Shape& shape) {
        Tensor<std::int64_t> values(shape);
        std::iota(values.values().begin(), values.values().end(), 1);
        return values;
    };
    const ConvGeometry g(spec);
    return {g, Tensor<std::int64_t>(g.kernel_shape(), std::move(weights)), counting(g.input_shape()),
            counting(g.output_shape()), 1};
}

bool stays_exact(const AnyCase& layer) {
    const auto* c = std::get_if<IdentityCase<std::int64_t>>(&layer);
    if (c == nullptr) return true;
    const double entries = static_cast<double>(c->geometry.rows()) + static_cast<double>(c->geometry.cols());
    return std::max({magnitude(*c, {.kernel = 1, .x = 1, .y = 1}), magnitude(*c, {.kernel = 1, .x = 1, .drawn = 1}),
                     entries * magnitude(*c, {.kernel = 2}), entries * magnitude(*c, {.kernel = 1, .drawn = 1})}) <
           0x1p62;
}

namespace {

// Of W with stride 1, and of W of the kernel with its dilation's zeros: what the largest matrices of most checks have.
std::string too_large(const ConvGeometry& g) {

    const auto refusal = [](double entries) {
        return concat("its matrices with stride 1 and dilation 1 have up to ", entries,
                      " nonzeros, rows or columns, and layers are checked up to ", most_nonzeros_checked);
    };
    double dilated_entries = static_cast<double>(g.rows()) * static_cast<double>(g.in_channels_per_group());
    double padded = static_cast<double>(g.in_channels()), positions = static_cast<double>(g.out_channels());
    for (const Axis& axis : g.axes()) {
        dilated_entries *= static_cast<double>(axis.effective_kernel());
        padded *= static_cast<double>(std::max(axis.padded_input(), axis.input));
        positions *= static_cast<double>(axis.padded_input() - axis.effective_kernel() + 1);
    }
    const double largest = std::max({dilated_entries, padded, positions});
    if (largest > static_cast<double>(most_nonzeros_checked)) return refusal(largest);
    const Index nonzeros = RowPlan::matrix(unit_stride(g)).nnz();
    return nonzeros > most_nonzeros_checked ? refusal(static_cast<double>(nonzeros)) : std::string();
}

// Numbers whose products could leave double precision.
std::string too_extreme(const AnyCase& layer) {
    return std::visit(
        []<class S>(const IdentityCase<S>& c) -> std::string {
            for (const Tensor<S>* array : {&c.kernel, &c.x, &c.y}) {
                double largest = 0;
                for (const S value : array->values()) largest = std::max(largest, size_of(value));
                const bool fits = largest <= largest_number_checked && largest * largest_number_checked >= 1;
                if (!std::is_same_v<S, std::int64_t> && largest != 0 && !fits)
                    return concat("the largest ", array == &c.kernel ? "weight" : "value", " is ", largest,
                                  ", and products are checked between 1e-75 and 1e75");
            }
            return {};
        },
        layer);
}

std::string out_of_reach(const AnyCase& layer) {
    std::string reason = too_large(geometry_of(layer));
    return reason.empty() ? too_extreme(layer) : reason;
}

AnyCase as_any(std::variant<IdentityCase<double>, IdentityCase<std::complex<double>>> layer) {
    return std::visit([](auto& c) -> AnyCase { return std::move(c); }, layer);
}

void require_fit(const AnyCase& layer) {
    std::visit(
        [](const auto& c) {
            require_shape(c.kernel, c.geometry.kernel_shape(), "check: kernel");
            require_shape(c.x, c.geometry.input_shape(), "check: x", "x");
            require_shape(c.y, c.geometry.output_shape(), "check: y", "y");
        },
        layer);
}

template <class S>
double apart(S left, S right, Relation relation) {
    if (relation == Relation::at_most && std::real(left) <= std::real(right)) return 0; // both are real
    if constexpr (std::is_same_v<S, std::int64_t>)
        return left == right ? 0 : std::max(1.0, std::abs(static_cast<double>(left) - static_cast<double>(right)));
    else
        return std::abs(left - right);
}

// Entry by entry; sets the residual, and the reason where an entry is further apart than the bound.
template <class S>
void compare(const Sides<S>& sides, Outcome& outcome) {
    outcome.bound = sides.bound;
    outcome.verdict = Verdict::fails;
    if (sides.left.rows() != sides.right.rows() || sides.left.cols() != sides.right.cols()) {
        outcome.residual = std::numeric_limits<double>::infinity();
        outcome.reason = concat("the left side is ", sides.left.rows(), "x", sides.left.cols(), ", the right ",
                                sides.right.rows(), "x", sides.right.cols());
        return;
    }
    for (Index row = 0; row < sides.left.rows(); ++row) {
        typename Sparse<S>::InnerIterator left(sides.left, row), right(sides.right, row);
        while (left || right) {
            const Index col = !right || (left && left.col() < right.col()) ? left.col() : right.col();
            const S a = left && left.col() == col ? left.value() : S(0);
            const S b = right && right.col() == col ? right.value() : S(0);
            const double distance = apart(a, b, sides.relation);
            if (!(distance <= outcome.residual)) outcome.residual = distance;
            if (!(distance <= sides.bound) && outcome.reason.empty())
                outcome.reason = concat("entry (", row, ", ", col, ") is ", a, " on the left and ", b, " on the right");
            if (left && left.col() == col) ++left;
            if (right && right.col() == col) ++right;
        }
    }
    if (outcome.reason.empty()) outcome.verdict = Verdict::holds;
}

// By number, then by what follows it: I-25, I-25x, I-26.
bool comes_before(const Identity& a, const Identity& b) {
    const auto number = [](const Identity& identity) { return std::stoi(identity.id.substr(2)); };
    return number(a) != number(b) ? number(a) < number(b) : a.id < b.id;
}

std::vector<Identity> all_chapters() {
    std::vector<Identity> all;
    for (const auto chapter : {construction, transposition, factorisation, ordering, composition, bilinearity, norms,
                               spectra, ranks, upsampling})
        std::ranges::move(chapter(), std::back_inserter(all));
    std::ranges::sort(all, comes_before);
    return all;
}

} // namespace

std::string_view to_string(Verdict verdict) {
    switch (verdict) {
    case Verdict::holds:
        return "holds";
    case Verdict::does_not_apply:
        return "does not apply";
    case Verdict::not_checked:
        return "not checked";
    case Verdict::fails:
        break;
    }
    return "FAILS";
}

std::span<const Identity> catalogue() {
    static const std::vector<Identity> all = all_chapters();
    return all;
}

std::vector<const Identity*> find_identities(std::string_view id) {
    std::vector<const Identity*> found;
    for (const Identity& identity : catalogue()) {
        const std::string_view whole = identity.id;
        const bool is_part = whole.size() == id.size() + 1 && whole.starts_with(id) && whole.back() >= 'a';
        if (whole == id || is_part) found.push_back(&identity);
    }
    return found;
}

std::string why_not(const Identity& identity, const AnyCase& layer) {
    require_fit(layer);
    return identity.unmet(layer);
}

Outcome check(const Identity& identity, const AnyCase& layer, Variant variant) {
    require_fit(layer);
    Outcome outcome;
    outcome.reason = out_of_reach(layer);
    outcome.verdict = Verdict::not_checked;
    if (!outcome.reason.empty()) return outcome;
    outcome.reason = identity.unmet(layer);
    outcome.verdict = Verdict::does_not_apply;
    if (!outcome.reason.empty()) return outcome;
    try {
        outcome.sides = identity.sides(stays_exact(layer) ? layer : as_any(in_floating_point(layer)), variant);
        std::visit([&](const auto& sides) { compare(sides, outcome); }, outcome.sides);
    } catch (const SizeError& error) {
        outcome.reason = error.what();
        outcome.verdict = Verdict::not_checked;
    }
    return outcome;
}

} // namespace convmat::identities
