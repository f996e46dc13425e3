#include <convmat/structure/classes.hpp>

#include <algorithm>
#include <complex>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include <convmat/base/scalars.hpp>
#include <convmat/structure/mirrored.hpp>

#include "facts.hpp"

namespace convmat {
namespace {

using namespace detail;

template <ScalarType Scalar>
double tolerance_of(const StructureOptions& options) {
    if (options.tolerance) return *options.tolerance;
    return 512 * static_cast<double>(std::numeric_limits<RealOf<Scalar>>::epsilon()); // of integers 0
}

// On the taps of axis j that W shows.
template <ScalarType Scalar>
bool mirrored(const EffectiveLayer& layer, const Tensor<Scalar>& kernel, std::size_t j) {
    return is_mirrored(kernel, j + 2, layer.first_tap[j], layer.first_tap[j] + layer.axes[j].kernel - 1);
}

// Products of one array a part hold of every kernel where no more than one part has several weights.
Separability separability_of_every_kernel(const ConvGeometry& geometry, Index pairs_of_channels) {
    Separability found;
    found.parts = {pairs_of_channels == 1};
    for (const Axis& axis : geometry.axes()) found.parts.push_back(axis.kernel == 1);
    if (std::ranges::count(found.parts, false) > 1) return found;
    found.parts.assign(found.parts.size(), true); // against parts of one weight, the one with several
    found.all = true;
    found.residual = 0;
    return found;
}

void add(Structure& structure, MaybeFact fact) {
    if (fact) structure.facts.push_back(std::move(*fact));
}

void record(Structure& structure, const Separability& found) {
    structure.separable_channels = found.parts.front();
    for (std::size_t part = 1; part < found.parts.size(); ++part)
        if (found.parts[part]) structure.separable_axes.push_back(static_cast<Index>(part) - 1);
    structure.separability_residual = found.residual;
}

void finish(Structure& structure, const Described& layer) {
    if (structure.facts.empty())
        structure.facts.push_back({StructureClass::none, "none",
                                   layer.effective.is_zero
                                       ? "no weight touches it: W = 0"
                                       : "no circulant, Toeplitz, triangular, block or Kronecker structure was found, "
                                         "which would make W cheaper to apply or to solve with",
                                   ""});
    std::ranges::stable_sort(structure.facts, {}, &StructureFact::kind);
}

void add_facts_of_axes(Structure& structure, const Described& layer) {
    add(structure, circulant_fact(layer));
    add(structure, strided_circulant_fact(layer));
    add(structure, toeplitz_plus_hankel_fact(layer));
    add(structure, triangular_fact(layer));
    add(structure, block_diagonal_fact(layer));
    add(structure, block_triangular_fact(layer));
    add(structure, toeplitz_fact(layer));
}

template <ScalarType Scalar>
bool separates_in_every_group(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, double tolerance) {
    if (geometry.groups() == 1) return false;
    for (Index group = 0; group < geometry.groups(); ++group)
        if (!separability(geometry, kernel, tolerance, group).all) return false;
    return true;
}

template <ScalarType Scalar>
void add_facts_of_weights(Structure& structure, const Described& layer, const Tensor<Scalar>& kernel,
                          double tolerance) {
    const ConvGeometry& g = layer.geometry;
    if (is_permutation(g, kernel))
        add(structure, permutation_fact(layer));
    else if (windows_apart(layer.effective))
        add(structure, tiling_fact(layer, orthonormal_sides(g, layer.effective, kernel, tolerance)));
    const Separability whole = separability(g, kernel, tolerance);
    record(structure, whole);
    structure.kronecker_terms = whole.all ? 1 : rank_on_two_axes(g, kernel, tolerance);
    add(structure, kronecker_fact(layer, whole, !whole.all && separates_in_every_group(g, kernel, tolerance)));
    add(structure, sum_fact(layer, structure.kronecker_terms));
}

} // namespace

std::string_view to_string(StructureClass kind) {
    switch (kind) {
    case StructureClass::permutation:
        return "permutation";
    case StructureClass::orthogonal_tiling:
        return "orthogonal_tiling";
    case StructureClass::circulant:
        return "circulant";
    case StructureClass::bccb:
        return "bccb";
    case StructureClass::strided_circulant:
        return "strided_circulant";
    case StructureClass::toeplitz_plus_hankel:
        return "toeplitz_plus_hankel";
    case StructureClass::kronecker:
        return "kronecker";
    case StructureClass::triangular:
        return "triangular";
    case StructureClass::block_diagonal:
        return "block_diagonal";
    case StructureClass::block_triangular:
        return "block_triangular";
    case StructureClass::toeplitz:
        return "toeplitz";
    case StructureClass::bttb:
        return "bttb";
    case StructureClass::sum_of_kroneckers:
        return "sum_of_kroneckers";
    case StructureClass::none:
        return "none";
    }
    throw ArgumentError({.parameter = "kind",
                         .value = concat(static_cast<int>(kind)),
                         .expected = "a StructureClass",
                         .sentence = concat("to_string: ", static_cast<int>(kind), " is no StructureClass")});
}

std::string to_text(const StructureFact& fact) {
    return concat(fact.name, ": ", fact.reason, fact.buys.empty() ? "" : "; ", fact.buys);
}

bool Structure::is(StructureClass kind) const {
    return std::ranges::find(facts, kind, &StructureFact::kind) != facts.end();
}

template <ScalarType Scalar>
Structure structure_of(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, const StructureOptions& options) {
    require_shape(kernel, geometry.kernel_shape(), "structure_of: kernel");
    Described layer{geometry, effective_layer(geometry, kernel)};
    layer.is_mirrored = [&](Index j) { return mirrored(layer.effective, kernel, static_cast<std::size_t>(j)); };
    Structure structure;
    if (!layer.effective.is_zero) {
        add_facts_of_axes(structure, layer);
        add_facts_of_weights(structure, layer, kernel, tolerance_of<Scalar>(options));
    }
    finish(structure, layer);
    return structure;
}

Structure structure_of(const ConvGeometry& geometry) {
    const Described layer{geometry, effective_layer(geometry)};
    Structure structure;
    if (!layer.effective.is_zero) {
        add_facts_of_axes(structure, layer);
        const Index pairs = geometry.out_channels() * geometry.in_channels_per_group();
        const Separability whole = separability_of_every_kernel(geometry, pairs);
        const Index of_group = pairs / geometry.groups();
        const bool in_every_group = separability_of_every_kernel(geometry, of_group).all && geometry.groups() > 1;
        record(structure, whole);
        if (whole.all) structure.kronecker_terms = 1;
        add(structure, kronecker_fact(layer, whole, in_every_group));
    }
    finish(structure, layer);
    return structure;
}

template Structure structure_of(const ConvGeometry&, const Tensor<float>&, const StructureOptions&);
template Structure structure_of(const ConvGeometry&, const Tensor<double>&, const StructureOptions&);
template Structure structure_of(const ConvGeometry&, const Tensor<std::complex<float>>&, const StructureOptions&);
template Structure structure_of(const ConvGeometry&, const Tensor<std::complex<double>>&, const StructureOptions&);
template Structure structure_of(const ConvGeometry&, const Tensor<std::int64_t>&, const StructureOptions&);

} // namespace convmat
