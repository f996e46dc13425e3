#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "convention.hpp"
#include "error.hpp"
#include "layer_description.hpp"

namespace convmat::cli {
namespace {

template <class Value>
using Names = std::vector<std::pair<std::string_view, Value>>;

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
    return result;
}

// The value of a name, in whatever case; null for another text.
template <class Value>
const Value* find(const Names<Value>& names, std::string_view text) {
    for (const auto& [name, value] : names)
        if (lower(text) == name) return &value;
    return nullptr;
}

template <class Value>
std::string listed(const Names<Value>& names) {
    std::string text;
    for (const auto& name : names) text += concat(text.empty() ? "" : ", ", name.first);
    return text;
}

// Reads a description's options as one system's parameters; every function is one of them.
class Reader {
  public:
    Reader(Convention convention, const LayerDescription& description) : convention_(convention), d_(description) {}

    ConventionLayer layer() const {
        refuse_options();
        switch (convention_) {
        case Convention::pytorch:
            return transposed() ? pytorch_transposed() : pytorch();
        case Convention::onnx:
            return transposed() ? onnx_transposed() : onnx();
        case Convention::tensorflow:
            return transposed() ? tensorflow_transposed() : tensorflow();
        case Convention::tensorflow_depthwise:
            return tensorflow_depthwise();
        case Convention::keras:
            return transposed() ? keras_transposed() : keras();
        case Convention::keras_depthwise:
            return keras_depthwise();
        case Convention::jax:
        case Convention::jax_transpose_kernel:
            return transposed() ? jax_transposed() : jax();
        case Convention::mxnet:
            return transposed() ? mxnet_transposed() : mxnet();
        case Convention::onednn:
            return transposed() ? onednn<OneDnnDeconvolution>() : onednn<OneDnnConvolution>();
        case Convention::matlab:
            return matlab();
        case Convention::ndimage_convolve:
        case Convention::ndimage_correlate:
            return ndimage();
        default:
            return scipy();
        }
    }

  private:
    bool transposed() const { return d_.transposed.value_or(false); }
    std::size_t rank() const { return d_.kernel.size(); }

    // The systems whose weights are a kernel alone have neither strides nor channels.
    bool is_plain() const {
        return weight_letters(convention_, transposed() ? Form::transpose : Form::matrix, false) == "k";
    }

    [[noreturn]] void refuse(const char* option, const std::string& value, const std::string& expected) const {
        throw InputError(option, value, concat(expected, " with --convention ", name_of(convention_)));
    }

    void refuse_list(const char* option, const Shape& list) const {
        if (!list.empty()) refuse(option, to_string(list), "no such option");
    }

    void refuse_options() const {
        const bool is_ndimage =
            convention_ == Convention::ndimage_convolve || convention_ == Convention::ndimage_correlate;
        if (!is_ndimage) refuse_list("--origin", d_.origin);
        if (convention_ != Convention::jax || transposed()) refuse_list("--lhs-dilation", d_.lhs_dilation);
        if (is_plain() || convention_ == Convention::jax || convention_ == Convention::jax_transpose_kernel) {
            refuse_list("--output-padding", d_.output_padding);
            refuse_list("--output-size", d_.output_size);
        }
        const bool has_adjustment = convention_ != Convention::tensorflow && convention_ != Convention::onednn;
        if (!transposed() || !has_adjustment) refuse_list("--output-padding", d_.output_padding);
        if (!transposed() || convention_ == Convention::keras) refuse_list("--output-size", d_.output_size);
        if (convention_ != Convention::pytorch && !is_plain() && d_.boundary_text && lower(*d_.boundary_text) != "zero")
            refuse("--boundary", *d_.boundary_text, "zero, the only one there is");
        if (is_plain()) refuse_plain();
    }

