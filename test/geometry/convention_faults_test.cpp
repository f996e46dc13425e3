// What each refusal of a bridge to another system is about, as data.
#include <boost/test/unit_test.hpp>

#include <convmat/base/error.hpp>
#include <convmat/geometry/conventions.hpp>

#include "support/throws_saying.hpp"

namespace convention_faults_test {

using namespace convmat;
using test::throws_fault;

namespace {

template <class Layer, class Error = GeometryError>
void refused(ConventionLayer (*bridge)(const Layer&), const Layer& layer, const Fault& fault) {
    throws_fault<Error>([&] { bridge(layer); }, fault);
}

constexpr Index large = Index{1} << 60;

} // namespace

BOOST_AUTO_TEST_SUITE(convention_faults)

BOOST_AUTO_TEST_CASE(pytorch) {
    using Mode = PyTorchPaddingMode;
    const Shape five = {5, 5}, three = {3, 3};
    const std::string conv = "PyTorch's torch.nn.Conv", transpose = "PyTorch's torch.nn.ConvTranspose";
    refused<PyTorchConv>(from_pytorch, {.input = {5, 5, 5, 5}, .kernel_size = {1, 1, 1, 1}},
                         {"kernel", {}, "1x1x1x1", "at most 3: " + conv});
    refused<PyTorchConv>(from_pytorch, {.input = five, .kernel_size = three, .stride = {1, 1, 1}},
                         {"stride", {}, "3 values", "1 or 2, one for each spatial axis"});
    refused<PyTorchConv>(from_pytorch,
                         {.input = five, .kernel_size = three, .stride = {2}, .padding = PyTorchPadding::same},
                         {"stride", {}, "2", "1: PyTorch refuses padding 'same' for strided convolutions"});
    refused<PyTorchConv>(from_pytorch, {.input = five, .kernel_size = three, .padding = Shape{0, -1}},
                         {"padding", 1, "-1:-1", "at least 0: PyTorch's padding_mode 'zeros'"});
    refused<PyTorchConv>(from_pytorch,
                         {.input = five, .kernel_size = three, .padding = Shape{5, 0}, .padding_mode = Mode::reflect},
                         {"padding", 0, "5:5", "less than the input: PyTorch's padding_mode 'reflect'"});
    refused<PyTorchConv>(from_pytorch,
                         {.input = five, .kernel_size = three, .padding = Shape{0, 6}, .padding_mode = Mode::circular},
                         {"padding", 1, "6:6", "at most the input: PyTorch's padding_mode 'circular'"});
    refused<PyTorchConvTranspose>(from_pytorch, {.input = five, .kernel_size = three, .padding = {0, -1}},
                                  {"padding", 1, "-1:-1", "at least 0: " + transpose});
    refused<PyTorchConvTranspose>(from_pytorch,
                                  {.input = {5}, .kernel_size = {3}, .dilation = {2}, .output_size = {10}},
                                  {"output_padding", 0, "1", "0 to 0 = stride - 1: " + transpose});
}

BOOST_AUTO_TEST_CASE(onnx) {
    using Auto = OnnxAutoPad;
    refused<OnnxConv>(from_onnx, {.input = {5, 5}, .kernel_shape = {3, 3}, .strides = {1}},
                      {"stride", {}, "1 values", "2, one for each axis"});
    refused<OnnxConv>(from_onnx, {.input = {5}, .kernel_shape = {3}, .auto_pad = Auto::same_upper, .pads = {1, 1}},
                      {"padding", {}, "1x1", "one of them: ONNX"});
    refused<OnnxConv>(from_onnx, {.input = {5}, .kernel_shape = {3}, .pads = {1}},
                      {"padding", {}, "1 values", "2: ONNX's pads are the beginnings, then the ends"});
    refused<OnnxConv>(from_onnx, {.input = {5, 5}, .kernel_shape = {3, 3}, .pads = {0, 0, 0, -1}},
                      {"padding", 1, "0:-1", "at least 0: ONNX's pads"});
    refused<OnnxConvTranspose>(from_onnx, {.input = {5}, .kernel_shape = {3}, .output_shape = {0}},
                               {"output_size", 0, "0", "at least 1: ONNX"});
    refused<OnnxConvTranspose>(
        from_onnx, {.input = {5}, .kernel_shape = {1}, .auto_pad = Auto::same_lower, .strides = {3}},
        {"auto_pad", 0, "auto_pad SAME_LOWER", "no auto_pad SAME_LOWER, on which ONNX's own sources disagree there"});
    refused<OnnxConvTranspose>(from_onnx, {.input = {0}, .kernel_shape = {1}, .auto_pad = Auto::same_lower},
                               {"input", 0, "0", "at least 1"});
    refused<OnnxConvTranspose>(from_onnx,
                               {.input = {5}, .kernel_shape = {3}, .auto_pad = Auto::same_lower, .strides = {0}},
                               {"stride", 0, "0", "at least 1"});
    refused<OnnxConvTranspose, SizeError>(
        from_onnx, {.input = {17}, .kernel_shape = {3}, .auto_pad = Auto::same_lower, .strides = {large}},
        {"input", 0, "1152921504606846976 * 16", "at most 9223372036854775807 in magnitude"});
}

BOOST_AUTO_TEST_CASE(jax) {
    const std::vector<Padding> pairs = {{1, 1}};
    refused<JaxConv>(from_jax, {.input = {5}, .kernel = {3}, .rhs_spec = "OIX3"},
                     {"rhs_spec", {}, "OIX3", "O, I and 1 other letters, each once, as in OIHW: JAX's rhs_spec"});
    const Shape many(15, 1);
    refused<JaxConv>(from_jax, {.input = many, .kernel = many}, {"kernel", {}, "15 axes", "a rhs_spec"});
    refused<JaxConv>(from_jax, {.input = {5}, .kernel = {3}, .lhs_dilation = {0}},
                     {"lhs_dilation", 0, "0", "at least 1"});
    refused<JaxConv>(from_jax, {.input = {5}, .kernel = {3}, .lhs_dilation = {1, 1}},
                     {"lhs_dilation", {}, "2 values", "1, one for each axis"});
    refused<JaxConv>(
        from_jax, {.input = {5}, .kernel = {3}, .window_strides = {2}, .padding = pairs, .lhs_dilation = {2}},
        {"stride", {}, "2", "window_strides 1: both together are a product of a W and a W^T (product_from_jax)"});
    refused<JaxConv>(from_jax, {.input = {5}, .kernel = {3}, .padding = JaxPadding::same, .lhs_dilation = {2}},
                     {"padding", {}, "padding SAME", "pairs: JAX refuses it"});
    refused<JaxConvTranspose>(from_jax,
                              {.input = {5}, .kernel = {3}, .strides = {2}, .padding = JaxPadding::same_lower},
                              {"padding", {}, "SAME_LOWER", "SAME, VALID or pairs: JAX's conv_transpose"});
    refused<JaxConv, SizeError>(
        from_jax,
        {.input = {5},
         .kernel = {3},
         .padding = std::vector<Padding>{{std::numeric_limits<Index>::min(), 0}},
         .lhs_dilation = {2}},
        {"padding", {}, "2 - -9223372036854775808", "at most 9223372036854775807 in magnitude"});
    refused<JaxConv>(from_jax,
                     {.input = {5}, .kernel = {5}, .padding = pairs, .lhs_dilation = {2}, .rhs_dilation = {large}},
                     {"dilation", 0, "4611686018427387905", "at most 2^60"});
}

BOOST_AUTO_TEST_CASE(tensorflow_and_keras) {
    const std::vector<Padding> pairs = {{1, 1}};
    const std::string depthwise = "TensorFlow's tf.nn.depthwise_conv2d",
                      transpose = "TensorFlow's tf.nn.conv_transpose";
    refused<TensorFlowConv>(from_tensorflow, {.input = {5}, .filter_size = {3}, .padding = pairs},
                            {"padding", {}, "explicit", "SAME or VALID, or 2 axes: TensorFlow's tf.nn.conv"});
    refused<TensorFlowDepthwiseConv>(from_tensorflow, {.input = {5}, .filter_size = {3}},
                                     {"kernel", {}, "3", "2: " + depthwise});
    refused<TensorFlowDepthwiseConv>(from_tensorflow, {.input = {5, 5}, .filter_size = {3, 3}, .strides = {1, 2}},
                                     {"stride", {}, "1x2", "the same along all axes: " + depthwise});
    refused<TensorFlowDepthwiseConv>(from_tensorflow,
                                     {.input = {5, 5}, .filter_size = {3, 3}, .strides = {2, 2}, .dilations = {2, 2}},
                                     {"stride", {}, "2x2", "one of them to be 1: " + depthwise});
    refused<TensorFlowDepthwiseConv, SizeError>(
        from_tensorflow, {.input = {5, 5}, .in_channels = 16, .filter_size = {3, 3}, .channel_multiplier = large},
        {"out_channels", {}, "16 * 1152921504606846976", "at most 9223372036854775807 in magnitude"});
    refused<TensorFlowConvTranspose>(from_tensorflow, {.input = {5}, .filter_size = {3}, .output_shape = {}},
                                     {"output_size", {}, "0 values", "1, one for each spatial axis: " + transpose});
    refused<TensorFlowConvTranspose>(from_tensorflow, {.input = {5}, .filter_size = {3}, .output_shape = {7}},
                                     {"output_size", {}, "7", "5, the transposed layer's input: " + transpose});
    refused<KerasConv>(from_keras, {.input = {5, 5}, .kernel_size = {3, 3}, .padding = KerasPadding::causal},
                       {"padding", {}, "causal", "1: only Keras' Conv1D has it"});
    refused<KerasDepthwiseConv>(from_keras, {.input = {5}, .kernel_size = {3}, .padding = KerasPadding::causal},
                                {"padding", {}, "causal", "'valid' or 'same': Keras' DepthwiseConv"});
    refused<KerasConvTranspose>(from_keras,
                                {.input = {5, 5}, .kernel_size = {3, 3}, .strides = {2, 2}, .output_padding = {1, 2}},
                                {"output_padding", 1, "2", "0 to 1 = stride - 1: Keras"});
    refused<KerasDepthwiseConv, SizeError>(
        from_keras, {.input = {5}, .in_channels = 16, .kernel_size = {3}, .depth_multiplier = large},
        {"out_channels", {}, "16 * 1152921504606846976", "at most 9223372036854775807 in magnitude"});
}

BOOST_AUTO_TEST_CASE(mxnet_and_onednn) {
    const std::string target = "MXNet's target_shape", onednn = "oneDNN's convolution";
    refused<MXNetDeconvolution>(from_mxnet, {.data = {5}, .kernel = {3}, .target_shape = {8}},
                                {"output_size", 0, "8", "1 to 7: " + target});
    refused<MXNetDeconvolution>(from_mxnet, {.data = {5}, .kernel = {3}, .target_shape = {6}},
                                {"output_size", 0, "6", "an even number less with stride 1: " + target});
    refused<MXNetConvolution>(from_mxnet, {.data = {5, 5, 5}, .kernel = {1, 1, 1}, .dilate = {1, 1, 2}},
                              {"dilation", {}, "1x1x2", "1 for three spatial axes: MXNet's Convolution"});
    refused<OneDnnConvolution>(from_onednn, {.src = {5}, .kernel = {3}, .dilates = {-1}},
                               {"dilation", 0, "-1", "at least 0"});
    refused<OneDnnConvolution>(from_onednn, {.src = {5}, .kernel = {3}, .padding_l = {-1}},
                               {"padding", 0, "-1", "at least 0"});
    refused<OneDnnConvolution>(from_onednn,
                               {.src = {5}, .kernel = {3}, .strides = {2}, .padding_l = {0}, .padding_r = {-2}},
                               {"padding", 0, "-2", "at least -1"});
    refused<OneDnnConvolution>(from_onednn, {.src = {5}, .kernel = {3}, .dst = {4}},
                               {"output_size", {}, "4", "3: " + onednn + " wants the dst its formula gives"});
    refused<OneDnnConvolution, SizeError>(
        from_onednn, {.src = {5}, .kernel = {3}, .dilates = {std::numeric_limits<Index>::max()}},
        {"dilation", 0, "9223372036854775807 + 1", "at most 9223372036854775807 in magnitude"});
}

BOOST_AUTO_TEST_CASE(scipy_and_matlab) {
    using Function = ScipySignalFunction;
    refused<ScipySignal>(from_scipy, {.in1 = {5}, .in2 = {3}, .function = Function::convolve2d},
                         {"kernel", {}, "1 axes", "2: SciPy's scipy.signal.convolve2d"});
    refused<ScipySignal>(
        from_scipy, {.in1 = {5}, .in2 = {3}, .boundary = ScipyBoundary::wrap},
        {"boundary", {}, "wrap", "'fill': only the 2-D functions have others, not SciPy's scipy.signal.convolve"});
    refused<ScipySignal>(from_scipy, {.in1 = {5}, .in2 = {3}, .fillvalue = 1.5},
                         {"fillvalue", {}, "1.5", "0: another value is no linear map (SciPy's scipy.signal.convolve)"});
    refused<ScipySignal>(from_scipy, {.in1 = {5, 3}, .in2 = {3, 5}, .mode = ScipyMode::valid},
                         {"kernel", {}, "3x5", "all or none: SciPy's scipy.signal.convolve in mode 'valid'"});
    refused<ScipyNdimage>(from_scipy, {.input = {5}, .weights = {3}, .cval = 2},
                          {"cval", {}, "2", "0: another value is no linear map (SciPy's scipy.ndimage.convolve)"});
    refused<ScipyNdimage>(from_scipy, {.input = {5, 5}, .weights = {3, 3}, .origin = {0, 2}},
                          {"origin", 1, "2", "-1 to 1 for kernel 3: SciPy's scipy.ndimage"});
    refused<ScipyNdimage>(from_scipy, {.input = {5, 0}, .weights = {3, 3}}, {"input", 1, "0", "at least 1"});
    refused<MatlabConv>(from_matlab, {.a = {5}, .b = {0}}, {"kernel", 0, "0", "at least 1"});
}

BOOST_AUTO_TEST_CASE(weights_of_another_shape) {
    const ConventionLayer layer = from_pytorch(PyTorchConv{.input = {5}, .kernel_size = {3}});
    throws_fault<ShapeError>(
        [&] {
            layer.weights.to_convmat(Tensor<double>({1, 3}));
        },
        {"weights", {}, "1x3", "1x1x3, that is (O, C/g, k...)"});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace convention_faults_test
