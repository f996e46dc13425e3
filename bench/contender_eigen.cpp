// Eigen: its Tensor module's convolution, and the usual im2col followed by a matrix product.
#include <Eigen/Core>
#include <unsupported/Eigen/CXX11/Tensor>

#include "contender.hpp"

namespace convmat::bench {
namespace {

constexpr Index most_multiplications = 300'000'000; // of a Tensor::convolve that is measured

// Y[o] = convolve(pad(X), K[o]) over channels and both spatial axes at once.
template <class Scalar>
class TensorConvolution : public Contender<Scalar> {
  public:
    TensorConvolution(const ConvGeometry& geometry, const Tensor<Scalar>& kernel)
        : geometry_(geometry),
          kernel_(kernel) {}

    void apply(const Scalar* x, Scalar* y) override {
        const Axis& a = geometry_.axis(0);
        const Axis& b = geometry_.axis(1);
        const Index in = geometry_.in_channels();
        const Eigen::TensorMap<const Eigen::Tensor<Scalar, 3, Eigen::RowMajor>> input(x, in, a.input, b.input);
        using Pads = std::pair<Index, Index>;
        const Eigen::array<Pads, 3> pads = {Pads{0, 0}, Pads{a.padding.begin, a.padding.end},
                                            Pads{b.padding.begin, b.padding.end}};
        const Eigen::Tensor<Scalar, 3, Eigen::RowMajor> padded = input.pad(pads);
        const Eigen::array<Index, 3> axes = {0, 1, 2};
        const Index weights = in * a.kernel * b.kernel;
        for (Index o = 0; o < geometry_.out_channels(); ++o) {
            const Eigen::TensorMap<const Eigen::Tensor<Scalar, 3, Eigen::RowMajor>> k(kernel_.data() + o * weights, in,
                                                                                      a.kernel, b.kernel);
            Eigen::TensorMap<Eigen::Tensor<Scalar, 3, Eigen::RowMajor>>(y + o * a.output * b.output, 1, a.output,
                                                                        b.output) = padded.convolve(k, axes);
        }
    }

  private:
    ConvGeometry geometry_;
    Tensor<Scalar> kernel_;
};

// Y = K unfold(X) for 2-D layers of one group; the transpose is fold(K^T Y).
template <class Scalar>
class Im2col : public Contender<Scalar> {
  public:
    using Matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

    Im2col(const ConvGeometry& geometry, const Tensor<Scalar>& kernel, Direction direction)
        : geometry_(geometry),
          kernel_(Eigen::Map<const Matrix>(kernel.data(), geometry.out_channels(),
                                           geometry.in_channels() * geometry.kernel_size())),
          columns_(kernel_.cols(), geometry.output_size()),
          direction_(direction) {}

    void apply(const Scalar* x, Scalar* y) override {
        if (direction_ == Direction::forward) {
            visit([&](Index row, Index column, Index at) { columns_(row, column) = at < 0 ? Scalar(0) : x[at]; });
            Eigen::Map<Matrix>(y, kernel_.rows(), columns_.cols()).noalias() = kernel_ * columns_;
        } else {
            columns_.noalias() = kernel_.transpose() * Eigen::Map<const Matrix>(x, kernel_.rows(), columns_.cols());
            std::fill_n(y, geometry_.cols(), Scalar(0));
            visit([&](Index row, Index column, Index at) {
                if (at >= 0) y[at] += columns_(row, column);
            });
        }
    }

  private:
    // Every place of the unfolded matrix with the position of x it stands for, or -1.
    template <class Visit>
    void visit(const Visit& visit) const {
        const Axis& a = geometry_.axis(0);
        const Axis& b = geometry_.axis(1);
        const Index taps = a.kernel * b.kernel;
#pragma omp parallel for schedule(static)
        for (Index c = 0; c < geometry_.in_channels(); ++c)
            for (Index t = 0; t < taps; ++t)
                for (Index u = 0; u < a.output; ++u) {
                    const Index i = a.stride * u + a.dilation * (t / b.kernel) - a.padding.begin;
                    for (Index v = 0; v < b.output; ++v) {
                        const Index j = b.stride * v + b.dilation * (t % b.kernel) - b.padding.begin;
                        const bool inside = i >= 0 && i < a.input && j >= 0 && j < b.input;
                        visit(c * taps + t, u * b.output + v, inside ? (c * a.input + i) * b.input + j : -1);
                    }
                }
    }

    ConvGeometry geometry_;
    Matrix kernel_;
    Matrix columns_;
    Direction direction_;
};

} // namespace

template <class Scalar>
std::unique_ptr<Contender<Scalar>> make_eigen_tensor(const ConvGeometry& geometry, const Tensor<Scalar>& kernel,
                                                     Direction direction, std::string& why) {
    const auto plain = [](const Axis& axis) { return axis.stride == 1 && axis.dilation == 1; };
    if (direction == Direction::transpose || geometry.rank() != 2 || geometry.groups() != 1 ||
        !plain(geometry.axis(0)) || !plain(geometry.axis(1))) {
        why = "Tensor::convolve has no stride, dilation, groups or transpose";
        return nullptr;
    }
    if (geometry.rows() * geometry.in_channels() * geometry.kernel_size() > most_multiplications) {
        why = "more than 300 million multiplications: an apply takes seconds";
        return nullptr;
    }
    return std::make_unique<TensorConvolution<Scalar>>(geometry, kernel);
}

template <class Scalar>
std::unique_ptr<Contender<Scalar>> make_eigen_im2col(const ConvGeometry& geometry, const Tensor<Scalar>& kernel,
                                                     Direction direction, std::string& why) {
    if (geometry.rank() != 2 || geometry.groups() != 1) {
        why = "written for two axes and one group";
        return nullptr;
    }
    return std::make_unique<Im2col<Scalar>>(geometry, kernel, direction);
}

template std::unique_ptr<Contender<float>> make_eigen_tensor(const ConvGeometry&, const Tensor<float>&, Direction,
                                                             std::string&);
template std::unique_ptr<Contender<double>> make_eigen_tensor(const ConvGeometry&, const Tensor<double>&, Direction,
                                                              std::string&);
template std::unique_ptr<Contender<float>> make_eigen_im2col(const ConvGeometry&, const Tensor<float>&, Direction,
                                                             std::string&);
template std::unique_ptr<Contender<double>> make_eigen_im2col(const ConvGeometry&, const Tensor<double>&, Direction,
                                                              std::string&);

} // namespace convmat::bench
