#include <algorithm>

#include "facts.hpp"

namespace convmat::detail {
namespace {

// Part 0 is the channels, part j + 1 axis j; whether it is more than a number in W.
bool is_more_than_a_number(const Described& layer, std::size_t part, bool in_every_group) {
    const ConvGeometry& g = layer.geometry;
    if (part > 0) return !is_scalar(g.axes()[part - 1]);
    return in_every_group ? g.in_channels_per_group() * g.out_channels_per_group() > 1
                          : g.in_channels() * g.out_channels() > 1;
}

std::string factor_name(std::size_t part) { return part == 0 ? "A" : concat("W_", part - 1); }

std::string factor_shape(const ConvGeometry& geometry, std::size_t part, bool in_every_group) {
    const Index of = in_every_group ? geometry.groups() : 1;
    if (part == 0) return concat(geometry.out_channels() / of, "x", geometry.in_channels() / of);
    const Axis& axis = geometry.axes()[part - 1];
    return concat(axis.output, "x", axis.input);
}

constexpr const char* buys_of_factors = "applied factor by factor; its singular values are the products of theirs, its "
                                        "pseudoinverse the product of theirs";

MaybeFact product_fact(const Described& layer, const Separability& found, bool in_every_group) {
    std::string product, shapes;
    Index factors = 0;
    for (std::size_t part = 0; part < found.parts.size(); ++part) {
        if (!is_more_than_a_number(layer, part, in_every_group)) continue;
        product += concat(factors == 0 ? "" : " ⊗ ", factor_name(part));
        shapes += concat(factors == 0 ? "" : ", ", factor_shape(layer.geometry, part, in_every_group));
        ++factors;
    }
    if (factors < 2) return {};
    const std::string name = concat("Kronecker product of ", factors, " factors");
    const std::string residual =
        found.residual && *found.residual > 0 ? concat(", but for ", *found.residual, " of ||K||_F") : std::string();
    return StructureFact{StructureClass::kronecker, in_every_group ? "in every group a " + name : name,
                         concat(in_every_group ? "in every group " : "", "W = ", product, " (", shapes,
                                "): the kernel is a product of one array for each", residual),
                         buys_of_factors};
}

// Some parts separate off, others do not; of those, what is more than a number in W is one factor more.
MaybeFact partial_fact(const Described& layer, const Separability& found) {
    std::string off;
    Index apart = 0, together = 0;
    for (std::size_t part = 0; part < found.parts.size(); ++part) {
        if (!is_more_than_a_number(layer, part, false)) continue;
        if (!found.parts[part]) {
            ++together;
            continue;
        }
        off += concat(apart == 0 ? "" : ", ", part == 0 ? std::string("the channels") : concat("axis ", part - 1));
        ++apart;
    }
    const Index factors = apart + (together > 0 ? 1 : 0);
    if (apart == 0 || factors < 2) return {};
    return StructureFact{StructureClass::kronecker, concat("Kronecker product of ", factors, " factors"),
                         concat("the kernel is a product of one array for each of ", off,
                                " and one for the rest; in that order of axes W is the product of their matrices"),
                         buys_of_factors};
}

} // namespace

StructureFact permutation_fact(const Described& layer) {
    return {StructureClass::permutation, "permutation",
            concat("each output channel has one weight, a 1, and each of the ", layer.geometry.cols(),
                   " inputs is read once"),
            "W^-1 = W^T; every singular value is 1"};
}

MaybeFact tiling_fact(const Described& layer, const Orthonormal& sides) {
    const bool rows = sides.rows, columns = sides.columns && windows_cover(layer.effective);
    if (!rows && !columns) return {};
    Index taps = layer.geometry.in_channels_per_group();
    for (const Axis& axis : layer.effective.axes) taps *= axis.kernel;
    const std::string which = rows && columns ? "rows and columns" : rows ? "rows" : "columns";
    return StructureFact{StructureClass::orthogonal_tiling,
                         rows && columns ? "orthogonal tiling" : concat("tiling with orthonormal ", which),
                         concat("windows do not overlap and the ", layer.geometry.out_channels_per_group(), " x ", taps,
                                " matrix of weights", layer.geometry.groups() > 1 ? " of every group" : "",
                                " has orthonormal ", which),
                         concat(rows ? "W W^H = I" : "", rows && columns ? ", " : "", columns ? "W^H W = I" : "",
                                ": W^H is the pseudoinverse; every nonzero singular value is 1")};
}

MaybeFact kronecker_fact(const Described& layer, const Separability& whole, bool in_every_group) {
    if (whole.all) return product_fact(layer, whole, false);
    if (in_every_group)
        if (auto fact = product_fact(layer, {whole.parts, true, {}}, true)) return fact;
    return partial_fact(layer, whole);
}

MaybeFact sum_fact(const Described& layer, Index terms) {
    Index all = 1, each = 0;
    for (const Axis& axis : layer.geometry.axes())
        if (axis.kernel > 1) {
            all *= axis.kernel;
            each += axis.kernel;
        }
    if (terms < 2 || terms * each >= all) return {};
    return StructureFact{
        StructureClass::sum_of_kroneckers, concat("sum of ", terms, " Kronecker products"),
        concat("the kernel has rank ", terms),
        concat("applied axis by axis with ", terms * each, " instead of ", all, " multiplications an output")};
}

} // namespace convmat::detail
