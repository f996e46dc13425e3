#pragma once

#include <span>
#include <string>
#include <vector>

#include <convmat/base/types.hpp>
#include <convmat/geometry/axis.hpp>
#include <convmat/geometry/per_axis.hpp>

namespace convmat {

/// The parameters of a convolution, as its own layer states them. In every list but `input` one value stands for all
/// axes, also without braces (`.stride = 2`, `.padding = 1`), and an empty list for the default.
struct ConvSpec {
    PerAxis<Index> input;            ///< spatial extents n, slowest axis first; one value an axis, required
    PerAxis<Index> kernel;           ///< spatial kernel extents k, required
    Index in_channels = 1;           ///< C
    Index out_channels = 1;          ///< O
    Index groups = 1;                ///< g divides C and O; g = C is depthwise
    PerAxis<Index> stride = {};      ///< s >= 1, default 1
    PerAxis<Index> dilation = {};    ///< d >= 1, default 1
    PerAxis<Padding> padding = {};   ///< begin and end, negative = crop, default 0; a number is for both ends
    PerAxis<Boundary> boundary = {}; ///< default zero
};

/// The parameters of a transposed convolution, as *its* layer states them (PyTorch's ConvTranspose): `input` and the
/// channels are what the transposed layer reads, that is what W writes.
struct TransposedSpec {
    PerAxis<Index> input;               ///< m: spatial extents the transposed layer reads, required
    PerAxis<Index> kernel;              ///< k, required
    Index in_channels = 1;              ///< channels it reads (W's out_channels)
    Index out_channels = 1;             ///< channels it writes (W's in_channels)
    Index groups = 1;                   ///< as in ConvSpec
    PerAxis<Index> stride = {};         ///< W's stride: this layer spreads its inputs s apart
    PerAxis<Index> dilation = {};       ///< as in ConvSpec
    PerAxis<Padding> padding = {};      ///< W's padding: this layer crops as much from its output
    PerAxis<Boundary> boundary = {};    ///< W's boundary: this layer folds what it crops back in, by its transpose
    PerAxis<Index> output_padding = {}; ///< a in 0..max(s, d)-1: positions the output has beyond the formula, default 0
    PerAxis<Index> output_size = {};    ///< n itself, instead of output_padding
};

/// The geometry of a convolution, all of it but the weights' values:
///
///     Y[o, u] = sum_{c, t} K[o, c, t] X[c, s∘u + d∘t - p],      vec(Y) = W vec(X)
///
/// (cross-correlation, what deep learning calls convolution). X has shape input_shape() = (C, n...), Y output_shape() =
/// (O, m...), K kernel_shape() = (O, C/g, k...); vec is row-major, channels first. The transposed layer reads (O, m...)
/// and writes (C, n...) with the *same* K, which it calls (in, out/groups, k...).
///
/// A value that exists is consistent: every constructor throws GeometryError with the numbers when it would not be, and
/// SizeError when a size does not fit 64 bits.
class ConvGeometry {
  public:
    explicit ConvGeometry(const ConvSpec& spec);

    /// The W whose transpose is the given layer: n = s (m - 1) + k_eff - p_begin - p_end + a.
    /// Both extents are kept as stated. Where a >= s (legal while a < max(s, d), as in PyTorch), the formula gives more
    /// than m outputs for that n; W has the first m rows of them.
    static ConvGeometry from_transposed(const TransposedSpec& spec);

    Index rank() const { return static_cast<Index>(axes_.size()); }
    std::span<const Axis> axes() const { return axes_; }
    const Axis& axis(Index j) const { return axes_[static_cast<std::size_t>(j)]; }
    Index in_channels() const { return in_channels_; }
    Index out_channels() const { return out_channels_; }
    Index groups() const { return groups_; }
    Index in_channels_per_group() const { return in_channels_ / groups_; }
    Index out_channels_per_group() const { return out_channels_ / groups_; }

    Shape input_shape() const;  ///< (C, n...)
    Shape output_shape() const; ///< (O, m...)
    Shape kernel_shape() const; ///< (O, C/g, k...)

    Index input_size() const { return input_size_; }            ///< n_1 ... n_D, of one channel
    Index output_size() const { return output_size_; }          ///< m_1 ... m_D, of one channel
    Index kernel_size() const { return kernel_size_; }          ///< k_1 ... k_D, of one pair of channels
    Index rows() const { return out_channels_ * output_size_; } ///< O m_1 ... m_D, the rows of W
    Index cols() const { return in_channels_ * input_size_; }   ///< C n_1 ... n_D, the columns of W
    Index weights() const;                                      ///< the number of weights, O (C/g) k_1 ... k_D

    /// Input extents from first to last, both included, that have one output extent.
    struct Extents {
        Index first = 0;
        Index last = 0;
        friend bool operator==(const Extents&, const Extents&) = default;
    };

    /// For each axis all input extents n' that give this geometry's output extent m: up to s of them, consecutive. This
    /// is why a transposed layer needs output padding: from m alone it cannot know which n' was meant.
    std::vector<Extents> preimages() const;

    /// Why the shapes are what they are, in a few sentences with the numbers.
    std::string explain() const;

    friend bool operator==(const ConvGeometry&, const ConvGeometry&) = default;

  private:
    ConvGeometry() = default;
    void finish(); // checks channels and sizes, fills in the derived ones

    std::vector<Axis> axes_;
    Index in_channels_ = 1;
    Index out_channels_ = 1;
    Index groups_ = 1;
    Index input_size_ = 1;
    Index output_size_ = 1;
    Index kernel_size_ = 1;
};

} // namespace convmat