    void refuse_plain() const {
        refuse_list("--stride", d_.stride);
        refuse_list("--dilation", d_.dilation);
        if (d_.groups != d_.in_channels || d_.out_channels != d_.in_channels)
            refuse("--groups", concat(*d_.groups, " for ", *d_.in_channels, " -> ", *d_.out_channels, " channels"),
                   "neither groups nor output channels, each channel by itself,");
    }

    // One value is the same for every axis, also where the system itself wants them all.
    template <class Value>
    std::vector<Value> each_axis(const std::vector<Value>& list) const {
        return list.size() == 1 ? std::vector<Value>(rank(), list.front()) : list;
    }

    std::string padding_text() const { return d_.padding_text.value_or("0"); }

    // Padding in numbers: 1, 1x2, 1:2x0:1.
    std::vector<Padding> padding_pairs(const std::string& names) const {
        const std::string text = padding_text();
        const bool numbers = text.find_first_of("0123456789") != std::string::npos;
        if (!numbers) refuse("--padding", text, names.empty() ? "numbers" : names);
        return each_axis(std::get<std::vector<Padding>>(parse_padding("--padding", text)));
    }

    // The same padding at both ends.
    Shape padding_numbers(const std::string& names = {}) const {
        Shape numbers;
        for (const Padding& pair : padding_pairs(names)) {
            if (pair.begin != pair.end) refuse("--padding", padding_text(), "the same padding at both ends");
            numbers.push_back(pair.begin);
        }
        return numbers;
    }

    template <class Value>
    Value named(const char* option, const std::string& text, const Names<Value>& names) const {
        if (const Value* value = find(names, text)) return *value;
        refuse(option, text, listed(names));
    }

    void refuse_groups() const {
        if (*d_.groups != 1) refuse("--groups", concat(*d_.groups), "no groups, which this layer does not have,");
    }

    ConventionLayer pytorch() const {
        static const Names<PyTorchPadding> rules = {{"same", PyTorchPadding::same}, {"valid", PyTorchPadding::valid}};
        static const Names<PyTorchPaddingMode> modes = {
            {"zeros", PyTorchPaddingMode::zeros},         {"reflect", PyTorchPaddingMode::reflect},
            {"replicate", PyTorchPaddingMode::replicate}, {"circular", PyTorchPaddingMode::circular},
            {"zero", PyTorchPaddingMode::zeros},          {"whole_symmetric", PyTorchPaddingMode::reflect},
            {"periodic", PyTorchPaddingMode::circular}};
        PyTorchConv layer = {.input = d_.input,
                             .in_channels = *d_.in_channels,
                             .out_channels = *d_.out_channels,
                             .kernel_size = d_.kernel,
                             .stride = d_.stride,
                             .dilation = d_.dilation,
                             .groups = *d_.groups,
                             .padding_mode = named("--boundary", d_.boundary_text.value_or("zeros"), modes)};
        if (const auto* rule = find(rules, padding_text()))
            layer.padding = *rule;
        else
            layer.padding = padding_numbers("numbers, same or valid");
        return from_pytorch(layer);
    }

    ConventionLayer pytorch_transposed() const {
        if (d_.boundary_text && *d_.boundary_text != "zeros" && *d_.boundary_text != "zero")
            refuse("--boundary", *d_.boundary_text, "zeros, the only one a transposed layer has,");
        return from_pytorch(PyTorchConvTranspose{.input = d_.input,
                                                 .in_channels = *d_.in_channels,
                                                 .out_channels = *d_.out_channels,
                                                 .kernel_size = d_.kernel,
                                                 .stride = d_.stride,
                                                 .padding = padding_numbers(),
                                                 .output_padding = d_.output_padding,
                                                 .groups = *d_.groups,
                                                 .dilation = d_.dilation,
                                                 .output_size = d_.output_size});
    }

