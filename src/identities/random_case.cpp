#include <convmat/base/rearrange.hpp>
#include <convmat/identities/random_case.hpp>

#include <algorithm>
#include <array>
#include <random>
#include <stdexcept>

#include <convmat/base/random.hpp>
#include <convmat/geometry/padding.hpp>
#include <convmat/structure/kernels.hpp>

namespace convmat::identities {
namespace {

class CaseMaker {
  public:
    CaseMaker(Index rank, std::uint64_t seed)
        : rank_(rank),
          seed_(seed),
          random_(seed * 8 + static_cast<unsigned>(rank)) {}

    IdentityCase<std::int64_t> make() {
        using Kind = IdentityCase<std::int64_t> (CaseMaker::*)();
        constexpr std::array<Kind, 20> kinds = {
            &CaseMaker::anything,    &CaseMaker::valid,        &CaseMaker::same,       &CaseMaker::periodic,
            &CaseMaker::full,        &CaseMaker::tiling,       &CaseMaker::mirrored,   &CaseMaker::separable,
            &CaseMaker::causal,      &CaseMaker::pointwise,    &CaseMaker::transposed, &CaseMaker::periodic_strided,
            &CaseMaker::delta,       &CaseMaker::single_valid, &CaseMaker::odd_mirror, &CaseMaker::depthwise,
            &CaseMaker::single_same, &CaseMaker::single_full,  &CaseMaker::one_stride, &CaseMaker::single_periodic};
        const std::uint64_t number = seed_ - 1 + 10 * static_cast<std::uint64_t>(rank_ - 1);
        for (;;) try {
                return (this->*kinds[number % kinds.size()])();
            } catch (const GeometryError&) { // the kernel did not fit: draw again
            }
    }

  private:
    Index between(Index least, Index most) {
        return least + static_cast<Index>(random_() % static_cast<std::uint64_t>(most - least + 1));
    }

    bool one_in(Index many) { return between(1, many) == 1; }

    Index largest_extent() const { return std::array<Index, 4>{16, 7, 4, 3}[static_cast<std::size_t>(rank_ - 1)]; }
    Index largest_kernel() const { return rank_ <= 2 ? 4 : 2 + rank_ % 2; }

    template <class Spec>
    Spec channels(Index groups = 1) {
        Spec spec;
        spec.groups = groups;
        spec.in_channels = groups * between(1, 2);
        spec.out_channels = groups * between(1, rank_ < 3 ? 3 : 2);
        return spec;
    }

    // An axis at a time: extents that hold a kernel of `kernel` taps.
    void add_axis(ConvSpec& spec, Index kernel, Index stride, Index dilation) {
        const Index reach = dilation * (kernel - 1) + 1;
        spec.input.push_back(reach + between(0, std::max<Index>(largest_extent() - reach, 1)));
        spec.kernel.push_back(kernel);
        spec.stride.push_back(stride);
        spec.dilation.push_back(dilation);
    }

    void add_axes(ConvSpec& spec, Index largest_stride, Index largest_dilation) {
        for (Index j = 0; j < rank_; ++j)
            add_axis(spec, between(1, largest_kernel()), between(1, largest_stride), between(1, largest_dilation));
    }

    Index odd_kernel() { return rank_ <= 2 && one_in(3) ? 5 : one_in(4) ? 1 : 3; }

    IdentityCase<std::int64_t> filled(const ConvGeometry& geometry) {
        return {geometry, random_integers(geometry.kernel_shape(), seed_ * 10 + 1),
                random_integers(geometry.input_shape(), seed_ * 10 + 2),
                random_integers(geometry.output_shape(), seed_ * 10 + 3), seed_};
    }

    IdentityCase<std::int64_t> filled(const ConvSpec& spec) { return filled(ConvGeometry(spec)); }

    // Every parameter on its own, within what one layer may have.
    template <class Spec>
    Spec mixture() {
        auto spec = channels<Spec>(one_in(3) ? 2 : 1);
        for (Index j = 0; j < rank_; ++j) {
            spec.input.push_back(between(1, largest_extent()));
            spec.kernel.push_back(between(1, largest_kernel()));
            spec.stride.push_back(one_in(2) ? 1 : between(1, 3));
            spec.dilation.push_back(one_in(2) ? 1 : between(1, 3));
            spec.boundary.push_back(all_boundaries[static_cast<std::size_t>(between(0, 5))]);
            const Index wide = one_in(6) ? spec.input.back() + 3 : 3;
            spec.padding.push_back({between(-1, wide), between(-1, wide)});
        }
        return spec;
    }

