#include "transforms.hpp"

#include <cmath>
#include <type_traits>

#include <fftw3.h>

#include <convmat/base/rearrange.hpp>

#include "../numerics/fftw_plan.hpp"

namespace convmat::solve {
namespace {

using numerics::FftwPlan;

std::vector<fftw_iodim64> dimensions(const Shape& in, const Shape& out, const std::vector<std::size_t>& axes,
                                     bool those) {
    const Shape in_steps = detail::steps_of(in), out_steps = detail::steps_of(out);
    std::vector<fftw_iodim64> list;
    for (std::size_t j = 0; j < in.size(); ++j)
        if ((std::ranges::find(axes, j) != axes.end()) == those)
            list.push_back({std::max(in[j], out[j]), in_steps[j], out_steps[j]});
    return list;
}

int count_of(const std::vector<fftw_iodim64>& list) { return static_cast<int>(list.size()); }

fftw_complex* as_fftw(Complex* values) { return reinterpret_cast<fftw_complex*>(values); }

// What FFTW's output is multiplied by on an axis, at frequency 0 and at the others, to be unitary; its input on the way
// back.
struct Scale {
    double first;
    double others;
};

Scale forward_scale(AxisTransform kind, Index n) {
    const auto extent = static_cast<double>(n);
    if (kind == AxisTransform::sine) return {1 / std::sqrt(2 * (extent + 1)), 1 / std::sqrt(2 * (extent + 1))};
    return {1 / std::sqrt(4 * extent), 1 / std::sqrt(2 * extent)};
}

Scale inverse_scale(AxisTransform kind, Index n) {
    const auto extent = static_cast<double>(n);
    if (kind == AxisTransform::sine) return forward_scale(kind, n);
    return {1 / std::sqrt(extent), 1 / std::sqrt(2 * extent)};
}

void scale_axis(double* values, Index outer, Index n, Index inner, Scale scale) {
    for (Index a = 0; a < outer; ++a)
        for (Index f = 0; f < n; ++f, values += inner) {
            const double factor = f == 0 ? scale.first : scale.others;
            for (Index i = 0; i < inner; ++i) values[i] *= factor;
        }
}

fftw_r2r_kind kind_of(AxisTransform kind, bool inverse) {
    if (kind == AxisTransform::sine) return FFTW_RODFT00;
    return inverse ? FFTW_REDFT01 : FFTW_REDFT10;
}

void transform_axis(double* values, Index outer, Index n, Index inner, fftw_r2r_kind kind) {
    const fftw_iodim64 along{n, inner, inner};
    const fftw_iodim64 batch[2] = {{outer, n * inner, n * inner}, {inner, 1, 1}};
    FftwPlan([&] { return fftw_plan_guru64_r2r(1, &along, 2, batch, values, values, &kind, FFTW_ESTIMATE); }).execute();
}

} // namespace

Transforms::Transforms(Shape shape, std::vector<AxisTransform> kinds, Kept kept)
    : shape_(std::move(shape)),
      frequencies_(shape_),
      kinds_(std::move(kinds)),
      kept_(kept) {
    for (std::size_t j = 0; j < kinds_.size(); ++j)
        if (kinds_[j] == AxisTransform::fourier) fourier_.push_back(j + 1);
    if (kept_ == Kept::half && !fourier_.empty()) {
        Index& last = frequencies_[fourier_.back()];
        last = last / 2 + 1;
    }
}

double Transforms::fourier_scale() const {
    double positions = 1;
    for (const std::size_t j : fourier_) positions *= static_cast<double>(shape_[j]);
    return 1 / std::sqrt(positions);
}

// The cosine and sine transforms, in place; complex values as pairs of real ones.
template <class S>
void Transforms::real_transforms(S* values, bool inverse) const {
    auto* numbers = reinterpret_cast<double*>(values);
    Index inner = sizeof(S) / sizeof(double), outer = checked_product(shape_, "transforms");
    for (std::size_t j = kinds_.size(); j-- > 0; inner *= shape_[j + 1]) {
        const Index n = shape_[j + 1];
        outer /= n;
        if (kinds_[j] != AxisTransform::cosine && kinds_[j] != AxisTransform::sine) continue;
        if (inverse) scale_axis(numbers, outer, n, inner, inverse_scale(kinds_[j], n));
        transform_axis(numbers, outer, n, inner, kind_of(kinds_[j], inverse));
        if (!inverse) scale_axis(numbers, outer, n, inner, forward_scale(kinds_[j], n));
    }
}

template <class S>
Tensor<Complex> Transforms::forward(const S* values) const {
    const Index size = checked_product(shape_, "transforms");
    std::vector<S> copy; // fresh memory is slow: only where it is needed
    if (std::ssize(fourier_) < std::ssize(kinds_)) {
        copy.assign(values, values + size);
        real_transforms(copy.data(), false);
        values = copy.data();
    }
    Tensor<Complex> spectrum(frequencies_);
    if (kept_ == Kept::half && !fourier_.empty()) {
        if constexpr (std::is_same_v<S, double>) {
            const auto halved = dimensions(shape_, frequencies_, fourier_, true);
            const auto batch = dimensions(shape_, frequencies_, fourier_, false);
            FftwPlan([&] {
                return fftw_plan_guru64_dft_r2c(count_of(halved), halved.data(), count_of(batch), batch.data(),
                                                const_cast<double*>(values), // left as they are
                                                as_fftw(spectrum.data()), FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
            }).execute();
        }
    } else {
        std::copy_n(values, size, spectrum.data());
        const auto along = dimensions(shape_, shape_, fourier_, true);
        const auto batch = dimensions(shape_, shape_, fourier_, false);
        if (!along.empty())
            FftwPlan([&] {
                return fftw_plan_guru64_dft(count_of(along), along.data(), count_of(batch), batch.data(),
                                            as_fftw(spectrum.data()), as_fftw(spectrum.data()), FFTW_FORWARD,
                                            FFTW_ESTIMATE);
            }).execute();
    }
    if (!fourier_.empty()) spectrum.vec() *= fourier_scale();
    return spectrum;
}

template <class S>
void Transforms::inverse(Tensor<Complex> spectrum, S* values) const {
    if (!fourier_.empty()) spectrum.vec() *= fourier_scale();
    if (kept_ == Kept::half && !fourier_.empty()) {
        if constexpr (std::is_same_v<S, double>) {
            const auto halved = dimensions(frequencies_, shape_, fourier_, true);
            const auto batch = dimensions(frequencies_, shape_, fourier_, false);
            FftwPlan([&] {
                return fftw_plan_guru64_dft_c2r(count_of(halved), halved.data(), count_of(batch), batch.data(),
                                                as_fftw(spectrum.data()), values, FFTW_ESTIMATE);
            }).execute();
        }
    } else {
        const auto along = dimensions(shape_, shape_, fourier_, true);
        const auto batch = dimensions(shape_, shape_, fourier_, false);
        if (!along.empty())
            FftwPlan([&] {
                return fftw_plan_guru64_dft(count_of(along), along.data(), count_of(batch), batch.data(),
                                            as_fftw(spectrum.data()), as_fftw(spectrum.data()), FFTW_BACKWARD,
                                            FFTW_ESTIMATE);
            }).execute();
        for (Index i = 0; i < spectrum.size(); ++i) {
            if constexpr (std::is_same_v<S, double>)
                values[i] = spectrum[i].real();
            else
                values[i] = spectrum[i];
        }
    }
    real_transforms(values, true);
}

template Tensor<Complex> Transforms::forward(const double*) const;
template Tensor<Complex> Transforms::forward(const Complex*) const;
template void Transforms::inverse(Tensor<Complex>, double*) const;
template void Transforms::inverse(Tensor<Complex>, Complex*) const;

} // namespace convmat::solve
