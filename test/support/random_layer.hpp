#pragma once

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>

namespace convmat::test {

/// One of how many random layers is drawn: all, unless CONVMAT_TEST_SHARE says so for a build that runs far slower.
inline int one_in() {
    const char* const text = std::getenv("CONVMAT_TEST_SHARE"); // NOLINT(concurrency-mt-unsafe)
    return text == nullptr ? 1 : std::max(1, std::atoi(text));
}

/// How many of `all` random layers a test draws; at least 16, which meet every boundary, and every rank four times.
inline int share(int all) { return std::max(std::min(all, 16), all / one_in()); }

/// What must be found among share(all) layers, where `least` must be among all of them.
inline int share_of_found(int least) { return std::max(1, least / one_in()); }

/// Small random layers, the same for the same seed: every boundary (one an axis), groups, stride, dilation, asymmetric,
/// negative and over-wide padding, extents down to 1, kernels larger than the input, and every eighth one described as
/// a transposed layer.
class RandomLayers {
  public:
    explicit RandomLayers(unsigned seed) : random_(seed) {}

    ConvGeometry geometry(Index rank) {
        for (;;)
            if (const auto found = between(0, 7) == 0 ? try_transposed(rank) : try_forward(rank)) return *found;
    }

    /// Integers from -9 to 9, which every scalar holds exactly; complex ones have both parts.
    template <ScalarType Scalar>
    Tensor<Scalar> integers(const Shape& shape) {
        Tensor<Scalar> tensor(shape);
        for (Scalar& value : tensor.values()) value = integer<Scalar>();
        return tensor;
    }

    Index between(Index least, Index most) { return std::uniform_int_distribution<Index>(least, most)(random_); }

  private:
    template <class Scalar>
    Scalar integer() {
        if constexpr (requires(Scalar s) { s.imag(); })
            return {integer<typename Scalar::value_type>(), integer<typename Scalar::value_type>()};
        else
            return static_cast<Scalar>(between(-9, 9));
    }

    Index extent(Index rank) {
        return between(0, 4) == 0 ? 1 : between(1, rank == 1 ? 40 : rank == 2 ? 12 : rank == 3 ? 6 : 4);
    }

    // What both kinds of layer have; padding may crop, and may be wider than the input.
    template <class Spec>
    Spec common(Index rank) {
        Spec spec;
        spec.groups = between(0, 2) == 0 ? between(2, 3) : 1;
        spec.in_channels = spec.groups * between(1, rank < 3 ? 3 : 2);
        spec.out_channels = spec.groups * between(1, 2);
        for (Index j = 0; j < rank; ++j) {
            spec.input.push_back(extent(rank));
            spec.kernel.push_back(between(1, rank < 3 ? 5 : 3));
            spec.stride.push_back(between(0, 1) == 0 ? 1 : between(1, 4));
            spec.dilation.push_back(between(0, 1) == 0 ? 1 : between(1, 3));
            spec.boundary.push_back(all_boundaries[static_cast<std::size_t>(between(0, 5))]);
            const Index wide = between(0, 5) == 0 ? 2 * spec.input.back() + 3 : 3;
            spec.padding.push_back({between(-2, wide), between(-2, wide)});
        }
        return spec;
    }

    std::optional<ConvGeometry> try_forward(Index rank) {
        try {
            return ConvGeometry(common<ConvSpec>(rank));
        } catch (const GeometryError&) {
            return std::nullopt; // the kernel did not fit: draw again
        }
    }

    std::optional<ConvGeometry> try_transposed(Index rank) {
        auto spec = common<TransposedSpec>(rank);
        for (std::size_t j = 0; j < spec.input.size(); ++j)
            spec.output_padding.push_back(between(0, std::max(spec.stride[j], spec.dilation[j]) - 1));
        try {
            return ConvGeometry::from_transposed(spec);
        } catch (const GeometryError&) {
            return std::nullopt;
        }
    }

    std::mt19937_64 random_;
};

/// The numbers of a geometry on one line, for the message of a failing test.
inline std::string describe(const ConvGeometry& geometry) {
    std::string text =
        concat("channels ", geometry.in_channels(), "->", geometry.out_channels(), " groups ", geometry.groups());
    for (const Axis& axis : geometry.axes())
        text += concat(" | n=", axis.input, " k=", axis.kernel, " m=", axis.output, " s=", axis.stride,
                       " d=", axis.dilation, " p=", axis.padding.begin, ":", axis.padding.end, " ",
                       to_string(axis.boundary));
    return text;
}

} // namespace convmat::test
