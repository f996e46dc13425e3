#include <convmat/matrix_free/conv_operator.hpp>

#include <array>
#include <complex>
#include <mutex>
#include <optional>

#if defined(_OPENMP)
#include <omp.h>
#endif

#include "correlation.hpp"
#include "engine.hpp"
#include "fold.hpp"
#include "instruction_set.hpp"
#include "row_product.hpp"

namespace convmat::matrix_free {
namespace {

// The real numbers a scalar is computed in; int64 as uint64, whose overflow is defined and gives the same bits.
template <class Scalar>
struct Computed {
    using Type = Scalar;
    static constexpr Index parts = 1;
};
template <>
struct Computed<std::int64_t> {
    using Type = std::uint64_t;
    static constexpr Index parts = 1;
};
template <class Part>
struct Computed<std::complex<Part>> {
    using Type = Part;
    static constexpr Index parts = 2;
};

const Tiles<float>& tiles_of(const KernelSet& set, float) { return set.of_float; }
const Tiles<double>& tiles_of(const KernelSet& set, double) { return set.of_double; }
const Tiles<std::uint64_t>& tiles_of(const KernelSet& set, std::uint64_t) { return set.of_uint64; }

constexpr bool is_backward(Map map) { return map == Map::transpose || map == Map::adjoint; }
constexpr bool is_conjugated(Map map) { return map == Map::adjoint || map == Map::conjugate; }
constexpr Map map_of(bool backward, bool conjugated) {
    if (backward) return conjugated ? Map::adjoint : Map::transpose;
    return conjugated ? Map::conjugate : Map::forward;
}

Index thread_count() {
#if defined(_OPENMP)
    return omp_in_parallel() != 0 ? 1 : omp_get_max_threads();
#else
    return 1;
#endif
}

constexpr Index folded_bytes = Index{32} << 20; // extended images that are folded at a time

} // namespace

template <ScalarType Scalar>
class SharedOperator {
  public:
    using Real = typename Computed<Scalar>::Type;
    static constexpr Index parts = Computed<Scalar>::parts;

    SharedOperator(const ConvGeometry& geometry, const Tensor<Scalar>& kernel)
        : geometry_(geometry),
          kernel_(kernel),
          finite_(all_finite(kernel.values())),
          fold_(geometry, parts),
          tiles_(tiles_of(kernels(), Real())) {
        require_shape(kernel, geometry.kernel_shape(), "ConvOperator: kernel");
    }

    const ConvGeometry& geometry() const { return geometry_; }

    void apply(Map map, const Scalar* x, Scalar* y, Index images, Index x_stride, Index y_stride) const {
        if (!finite_)
            return RowProduct<Scalar>(geometry_, kernel_, is_backward(map), is_conjugated(map))
                .apply(x, y, images, x_stride, y_stride);
        const Engine<Real>& engine = engine_of(map);
        const auto* const source = reinterpret_cast<const Real*>(x);
        auto* const dest = reinterpret_cast<Real*>(y);
        if (is_backward(map) && folds(geometry_))
            apply_folded(engine, source, dest, images, x_stride * parts, y_stride * parts);
        else
            engine.apply(source, dest, {images, thread_count(), x_stride * parts, y_stride * parts});
    }

  private:
    // Made when the map is first used.
    const Engine<Real>& engine_of(Map map) const {
        const bool conjugated = parts == 2 && is_conjugated(map);
        const auto at = static_cast<std::size_t>(map_of(is_backward(map), conjugated));
        std::call_once(made_[at], [&] {
            engines_[at].emplace(is_backward(map) ? backward_correlation(geometry_, parts)
                                                  : forward_correlation(geometry_, parts),
                                 reinterpret_cast<const Real*>(kernel_.data()), conjugated, tiles_);
        });
        return *engines_[at];
    }

