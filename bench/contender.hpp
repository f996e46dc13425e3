#pragma once

#include <memory>
#include <string>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>

namespace convmat::bench {

enum class Direction { forward, transpose };

/// One way to compute y = W x, or W^T x, for the same x and weights: set up once, applied many times.
template <class Scalar>
class Contender {
  public:
    virtual ~Contender() = default;
    virtual void apply(const Scalar* x, Scalar* y) = 0;
};

/// Null where the library has no such layer; the reason is then in `why`.
template <class Scalar>
using MakeContender = std::unique_ptr<Contender<Scalar>> (*)(const ConvGeometry& geometry, const Tensor<Scalar>& kernel,
                                                             Direction direction, std::string& why);

template <class Scalar>
std::unique_ptr<Contender<Scalar>> make_operator(const ConvGeometry&, const Tensor<Scalar>&, Direction, std::string&);
template <class Scalar>
std::unique_ptr<Contender<Scalar>> make_matrix(const ConvGeometry&, const Tensor<Scalar>&, Direction, std::string&);
template <class Scalar>
std::unique_ptr<Contender<Scalar>> make_eigen_tensor(const ConvGeometry&, const Tensor<Scalar>&, Direction,
                                                     std::string&);
template <class Scalar>
std::unique_ptr<Contender<Scalar>> make_eigen_im2col(const ConvGeometry&, const Tensor<Scalar>&, Direction,
                                                     std::string&);
/// oneDNN: x and y plain (NCHW) and reordered in every apply, or left in its own layout ("blocked").
std::unique_ptr<Contender<float>> make_onednn_plain(const ConvGeometry&, const Tensor<float>&, Direction, std::string&);
std::unique_ptr<Contender<float>> make_onednn_blocked(const ConvGeometry&, const Tensor<float>&, Direction,
                                                      std::string&);

} // namespace convmat::bench
