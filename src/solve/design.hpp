#pragma once

#include <vector>

#include <Eigen/Core>

#include <convmat/base/tensor.hpp>
#include <convmat/geometry/conv_geometry.hpp>
#include <convmat/geometry/form.hpp>
#include <convmat/taps/axis_taps.hpp>

#include "../numerics/dense_svd.hpp"

/// The kernel as the unknown, a group at a time.
namespace convmat::solve {

/// `2^exponent value`, rounded once.
double scaled(double value, int exponent);
numerics::Complex scaled(numerics::Complex value, int exponent);

/// What y = W x, or W^T x, is to someone who looks for K: a group is `members` systems D k = y, one for each channel
/// that it writes, with one design D of rows() x unknowns().
struct KernelUnknown {
    KernelUnknown(const ConvGeometry& geometry, Form form, Index samples);

    Index rows() const { return samples * positions; }
    Index unknowns() const { return channels * taps; }

    /// Where in K member's weight for (channel, tap) is.
    Index weight(Index group, Index member, Index channel, Index tap) const {
        return group * members * unknowns() + member * member_stride + channel * channel_stride + tap;
    }

    Index samples;
    Index groups;
    Index positions; ///< that are written, of one channel
    Index inputs;    ///< that are read, of one channel
    Index members;   ///< channels that a group writes
    Index channels;  ///< channels that a group reads
    Index taps;
    Index member_stride;
    Index channel_stride;
};

/// One table an axis whose rows are the written positions and columns the read ones.
std::vector<AxisTaps> axes_of(const ConvGeometry& geometry, Form form);

/// Rows of D and of y of one group, scaled by powers of 2 so that the largest real or imaginary part is in [1/2, 1).
template <class S>
class GroupData {
  public:
    GroupData(const KernelUnknown& unknown, const std::vector<AxisTaps>& axes, const Tensor<S>& xs, const Tensor<S>& ys,
              Index group);

    int x_exponent() const { return x_exponent_; } ///< x is 2^this times what the rows are made of
    int y_exponent() const { return y_exponent_; }

    /// D[(b, position), (c, t)] = sum coefficient X_b[c, input] over the inputs that tap t reads there, from row
    /// `first`.
    void write_design(Index first, Eigen::Ref<numerics::Dense<S>> rows);
    void write_response(Index first, Eigen::Ref<numerics::Dense<S>> rows) const;

  private:
    struct Reading {
        Index input = 0;
        Index tap = 0;
        Index coefficient = 1;
    };

    const S* x_of(Index sample) const;
    const S* y_of(Index sample) const;
    void find_readings(Index position);

    const KernelUnknown& unknown_;
    const std::vector<AxisTaps>& axes_;
    const S* xs_;
    const S* ys_;
    Index group_;
    int x_exponent_ = 0;
    int y_exponent_ = 0;
    std::vector<Reading> readings_, spare_;
};

} // namespace convmat::solve