    // Positions outside the input are computed like the others, then folded back in.
    void apply_folded(const Engine<Real>& engine, const Real* source, Real* dest, Index images, Index source_stride,
                      Index dest_stride) const {
        Index extended_channel = parts;
        for (const Axis& axis : geometry_.axes())
            extended_channel = checked_mul(extended_channel, axis.padded_input(), "ConvOperator: extended output");
        const Index extended_image =
            checked_mul(extended_channel, geometry_.in_channels(), "ConvOperator: extended output");
        const Index image_bytes = checked_mul(extended_image, Index{sizeof(Real)}, "ConvOperator: extended output");
        const Index at_a_time = std::clamp<Index>(folded_bytes / image_bytes, 1, images);
        std::vector<Real> extended = borrow(extended_image * at_a_time);
        const Index channels = geometry_.in_channels();
        for (Index first = 0; first < images; first += at_a_time) {
            const Index count = std::min(at_a_time, images - first);
            engine.apply(source + first * source_stride, extended.data(),
                         {count, thread_count(), source_stride, extended_image});
            const int threads = static_cast<int>(count * image_bytes > 1 << 18 ? thread_count() : 1);
#pragma omp parallel for num_threads(threads) if (threads > 1)
            for (Index i = 0; i < count * channels; ++i)
                fold_(extended.data() + i * extended_channel,
                      dest + (first + i / channels) * dest_stride + i % channels * geometry_.input_size() * parts);
        }
        const std::lock_guard lock(mutex_);
        idle_ = std::move(extended);
    }

    std::vector<Real> borrow(Index values) const {
        std::vector<Real> memory;
        {
            const std::lock_guard lock(mutex_);
            memory = std::move(idle_);
        }
        if (std::ssize(memory) < values) {
            require_memory(values * Index{sizeof(Real)}, "ConvOperator: extended output");
            memory.resize(static_cast<std::size_t>(values));
        }
        return memory;
    }

    ConvGeometry geometry_;
    Tensor<Scalar> kernel_;
    bool finite_; // all weights
    Fold<Real> fold_;
    const Tiles<Real>& tiles_;
    mutable std::array<std::once_flag, 4> made_;
    mutable std::array<std::optional<Engine<Real>>, 4> engines_;
    mutable std::mutex mutex_;
    mutable std::vector<Real> idle_;
};

} // namespace convmat::matrix_free

namespace convmat {

using matrix_free::Map;

template <ScalarType Scalar>
ConvOperator<Scalar>::ConvOperator(const ConvGeometry& geometry, const Tensor<Scalar>& kernel)
    : shared_(std::make_shared<const matrix_free::SharedOperator<Scalar>>(geometry, kernel)) {}

template <ScalarType Scalar>
Index ConvOperator<Scalar>::rows() const {
    return matrix_free::is_backward(map_) ? geometry().cols() : geometry().rows();
}

template <ScalarType Scalar>
Index ConvOperator<Scalar>::cols() const {
    return matrix_free::is_backward(map_) ? geometry().rows() : geometry().cols();
}

template <ScalarType Scalar>
const ConvGeometry& ConvOperator<Scalar>::geometry() const {
    return shared_->geometry();
}

template <ScalarType Scalar>
ConvOperator<Scalar> ConvOperator<Scalar>::transpose() const {
    return {shared_, matrix_free::map_of(!matrix_free::is_backward(map_), matrix_free::is_conjugated(map_))};
}

template <ScalarType Scalar>
ConvOperator<Scalar> ConvOperator<Scalar>::adjoint() const {
    return {shared_, matrix_free::map_of(!matrix_free::is_backward(map_), !matrix_free::is_conjugated(map_))};
}

template <ScalarType Scalar>
ConvOperator<Scalar> ConvOperator<Scalar>::conjugate() const {
    return {shared_, matrix_free::map_of(matrix_free::is_backward(map_), !matrix_free::is_conjugated(map_))};
}

template <ScalarType Scalar>
void ConvOperator<Scalar>::apply(const Scalar* x, Scalar* y, Index images, Index x_stride, Index y_stride) const {
    if (images < 0)
        throw ShapeError({.parameter = "images",
                          .value = concat(images),
                          .expected = "at least 0",
                          .found = concat("ConvOperator: ", images, " images")});
    if (x_stride == 0) x_stride = cols();
    if (y_stride == 0) y_stride = rows();
    if (x_stride < cols() || y_stride < rows())
        throw ShapeError({.parameter = x_stride < cols() ? "x_stride" : "y_stride",
                          .value = concat(x_stride < cols() ? x_stride : y_stride),
                          .expected = "at least their size",
                          .found = concat("ConvOperator: images of ", cols(), " and ", rows(), " values are ", x_stride,
                                          " and ", y_stride, " apart")});
    if (images > 0) shared_->apply(map_, x, y, images, x_stride, y_stride);
}

template class ConvOperator<float>;
template class ConvOperator<double>;
template class ConvOperator<std::complex<float>>;
template class ConvOperator<std::complex<double>>;
template class ConvOperator<std::int64_t>;

} // namespace convmat