    IdentityCase<std::int64_t> anything() { return filled(mixture<ConvSpec>()); }

    IdentityCase<std::int64_t> transposed() {
        auto spec = mixture<TransposedSpec>();
        if (one_in(2)) spec.boundary.clear();
        for (std::size_t j = 0; j < spec.input.size(); ++j) {
            spec.input[j] = between(1, std::min<Index>(spec.input[j], 4));
            spec.output_padding.push_back(between(0, std::max(spec.stride[j], spec.dilation[j]) - 1));
        }
        return filled(ConvGeometry::from_transposed(spec));
    }

    IdentityCase<std::int64_t> valid() {
        auto spec = channels<ConvSpec>();
        add_axes(spec, 1, 1);
        return filled(spec);
    }

    // Stride 2 on every axis, two outputs each, and more positions without the stride.
    IdentityCase<std::int64_t> one_stride() {
        ConvSpec spec;
        for (Index j = 0; j < rank_; ++j) {
            spec.kernel.push_back(between(1, 2));
            spec.input.push_back(spec.kernel.back() + between(2, 3));
        }
        spec.stride = {2};
        return filled(spec);
    }

    IdentityCase<std::int64_t> single_valid() {
        ConvSpec spec;
        add_axes(spec, 3, 2);
        return filled(spec);
    }

    ConvSpec centred_spec(ConvSpec spec, Index largest_dilation = 2) {
        for (Index j = 0; j < rank_; ++j) add_axis(spec, odd_kernel(), 1, between(1, rank_ < 3 ? largest_dilation : 1));
        spec.padding = same_padding(spec);
        return spec;
    }

    IdentityCase<std::int64_t> same() { return filled(centred_spec(channels<ConvSpec>())); }
    IdentityCase<std::int64_t> single_same() { return filled(centred_spec({}, 1)); }

    IdentityCase<std::int64_t> full_of(ConvSpec spec) {
        add_axes(spec, 1, 2);
        spec.padding = full_padding(spec);
        return filled(spec);
    }

    IdentityCase<std::int64_t> full() { return full_of(channels<ConvSpec>()); }
    IdentityCase<std::int64_t> single_full() { return full_of({}); }

    // Output as large as the input, wherever the padding puts the kernel.
    IdentityCase<std::int64_t> periodic_of(ConvSpec spec) {
        add_axes(spec, 1, 1);
        for (const Index k : spec.kernel) {
            const Index begin = between(0, k - 1);
            spec.padding.push_back({begin, k - 1 - begin});
        }
        spec.boundary = {Boundary::periodic};
        return filled(spec);
    }

    IdentityCase<std::int64_t> periodic() {
        ConvSpec spec;
        spec.in_channels = spec.out_channels = 2;
        return periodic_of(spec);
    }

    IdentityCase<std::int64_t> single_periodic() { return periodic_of({}); }

    IdentityCase<std::int64_t> periodic_strided() {
        auto spec = channels<ConvSpec>();
        for (Index j = 0; j < rank_; ++j) {
            const Index kernel = between(1, largest_kernel()), stride = between(j == 0 ? 2 : 1, rank_ < 3 ? 3 : 2);
            add_axis(spec, kernel, stride, 1);
            const Index periods = std::max<Index>(1, (spec.input.back() + stride - 1) / stride);
            spec.input.back() = stride * periods;
            const Index all = stride * (periods - 1) + kernel - spec.input.back();
            const Index begin = all > 0 ? between(0, all) : 0;
            spec.padding.push_back({begin, all - begin});
        }
        spec.boundary = {Boundary::periodic};
        return filled(spec);
    }