    // pads as ONNX lists them, 1,1,2,2, or as convmat does.
    template <class Layer>
    void read_onnx_padding(Layer& layer) const {
        static const Names<OnnxAutoPad> rules = {{"same_upper", OnnxAutoPad::same_upper},
                                                 {"same_lower", OnnxAutoPad::same_lower},
                                                 {"valid", OnnxAutoPad::valid},
                                                 {"notset", OnnxAutoPad::not_set}};
        const std::string text = padding_text();
        if (const auto* rule = find(rules, text)) {
            layer.auto_pad = *rule;
            return;
        }
        if (text.find(',') != std::string::npos) {
            for (const std::string_view piece : split(text, ','))
                layer.pads.push_back(parse_integer("--padding", piece));
            return;
        }
        if (!d_.padding_text) return;
        const auto pairs = padding_pairs("pads such as 1,1,2,2, or " + listed(rules));
        for (const Padding& pair : pairs) layer.pads.push_back(pair.begin);
        for (const Padding& pair : pairs) layer.pads.push_back(pair.end);
    }

    ConventionLayer onnx() const {
        OnnxConv layer = {.input = d_.input,
                          .in_channels = *d_.in_channels,
                          .out_channels = *d_.out_channels,
                          .kernel_shape = d_.kernel,
                          .strides = each_axis(d_.stride),
                          .dilations = each_axis(d_.dilation),
                          .group = *d_.groups};
        read_onnx_padding(layer);
        return from_onnx(layer);
    }

    ConventionLayer onnx_transposed() const {
        OnnxConvTranspose layer = {.input = d_.input,
                                   .in_channels = *d_.in_channels,
                                   .out_channels = *d_.out_channels,
                                   .kernel_shape = d_.kernel,
                                   .strides = each_axis(d_.stride),
                                   .dilations = each_axis(d_.dilation),
                                   .group = *d_.groups,
                                   .output_padding = each_axis(d_.output_padding),
                                   .output_shape = each_axis(d_.output_size)};
        read_onnx_padding(layer);
        return from_onnx(layer);
    }

    TensorFlowPaddings tensorflow_padding() const {
        static const Names<TensorFlowPadding> rules = {{"same", TensorFlowPadding::same},
                                                       {"valid", TensorFlowPadding::valid}};
        if (!d_.padding_text) return transposed() ? TensorFlowPadding::same : TensorFlowPadding::valid;
        if (const auto* rule = find(rules, padding_text())) return *rule;
        return padding_pairs("SAME, VALID, or begin:end of both axes");
    }

    ConventionLayer tensorflow() const {
        return from_tensorflow(TensorFlowConv{.input = d_.input,
                                              .in_channels = *d_.in_channels,
                                              .out_channels = *d_.out_channels,
                                              .filter_size = d_.kernel,
                                              .strides = d_.stride,
                                              .padding = tensorflow_padding(),
                                              .dilations = d_.dilation,
                                              .groups = *d_.groups});
    }

    ConventionLayer tensorflow_transposed() const {
        if (d_.output_size.empty())
            refuse("--output-size", "not given", "the output's extents, which conv_transpose wants,");
        return from_tensorflow(TensorFlowConvTranspose{.input = d_.input,
                                                       .in_channels = *d_.in_channels,
                                                       .out_channels = *d_.out_channels,
                                                       .filter_size = d_.kernel,
                                                       .output_shape = each_axis(d_.output_size),
                                                       .strides = d_.stride,
                                                       .padding = tensorflow_padding(),
                                                       .dilations = d_.dilation,
                                                       .groups = *d_.groups});
    }

    // The output channels for each input channel.
    Index multiplier() const {
        const Index in = *d_.in_channels;
        if (*d_.groups != in || *d_.out_channels % in != 0)
            refuse("--out-channels", concat(*d_.out_channels, " in ", *d_.groups, " groups"),
                   concat("a multiple of the ", in, " input channels, and so many groups,"));
        return *d_.out_channels / in;
    }

