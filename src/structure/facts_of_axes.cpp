#include <algorithm>

#include "facts.hpp"

namespace convmat::detail {
namespace {

Index axes_of_several_positions(const Described& layer) {
    return std::ranges::count_if(layer.effective.axes, [](const Axis& a) { return !is_scalar(a); });
}

bool is_single_pair(const ConvGeometry& geometry) {
    return geometry.in_channels_per_group() == 1 && geometry.out_channels_per_group() == 1;
}

// n = s m, and no window notices that the axis is not a circle.
bool is_circle(const Axis& axis) {
    return is_scalar(axis) ||
           (axis.input == axis.stride * axis.output && (axis.boundary == Boundary::periodic || is_inside(axis)));
}

bool has_unit_stride(const Axis& axis) { return is_scalar(axis) || axis.stride == 1; }

bool is_circulant(const Axis& axis) { return is_circle(axis) && has_unit_stride(axis); }

bool some_axis_is_periodic(const EffectiveLayer& layer) {
    for (std::size_t j = 0; j < layer.axes.size(); ++j)
        if (layer.was_periodic[j] && !is_scalar(layer.axes[j])) return true;
    return false;
}

bool all_circulant(const EffectiveLayer& layer) {
    return some_axis_is_periodic(layer) && std::ranges::all_of(layer.axes, is_circulant);
}

// Half-symmetric, s = 1, m = n, and as far to the left as to the right: what the DCT-II wants, but for the weights.
bool is_cosine_axis(const Axis& axis) {
    return axis.boundary == Boundary::half_symmetric && axis.stride == 1 && axis.output == axis.input &&
           2 * axis.padding.begin == axis.effective_kernel() - 1;
}

// B[u, i] depends on i - u.
bool is_toeplitz(const Axis& axis) {
    return axis.input == 1 || axis.output == 1 ||
           (axis.stride == 1 && (axis.boundary == Boundary::zero || axis.boundary == Boundary::periodic));
}

std::string extents(const EffectiveLayer& layer, Index Axis::*extent) {
    Shape all;
    for (const Axis& axis : layer.axes) all.push_back(axis.*extent);
    return to_string(all);
}

std::string frequencies(const ConvGeometry& geometry) {
    return is_single_pair(geometry)
               ? concat(geometry.input_size(), geometry.groups() > 1 ? " eigenvalues a group" : " eigenvalues")
               : concat(geometry.input_size(), " blocks of ", geometry.out_channels_per_group(), " x ",
                        geometry.in_channels_per_group(), geometry.groups() > 1 ? " a group" : "");
}

std::string verb(const ConvGeometry& geometry) {
    return is_single_pair(geometry) ? "diagonalised by " : "block-diagonalised by ";
}

std::string list_of_axes(const EffectiveLayer& layer, bool (*chosen)(const Axis&)) {
    std::string list;
    for (std::size_t j = 0; j < layer.axes.size(); ++j)
        if (chosen(layer.axes[j])) list += concat(list.empty() ? "" : ", ", j);
    return list;
}

// Lower, upper or both: no tap that touches W lies after (before) the output it belongs to, in raster order.
struct Sides {
    bool lower = false, upper = false, strictly = false;
};

std::optional<Sides> triangles(const Described& layer) {
    const EffectiveLayer& e = layer.effective;
    const bool square = std::ranges::all_of(e.axes, [](const Axis& a) {
        return is_scalar(a) || (a.stride == 1 && a.output == a.input && a.boundary == Boundary::zero);
    });
    const Shape centre(e.least.size(), 0);
    const Sides sides = {e.most <= centre, e.least >= centre, e.most < centre || e.least > centre};
    if (!square || axes_of_several_positions(layer) == 0 || !(sides.lower || sides.upper)) return {};
    return sides;
}

std::string shape_of(const Sides& sides) {
    if (sides.lower && sides.upper) return "diagonal";
    return concat(sides.strictly ? "strictly " : "", sides.lower ? "lower" : "upper", " triangular");
}

std::string vector(const Shape& offset) {
    std::string text = "(";
    for (const Index entry : offset) text += concat(text.size() > 1 ? ", " : "", entry);
    return text + ")";
}

std::string offsets(const EffectiveLayer& layer) {
    return concat("zeros outside, stride 1, as many outputs as inputs (", extents(layer, &Axis::input),
                  "), and the weights read from ", vector(layer.least), " to ", vector(layer.most),
                  " beyond the output's own position, in raster order");
}

std::string band(const EffectiveLayer& layer) {
    std::string text;
    for (std::size_t j = 0; j < layer.axes.size(); ++j) {
        const Axis& a = layer.axes[j];
        if (a.boundary != Boundary::zero || a.stride != 1) return {};
        const Index first = -a.padding.begin;
        text += concat(", ", first, " <= i - u <= ", first + a.effective_kernel() - 1, " on axis ", j);
    }
    return "; nonzeros only where" + text.substr(1);
}

} // namespace

std::string with_blocks(const ConvGeometry& geometry, const std::string& name) {
    const Index groups = geometry.groups();
    if (is_single_pair(geometry)) return groups == 1 ? name : concat(name, " in each of ", groups, " groups");
    return concat(name, " with ", geometry.out_channels_per_group(), " x ", geometry.in_channels_per_group(), " blocks",
                  groups == 1 ? "" : concat(" in each of ", groups, " groups"));
}

// (I_O ⊗ F) W (I_C ⊗ F^H) is diagonal in each block.
MaybeFact circulant_fact(const Described& layer) {
    if (!all_circulant(layer.effective)) return {};
    const bool several = axes_of_several_positions(layer) > 1;
    return StructureFact{
        several ? StructureClass::bccb : StructureClass::circulant,
        with_blocks(layer.geometry, several ? "BCCB" : "circulant"),
        concat("on every axis (", extents(layer.effective, &Axis::input),
               ") outputs are as many as inputs, stride 1, and the boundary periodic or never met"),
        concat(verb(layer.geometry), "the DFT into ", frequencies(layer.geometry), "; applied and solved by FFT")};
}

MaybeFact strided_circulant_fact(const Described& layer) {
    const EffectiveLayer& e = layer.effective;
    if (all_circulant(e) || !some_axis_is_periodic(e) || !std::ranges::all_of(e.axes, is_circle)) return {};
    const ConvGeometry& g = layer.geometry;
    const std::string whole = axes_of_several_positions(layer) > 1 ? "BCCB" : "circulant";
    return StructureFact{
        StructureClass::strided_circulant, with_blocks(g, "rows of a " + whole),
        concat("on every axis the input extent is stride times output extent (", extents(e, &Axis::input), " for ",
               extents(e, &Axis::output), ") and the boundary periodic or never met: every s-th row of a ", whole),
        concat("the DFTs of inputs and outputs take it apart into ", g.output_size(), " blocks of ",
               g.out_channels_per_group(), " x ", g.in_channels_per_group() * (g.input_size() / g.output_size()),
               g.groups() > 1 ? " a group" : "", ", one a frequency of the output")};
}

MaybeFact toeplitz_plus_hankel_fact(const Described& layer) {
    const EffectiveLayer& e = layer.effective;
    bool found = false;
    for (std::size_t j = 0; j < e.axes.size(); ++j) {
        if (is_circulant(e.axes[j])) continue;
        if (!is_cosine_axis(e.axes[j]) || !layer.is_mirrored(static_cast<Index>(j))) return {};
        found = true;
    }
    if (!found) return {};
    const std::string cosine = list_of_axes(e, is_cosine_axis);
    const std::string periodic =
        list_of_axes(e, [](const Axis& a) { return a.boundary == Boundary::periodic && !is_scalar(a); });
    const std::string circles = periodic.empty() ? "" : concat(", periodic on axes ", periodic);
    return StructureFact{StructureClass::toeplitz_plus_hankel, with_blocks(layer.geometry, "Toeplitz-plus-Hankel"),
                         concat("half-sample symmetric with a kernel mirrored on axes ", cosine, circles,
                                ", stride 1, as many outputs as inputs (", extents(e, &Axis::input), ")"),
                         concat(verb(layer.geometry), "the DCT-II on axes ", cosine,
                                periodic.empty() ? "" : concat(" times the DFT on axes ", periodic), " into ",
                                frequencies(layer.geometry), "; applied and solved by fast transforms")};
}

MaybeFact triangular_fact(const Described& layer) {
    const auto sides = triangles(layer);
    if (!sides || !is_single_pair(layer.geometry)) return {};
    const std::string shape = shape_of(*sides);
    std::string buys =
        concat("solved by ", sides->lower ? "forward" : "backward", " substitution in nnz(W); det W = w^",
               layer.geometry.input_size(), ", w the weight of an output's own position");
    if (layer.geometry.groups() > 1) buys += ", multiplied over the groups";
    if (sides->strictly) buys = "det W = 0: W is nilpotent, every eigenvalue is 0";
    if (sides->lower && sides->upper) buys = "solved by a division";
    return StructureFact{StructureClass::triangular, shape, offsets(layer.effective), buys};
}

MaybeFact block_diagonal_fact(const Described& layer) {
    const ConvGeometry& g = layer.geometry;
    if (g.groups() == 1) return {};
    const Index rows = g.rows() / g.groups(), cols = g.cols() / g.groups();
    return StructureFact{
        StructureClass::block_diagonal, concat("block diagonal of ", g.groups(), " blocks"),
        concat(g.groups(), " groups: ", rows, " x ", cols, " blocks, channels first"),
        concat(g.groups(), " problems of their own: rank, singular values and solutions block by block")};
}

MaybeFact block_triangular_fact(const Described& layer) {
    const ConvGeometry& g = layer.geometry;
    const auto sides = triangles(layer);
    if (!sides || g.in_channels() != g.out_channels() || is_single_pair(g)) return {};
    return StructureFact{
        StructureClass::block_triangular,
        concat("block ", shape_of(*sides), " in ", g.out_channels(), " x ", g.in_channels(), " blocks"),
        concat("with channels last: ", offsets(layer.effective)),
        sides->strictly ? "det W = 0: W is nilpotent, every eigenvalue is 0"
                        : concat("solved block by block; |det W| = |det K[centre]|^", g.input_size(),
                                 g.groups() > 1 ? ", K[centre] of all groups on one diagonal" : "")};
}

MaybeFact toeplitz_fact(const Described& layer) {
    const EffectiveLayer& e = layer.effective;
    const Index several = axes_of_several_positions(layer);
    if (several == 0 || all_circulant(e) || !std::ranges::all_of(e.axes, is_toeplitz)) return {};
    std::string buys = "a piece of a circulant: applied by FFT in N log N";
    if (several == 1 && is_single_pair(layer.geometry) && layer.geometry.input_size() == layer.geometry.output_size())
        buys += "; solved in n^2 by Levinson's recursion where no leading minor is 0";
    return StructureFact{several == 1 ? StructureClass::toeplitz : StructureClass::bttb,
                         with_blocks(layer.geometry, several == 1 ? "Toeplitz" : "BTTB"),
                         concat("one output further is one input further on every axis (", extents(e, &Axis::input),
                                " to ", extents(e, &Axis::output), ")", band(e)),
                         buys};
}

} // namespace convmat::detail
