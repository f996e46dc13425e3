#include "ends.hpp"

#include <algorithm>

#include "../numerics/scalars.hpp"

namespace convmat::spectrum {
namespace {

constexpr double most_list_operations = 4e11; // of all singular values: about a minute

template <class Triplets>
Measured first_of(const Triplets& triplets) {
    std::string method = triplets.method;
    if (!triplets.converged) method += concat(" (NOT converged after ", triplets.steps, " products)");
    return {triplets.values.front(), triplets.errors.front(), method, triplets.converged};
}

} // namespace

template <class S>
Ends ends_of(const ConvGeometry& geometry, const Tensor<S>& kernel, const SpectrumOptions& options) {
    Ends ends;
    try {
        SpectrumOptions quick = options;
        quick.most_operations = std::min(options.most_operations, most_list_operations);
        ends.all = detail::singular_values(geometry, kernel, quick);
        ends.largest = {ends.all.values.front(), ends.all.error, ends.all.method};
        ends.smallest = {ends.all.values.back(), ends.all.error, ends.all.method};
        return ends;
    } catch (const SizeError& error) {
        ends.no_list = error.what();
    }
    ends.largest = first_of(detail::singular_triplets(geometry, kernel, 1, detail::End::largest, options));
    try {
        ends.smallest = first_of(detail::singular_triplets(geometry, kernel, 1, detail::End::smallest, options));
    } catch (const std::exception& error) { // too large, or a factorisation that failed
        ends.smallest = not_computed(error.what());
    }
    return ends;
}

template Ends ends_of(const ConvGeometry&, const Tensor<double>&, const SpectrumOptions&);
template Ends ends_of(const ConvGeometry&, const Tensor<numerics::Complex>&, const SpectrumOptions&);

} // namespace convmat::spectrum