    ConventionLayer tensorflow_depthwise() const {
        return from_tensorflow(TensorFlowDepthwiseConv{.input = d_.input,
                                                       .in_channels = *d_.in_channels,
                                                       .filter_size = d_.kernel,
                                                       .channel_multiplier = multiplier(),
                                                       .strides = d_.stride,
                                                       .padding = tensorflow_padding(),
                                                       .dilations = d_.dilation});
    }

    KerasPadding keras_padding() const {
        static const Names<KerasPadding> rules = {
            {"valid", KerasPadding::valid}, {"same", KerasPadding::same}, {"causal", KerasPadding::causal}};
        return named("--padding", d_.padding_text.value_or("valid"), rules);
    }

    ConventionLayer keras() const {
        return from_keras(KerasConv{.input = d_.input,
                                    .in_channels = *d_.in_channels,
                                    .filters = *d_.out_channels,
                                    .kernel_size = d_.kernel,
                                    .strides = d_.stride,
                                    .padding = keras_padding(),
                                    .dilation_rate = d_.dilation,
                                    .groups = *d_.groups});
    }

    ConventionLayer keras_depthwise() const {
        return from_keras(KerasDepthwiseConv{.input = d_.input,
                                             .in_channels = *d_.in_channels,
                                             .kernel_size = d_.kernel,
                                             .strides = d_.stride,
                                             .padding = keras_padding(),
                                             .depth_multiplier = multiplier(),
                                             .dilation_rate = d_.dilation});
    }

    ConventionLayer keras_transposed() const {
        refuse_groups();
        return from_keras(KerasConvTranspose{.input = d_.input,
                                             .in_channels = *d_.in_channels,
                                             .filters = *d_.out_channels,
                                             .kernel_size = d_.kernel,
                                             .strides = d_.stride,
                                             .padding = keras_padding(),
                                             .output_padding = d_.output_padding,
                                             .dilation_rate = d_.dilation});
    }

    JaxPaddings jax_padding() const {
        static const Names<JaxPadding> rules = {
            {"same", JaxPadding::same}, {"same_lower", JaxPadding::same_lower}, {"valid", JaxPadding::valid}};
        if (!d_.padding_text && d_.lhs_dilation.empty()) return JaxPadding::valid;
        if (const auto* rule = find(rules, padding_text())) return *rule;
        return padding_pairs("SAME, SAME_LOWER, VALID, or low:high of each axis");
    }

    ConventionLayer jax() const {
        return from_jax(JaxConv{.input = d_.input,
                                .in_features = *d_.in_channels,
                                .out_features = *d_.out_channels,
                                .kernel = d_.kernel,
                                .window_strides = each_axis(d_.stride),
                                .padding = jax_padding(),
                                .lhs_dilation = each_axis(d_.lhs_dilation),
                                .rhs_dilation = each_axis(d_.dilation),
                                .feature_group_count = *d_.groups});
    }

    ConventionLayer jax_transposed() const {
        refuse_groups();
        return from_jax(JaxConvTranspose{.input = d_.input,
                                         .in_features = *d_.in_channels,
                                         .out_features = *d_.out_channels,
                                         .kernel = d_.kernel,
                                         .strides = each_axis(d_.stride),
                                         .padding = jax_padding(),
                                         .rhs_dilation = each_axis(d_.dilation),
                                         .transpose_kernel = convention_ == Convention::jax_transpose_kernel});
    }

    ConventionLayer mxnet() const {
        return from_mxnet(MXNetConvolution{.data = d_.input,
                                           .in_channels = *d_.in_channels,
                                           .num_filter = *d_.out_channels,
                                           .kernel = d_.kernel,
                                           .stride = each_axis(d_.stride),
                                           .dilate = each_axis(d_.dilation),
                                           .pad = padding_numbers(),
                                           .num_group = *d_.groups});
    }

    ConventionLayer mxnet_transposed() const {
        return from_mxnet(MXNetDeconvolution{.data = d_.input,
                                             .in_channels = *d_.in_channels,
                                             .num_filter = *d_.out_channels,
                                             .kernel = d_.kernel,
                                             .stride = each_axis(d_.stride),
                                             .dilate = each_axis(d_.dilation),
                                             .pad = padding_numbers(),
                                             .adj = each_axis(d_.output_padding),
                                             .target_shape = each_axis(d_.output_size),
                                             .num_group = *d_.groups});
    }