    // One channel, a kernel that is its own mirror image on every axis.
    IdentityCase<std::int64_t> flip_invariant(Boundary boundary) {
        ConvSpec spec = centred_spec({}, 1);
        spec.boundary = {boundary};
        auto c = filled(spec);
        for (Index axis = 0; axis < rank_; ++axis) {
            Shape order; // the axis to be reversed last, and back
            for (Index j = 0; j < rank_ + 2; ++j)
                if (j != axis + 2) order.push_back(j);
            order.push_back(axis + 2);
            Shape back(order.size());
            for (std::size_t j = 0; j < order.size(); ++j)
                back[static_cast<std::size_t>(order[j])] = static_cast<Index>(j);
            const auto mirrored = permute_axes(flip_axes(permute_axes(c.kernel, order), rank_ + 1), back);
            for (Index i = 0; i < c.kernel.size(); ++i) c.kernel[i] += mirrored[i];
        }
        return c;
    }

    IdentityCase<std::int64_t> mirrored() { return flip_invariant(Boundary::half_symmetric); }
    IdentityCase<std::int64_t> odd_mirror() { return flip_invariant(Boundary::antireflective); }

    // Patches side by side; an orthonormal kernel half of the time.
    IdentityCase<std::int64_t> tiling() {
        ConvSpec spec;
        const bool orthonormal = one_in(2);
        if (!orthonormal) spec = channels<ConvSpec>();
        for (Index j = 0; j < rank_; ++j) {
            const Index kernel = between(1, largest_kernel());
            add_axis(spec, kernel, kernel, 1);
            spec.input.back() = kernel * between(1, std::max<Index>(1, largest_extent() / kernel));
        }
        auto c = filled(spec);
        if (orthonormal)
            for (Index i = 0; i < c.kernel.size(); ++i) c.kernel[i] = i == 0 ? 1 : 0;
        return c;
    }

    IdentityCase<std::int64_t> causal() {
        ConvSpec spec;
        add_axes(spec, 1, rank_ < 3 ? 2 : 1);
        for (std::size_t j = 0; j < spec.kernel.size(); ++j)
            spec.padding.push_back({spec.dilation[j] * (spec.kernel[j] - 1), 0});
        auto c = filled(spec);
        c.kernel[c.kernel.size() - 1] = one_in(2) ? 1 : -1;
        return c;
    }

    IdentityCase<std::int64_t> separable() {
        auto spec = mixture<ConvSpec>();
        spec.groups = spec.in_channels = spec.out_channels = 1;
        auto c = filled(spec);
        std::ranges::fill(c.kernel.values(), 1);
        for (Index axis = 0; axis < rank_; ++axis) {
            const auto factors = random_integers({spec.kernel[static_cast<std::size_t>(axis)]},
                                                 seed_ * 10 + 4 + static_cast<std::uint64_t>(axis));
            Index at = 0;
            for_each_position(spec.kernel,
                              [&](const Shape& t) { c.kernel[at++] *= factors[t[static_cast<std::size_t>(axis)]]; });
        }
        return c;
    }

    IdentityCase<std::int64_t> pointwise() {
        auto spec = channels<ConvSpec>();
        for (Index j = 0; j < rank_; ++j) add_axis(spec, 1, 1, 1);
        return filled(spec);
    }

    IdentityCase<std::int64_t> delta() {
        ConvSpec spec;
        add_axes(spec, 1, 1);
        for (const Index k : spec.kernel) spec.padding.push_back({between(-1, k - 1), between(0, k - 1)});
        auto c = filled(spec);
        const Index one = between(0, c.kernel.size() - 1);
        for (Index i = 0; i < c.kernel.size(); ++i) c.kernel[i] = i == one ? 1 : 0;
        return c;
    }

    IdentityCase<std::int64_t> depthwise() {
        auto spec = mixture<ConvSpec>();
        spec.groups = spec.in_channels = spec.out_channels = 2;
        if (one_in(2)) spec.boundary = {Boundary::zero};
        return filled(spec);
    }

    Index rank_;
    std::uint64_t seed_;
    std::mt19937_64 random_;
};

} // namespace

IdentityCase<std::int64_t> random_case(Index rank, std::uint64_t seed) {
    if (rank < 1 || rank > 4)
        throw ArgumentError({.parameter = "rank",
                             .value = concat(rank),
                             .expected = "1 to 4",
                             .found = concat("random_case: rank ", rank)});
    return CaseMaker(rank, seed).make();
}

} // namespace convmat::identities
