// oneDNN's convolution, and for the transpose its deconvolution.
#include <unordered_map>

#include <oneapi/dnnl/dnnl.hpp>

#include "contender.hpp"

namespace convmat::bench {
namespace {

using dnnl::memory;

enum class Layout { plain, blocked };

memory::dims dims(std::initializer_list<Index> channels, const ConvGeometry& geometry, Index Axis::*extent) {
    memory::dims result(channels);
    for (const Axis& axis : geometry.axes()) result.push_back(axis.*extent);
    return result;
}

memory::format_tag plain_tag(std::size_t rank) {
    using Tag = memory::format_tag;
    switch (rank) {
    case 3:
        return Tag::abc;
    case 4:
        return Tag::abcd;
    case 5:
        return Tag::abcde;
    default:
        return Tag::abcdef;
    }
}

memory::desc plain(const memory::dims& dims) { return {dims, memory::data_type::f32, plain_tag(dims.size())}; }
memory::desc any(const memory::dims& dims) { return {dims, memory::data_type::f32, memory::format_tag::any}; }

// Weights with (out, in) or, for a deconvolution, (in, out) exchanged, as a plain array of strides.
memory::desc weights_desc(const ConvGeometry& geometry, Direction direction) {
    const Index g = geometry.groups();
    const Index in = geometry.in_channels_per_group();
    const Index out = geometry.out_channels_per_group();
    const Index k = geometry.kernel_size();
    const bool forward = direction == Direction::forward;
    memory::dims extents = dims({forward ? out : in, forward ? in : out}, geometry, &Axis::kernel);
    memory::dims strides(extents.size(), 1);
    for (std::size_t j = extents.size() - 1; j-- > 2;) strides[j] = strides[j + 1] * extents[j + 1];
    strides[0] = forward ? in * k : k;
    strides[1] = forward ? k : in * k;
    if (g > 1) {
        extents.insert(extents.begin(), g);
        strides.insert(strides.begin(), out * in * k);
    }
    return {extents, memory::data_type::f32, strides};
}

class OneDnn : public Contender<float> {
  public:
    OneDnn(const ConvGeometry& geometry, const Tensor<float>& kernel, Direction direction, Layout layout)
        : engine_(dnnl::engine::kind::cpu, 0),
          stream_(engine_),
          layout_(layout) {
        const memory::dims in = dims({1, geometry.in_channels()}, geometry, &Axis::input);
        const memory::dims out = dims({1, geometry.out_channels()}, geometry, &Axis::output);
        const bool forward = direction == Direction::forward;
        const memory::desc x = plain(forward ? in : out);
        const memory::desc y = plain(forward ? out : in);
        const memory::desc w = weights_desc(geometry, direction);
        make_primitive(geometry, direction, x, y, w);
        plain_x_ = memory(x, engine_, DNNL_MEMORY_NONE);
        plain_y_ = memory(y, engine_, DNNL_MEMORY_NONE);
        Tensor<float> weights = kernel;
        memory plain_weights(w, engine_, weights.data());
        weights_ = memory(weights_desc_, engine_);
        dnnl::reorder(plain_weights, weights_).execute(stream_, plain_weights, weights_);
        x_ = x_desc_ == x ? plain_x_ : memory(x_desc_, engine_);
        y_ = y_desc_ == y ? plain_y_ : memory(y_desc_, engine_);
        if (layout == Layout::blocked) {
            x_ = memory(x_desc_, engine_);
            y_ = memory(y_desc_, engine_);
        }
        if (x_desc_ != x) reorder_x_ = dnnl::reorder(plain_x_, x_);
        if (y_desc_ != y) reorder_y_ = dnnl::reorder(y_, plain_y_);
        stream_.wait();
    }

    void apply(const float* x, float* y) override {
        if (layout_ == Layout::plain) {
            plain_x_.set_data_handle(const_cast<float*>(x));
            plain_y_.set_data_handle(y);
            if (reorder_x_) reorder_x_.execute(stream_, plain_x_, x_);
        }
        primitive_.execute(stream_, {{DNNL_ARG_SRC, x_}, {DNNL_ARG_WEIGHTS, weights_}, {DNNL_ARG_DST, y_}});
        if (layout_ == Layout::plain && reorder_y_) reorder_y_.execute(stream_, y_, plain_y_);
        stream_.wait();
    }

  private:
    void make_primitive(const ConvGeometry& geometry, Direction direction, const memory::desc& x, const memory::desc& y,
                        const memory::desc& w) {
        memory::dims strides;
        memory::dims dilations;
        memory::dims begin;
        memory::dims end;
        for (const Axis& axis : geometry.axes()) {
            strides.push_back(axis.stride);
            dilations.push_back(axis.dilation - 1);
            begin.push_back(axis.padding.begin);
            end.push_back(axis.padding.end - axis.remainder()); // oneDNN wants the windows to end where the input does
        }
        if (direction == Direction::forward) {
            using Convolution = dnnl::convolution_forward;
            const Convolution::primitive_desc description(
                {dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, any(x.dims()), any(w.dims()),
                 any(y.dims()), strides, dilations, begin, end},
                engine_);
            keep(description, Convolution(description));
        } else {
            using Deconvolution = dnnl::deconvolution_forward;
            const Deconvolution::primitive_desc description(
                {dnnl::prop_kind::forward_inference, dnnl::algorithm::deconvolution_direct, any(x.dims()),
                 any(w.dims()), any(y.dims()), strides, dilations, begin, end},
                engine_);
            keep(description, Deconvolution(description));
        }
    }

    template <class Description>
    void keep(const Description& description, dnnl::primitive primitive) {
        x_desc_ = description.src_desc();
        y_desc_ = description.dst_desc();
        weights_desc_ = description.weights_desc();
        primitive_ = std::move(primitive);
    }

    dnnl::engine engine_;
    dnnl::stream stream_;
    Layout layout_;
    memory::desc x_desc_, y_desc_, weights_desc_;
    memory plain_x_, plain_y_, x_, y_, weights_;
    dnnl::primitive primitive_;
    dnnl::reorder reorder_x_, reorder_y_;
};

std::unique_ptr<Contender<float>> make(const ConvGeometry& geometry, const Tensor<float>& kernel, Direction direction,
                                       Layout layout, std::string& why) {
    try {
        return std::make_unique<OneDnn>(geometry, kernel, direction, layout);
    } catch (const dnnl::error& error) {
        why = error.what();
        return nullptr;
    }
}

} // namespace

std::unique_ptr<Contender<float>> make_onednn_plain(const ConvGeometry& geometry, const Tensor<float>& kernel,
                                                    Direction direction, std::string& why) {
    return make(geometry, kernel, direction, Layout::plain, why);
}

std::unique_ptr<Contender<float>> make_onednn_blocked(const ConvGeometry& geometry, const Tensor<float>& kernel,
                                                      Direction direction, std::string& why) {
    return make(geometry, kernel, direction, Layout::blocked, why);
}

} // namespace convmat::bench