    template <class Primitive>
    ConventionLayer onednn() const {
        Primitive layer = {.src = d_.input,
                           .ic = *d_.in_channels,
                           .oc = *d_.out_channels,
                           .kernel = d_.kernel,
                           .strides = each_axis(d_.stride),
                           .dilates = each_axis(d_.dilation),
                           .dst = each_axis(d_.output_size)};
        for (const Padding& pair : padding_pairs({})) {
            layer.padding_l.push_back(pair.begin);
            layer.padding_r.push_back(pair.end);
        }
        if (*d_.groups != 1 || d_.groups_axis) layer.groups = d_.groups;
        return from_onednn(layer);
    }

    ConventionLayer matlab() const {
        static const Names<MatlabShape> shapes = {
            {"full", MatlabShape::full}, {"same", MatlabShape::same}, {"valid", MatlabShape::valid}};
        if (d_.boundary_text && *d_.boundary_text != "zero")
            refuse("--boundary", *d_.boundary_text, "zero, the only one there is");
        return from_matlab({.a = d_.input,
                            .b = d_.kernel,
                            .shape = named("--padding", d_.padding_text.value_or("full"), shapes),
                            .channels = *d_.in_channels});
    }

    ScipySignalFunction scipy_function() const {
        switch (convention_) {
        case Convention::scipy_correlate:
            return ScipySignalFunction::correlate;
        case Convention::scipy_convolve2d:
            return ScipySignalFunction::convolve2d;
        case Convention::scipy_correlate2d:
            return ScipySignalFunction::correlate2d;
        default:
            return ScipySignalFunction::convolve;
        }
    }

    ConventionLayer scipy() const {
        static const Names<ScipyMode> modes = {
            {"full", ScipyMode::full}, {"same", ScipyMode::same}, {"valid", ScipyMode::valid}};
        static const Names<ScipyBoundary> boundaries = {
            {"fill", ScipyBoundary::fill}, {"wrap", ScipyBoundary::wrap}, {"symm", ScipyBoundary::symm}};
        return from_scipy(ScipySignal{.in1 = d_.input,
                                      .in2 = d_.kernel,
                                      .function = scipy_function(),
                                      .mode = named("--padding", d_.padding_text.value_or("full"), modes),
                                      .boundary = named("--boundary", d_.boundary_text.value_or("fill"), boundaries),
                                      .channels = *d_.in_channels});
    }

    ConventionLayer ndimage() const {
        using Mode = ScipyNdimageMode;
        static const Names<Mode> modes = {{"reflect", Mode::reflect},     {"grid-mirror", Mode::grid_mirror},
                                          {"constant", Mode::constant},   {"nearest", Mode::nearest},
                                          {"mirror", Mode::mirror},       {"grid-constant", Mode::grid_constant},
                                          {"grid-wrap", Mode::grid_wrap}, {"wrap", Mode::wrap}};
        if (d_.padding_text) refuse("--padding", *d_.padding_text, "no padding, of which --origin decides,");
        return from_scipy(ScipyNdimage{.input = d_.input,
                                       .weights = d_.kernel,
                                       .function = convention_ == Convention::ndimage_correlate
                                                       ? ScipyNdimageFunction::correlate
                                                       : ScipyNdimageFunction::convolve,
                                       .mode = named("--boundary", d_.boundary_text.value_or("reflect"), modes),
                                       .origin = d_.origin,
                                       .channels = *d_.in_channels});
    }

    Convention convention_;
    const LayerDescription& d_;
};

} // namespace

ConventionLayer read_as(Convention convention, const LayerDescription& description) {
    return Reader(convention, description).layer();
}

} // namespace convmat::cli
