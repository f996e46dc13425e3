#include <convmat/spectrum/singular_values.hpp>

#include <algorithm>
#include <functional>
#include <limits>
#include <set>

#include <convmat/base/checked.hpp>
#include <convmat/base/memory.hpp>

#include "../numerics/decomposition.hpp"
#include "../numerics/scaled_kernel.hpp"
#include "limits.hpp"
#include "products.hpp"

namespace convmat::detail {
namespace {

using namespace numerics;
using namespace spectrum;

// The values of a group, each within the error.
struct GroupValues {
    std::vector<double> values;
    double error = 0;
};

// The values of one group; where its pieces are of both orientations, with the zeros that belong to their product
// alone.
template <class S>
GroupValues values_of(const Product<S>& product) {
    GroupValues list{{1.0}, 0};
    double largest = 1;
    for (const Piece<S>& piece : product.pieces) {
        const Blocks<S> blocks(piece);
        const std::vector<double> values = blocks.values();
        const double most = values.empty() ? 0 : std::ranges::max(values);
        list.error = list.error * (most + blocks.error(most)) + largest * blocks.error(most);
        largest *= most;
        list.values = kronecker_values(list.values, values);
    }
    list.error += product.residual + 8 * std::numeric_limits<double>::epsilon() * largest;
    return list;
}

template <class S>
void require_block_fits(const Blocks<S>& blocks, const SpectrumOptions& options) {
    if (block_fits(blocks, options)) return;
    throw SizeError(
        {.parameter = "most_dense",
         .value = concat(blocks.rows(), "x", blocks.cols()),
         .expected = concat("a shorter side of at most ", options.most_dense,
                            " (SpectrumOptions::most_dense), at most 1 GB, and room for it: all singular "
                            "values of such a layer are out of reach, the largest and the smallest are "
                            "not"),
         .found = concat("singular_values: the layer comes apart into blocks of ", blocks.rows(), "x", blocks.cols())});
}

template <class S>
void require_affordable(const std::vector<Product<S>>& groups, const SpectrumOptions& options) {
    double operations = 0;
    for (const Product<S>& product : groups)
        for (const Piece<S>& piece : product.pieces) {
            const Blocks<S> blocks(piece);
            require_block_fits(blocks, options);
            operations += blocks.operations();
        }
    if (operations > options.most_operations)
        throw SizeError({.parameter = "most_operations",
                         .value = concat(operations),
                         .expected = concat("at most ", options.most_operations, " (SpectrumOptions::most_operations)"),
                         .found = concat("singular_values: about ", operations, " operations")});
}

} // namespace

template <class S>
SingularValues singular_values(const ConvGeometry& geometry, const Tensor<S>& kernel, const SpectrumOptions& options) {
    require_valid(options, "singular_values");
    const ScaledKernel<S> scaled(geometry, kernel, "singular_values");
    const Index shorter = std::min(geometry.rows(), geometry.cols());
    require_memory(checked_mul(shorter, 3 * Index{sizeof(double)}, "singular values"), "all singular values");
    const auto groups = decomposed(geometry, scaled.kernel, options.separability);
    require_affordable(groups, options);
    SingularValues all;
    std::set<std::string> methods;
    for (const Product<S>& product : groups) {
        GroupValues list = values_of(product);
        all.error = std::max(all.error, list.error);
        list.values.resize(static_cast<std::size_t>(shorter / geometry.groups()), 0.0);
        all.values.insert(all.values.end(), list.values.begin(), list.values.end());
        std::set<std::string> of_pieces;
        for (const Piece<S>& piece : product.pieces) of_pieces.insert(Blocks<S>(piece).method());
        methods.insert(words_of(product) + joined(of_pieces));
    }
    std::ranges::sort(all.values, std::greater());
    scaled.unscale(all.values);
    all.error *= scaled.factor;
    all.method = words_of_groups(geometry.groups()) + joined(methods);
    return all;
}

template SingularValues singular_values(const ConvGeometry&, const Tensor<double>&, const SpectrumOptions&);
template SingularValues singular_values(const ConvGeometry&, const Tensor<Complex>&, const SpectrumOptions&);

} // namespace convmat::detail
