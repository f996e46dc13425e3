#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <convmat/io/npy.hpp>
#include <convmat/matrix_free/conv_operator.hpp>
#include <convmat/reference/loops.hpp>

#include "commands.hpp"
#include "error.hpp"
#include "json.hpp"
#include "layer_options.hpp"
#include "matrices.hpp"
#include "output.hpp"
#include "samples.hpp"
#include "scalars.hpp"

namespace convmat::cli {
namespace {

enum class Via { matrix, operator_, reference };

Via parse_via(const std::string& text) {
    if (text == "matrix") return Via::matrix;
    if (text == "operator") return Via::operator_;
    if (text == "reference") return Via::reference;
    throw InputError("--via", text, "matrix, operator or reference");
}

// What is applied: the layer's own map, or its adjoint.
struct Map {
    const ConvGeometry& geometry;
    Form form;
    Shape input;  ///< (channels, extents...) that it reads
    Shape output; ///< and writes
};

Map own_map(const Layer& layer) { return {layer.geometry, layer.form, layer.input_shape(), layer.output_shape()}; }

Map adjoint_map(const Layer& layer) {
    const Form other = layer.form == Form::matrix ? Form::transpose : Form::matrix;
    return {layer.geometry, other, layer.output_shape(), layer.input_shape()};
}

// W^H = W^T of the conjugated weights.
template <ScalarType S>
void conjugate(Tensor<S>& kernel) {
    if constexpr (is_complex<S>)
        for (S& value : kernel.values()) value = std::conj(value);
}

template <ScalarType S>
Tensor<S> by_matrix(const Map& map, const Tensor<S>& kernel, const Tensor<S>& x, const Samples& samples) {
    const ConvPattern<Eigen::RowMajor, std::int64_t> pattern(map.geometry, map.form);
    const Progress progress("building and applying the matrix", pattern.nnz());
    const auto matrix = matrix_of(pattern, kernel);
    Tensor<S> y(samples.shape_of_all(map.output));
    for (Index i = 0; i < samples.count; ++i)
        y.vec().segment(i * matrix.rows(), matrix.rows()) = matrix * x.vec().segment(i * matrix.cols(), matrix.cols());
    return y;
}

// All samples at once: they are the columns of a matrix.
template <ScalarType S>
Tensor<S> by_operator(const Map& map, const Tensor<S>& kernel, const Tensor<S>& x, const Samples& samples) {
    const ConvOperator<S> w(map.geometry, kernel);
    Tensor<S> y(samples.shape_of_all(map.output));
    (map.form == Form::matrix ? w : w.transpose()).apply(x.data(), y.data(), samples.count);
    return y;
}

template <ScalarType S>
Tensor<S> by_loops(const Map& map, const Tensor<S>& kernel, const Tensor<S>& x, const Samples& samples) {
    Tensor<S> y(samples.shape_of_all(map.output));
    for (Index i = 0; i < samples.count; ++i) {
        const Tensor<S> sample = samples.sample(x, i, map.input);
        const Tensor<S> result = map.form == Form::matrix ? reference::convolve(map.geometry, sample, kernel)
                                                          : reference::transpose(map.geometry, sample, kernel);
        std::ranges::copy(result.values(), y.values().begin() + i * result.size());
    }
    return y;
}

template <ScalarType S>
Tensor<S> applied(Via via, const Map& map, const Tensor<S>& kernel, const Tensor<S>& x, const Samples& samples) {
    switch (via) {
    case Via::matrix:
        return by_matrix(map, kernel, x, samples);
    case Via::operator_:
        return by_operator(map, kernel, x, samples);
    default:
        return by_loops(map, kernel, x, samples);
    }
}

// y[n, c, u] += b[c]
template <ScalarType S>
void add_bias(Tensor<S>& y, const Tensor<S>& bias, const Map& map, const Samples& samples) {
    const Index positions = checked_product(map.output, "output") / bias.size();
    for (Index i = 0; i < y.size() && samples.count > 0; ++i) y[i] += bias[i / positions % bias.size()];
}

struct ApplyRequest {
    AnyTensor x;
    AnyTensor kernel;
    std::optional<AnyTensor> bias;
    Via via = Via::matrix;
    bool adjoint = false;
    std::string out;
    bool as_json = false;
};

std::string report(const ApplyRequest& request, const Shape& shape, ScalarKind kind) {
    if (!request.as_json) return fmt::format("{}: {} {}\n", request.out, to_string(shape), name_of(kind));
    return Json{{"out", request.out}, {"shape", shape}, {"dtype", name_of(kind)}}.text();
}

template <ScalarType S>
void apply_as(const ApplyRequest& request, const Map& map, const Samples& samples, ScalarKind kind) {
    Tensor<S> kernel = cast<S>(request.kernel);
    if (request.adjoint) conjugate(kernel);
    const Tensor<S> x = cast<S>(request.x);
    Tensor<S> y = applied(request.via, map, kernel, x, samples);
    if (request.bias) add_bias(y, cast<S>(*request.bias), map, samples);
    write_npy(request.out, y);
    // Last, so as not to tell of what failed. When it cannot be printed the exit code is 2, and the file stays.
    if (request.out != "/dev/stdout") print(report(request, y.shape(), kind));
}

AnyTensor read_bias(const std::string& path, Index channels) {
    AnyTensor bias = read_npy(path);
    if (shape_of(bias) != Shape{channels})
        throw InputError("--bias", "shape " + to_string(shape_of(bias)),
                         concat("one value for each of ", channels, " output channels"));
    return bias;
}

struct ApplyOptions {
    LayerOptions layer;
    std::optional<std::string> x, out, via, bias;
    bool adjoint = false;
    bool as_json = false;

    bool read(const Arguments& arguments);
};

bool ApplyOptions::read(const Arguments& arguments) {
    CommandLine line(
        "apply", "Apply a layer to an array: y = W x, for a transposed layer y = W^T x",
        "  convmat apply --x photo.npy --kernel gaussian:5:1.2 --padding same --boundary half_symmetric \\\n"
        "    --out blurred.npy");
    layer.add_to(line);
    line.heading("Options");
    line.text(
        "--x", "in.npy", x,
        "Shape (C, n...), a batch (N, C, n...), or spatial extents alone when C = 1; the result is of the same kind");
    line.text("--out", "y.npy", out, "Where to; /dev/stdout too");
    line.flag(
        "--adjoint", adjoint,
        "The conjugate transpose of the layer's own map; --x then has the shape of the layer's output, and --input "
        "(or a layer file) states its input");
    line.text("--via", "matrix|operator|reference", via,
              "The sparse matrix (default), the matrix-free operator, or plain loops");
    line.text("--bias", "b.npy", bias, "One value an output channel, added to it; not with --adjoint");
    line.flag(
        "--json", as_json,
        "Print JSON. The result's type is NumPy's result_type of x, kernel and bias, each first widened to one of "
        "int64, "
        "float32, float64, complex64, complex128; int64 is exact while it fits 64 bits (overflow is not detected)");
    return line.parse(arguments);
}

} // namespace

int apply(const Arguments& arguments) {
    ApplyOptions options;
    if (!options.read(arguments)) return 0;
    const std::string& x_path = required("--x", options.x, "the .npy file to apply the layer to");
    ApplyRequest request;
    request.out = required("--out", options.out, "the .npy file to write");
    request.via = options.via ? parse_via(*options.via) : Via::matrix;
    request.adjoint = options.adjoint;
    request.as_json = options.as_json;
    if (options.bias && options.adjoint) throw InputError("--bias", *options.bias, "no bias together with --adjoint");

    request.x = read_npy(x_path);
    const auto x_shape = options.adjoint ? std::nullopt : std::optional(shape_of(request.x));
    Layer layer = options.layer.layer_with_weights(x_shape);
    const Map map = options.adjoint ? adjoint_map(layer) : own_map(layer);
    const Samples samples = samples_of(shape_of(request.x), map.input);
    if (options.bias) request.bias = read_bias(*options.bias, map.output.front());
    request.kernel = std::move(*layer.kernel);
    ScalarKind kind = promote(kind_of(request.x), kind_of(request.kernel));
    if (request.bias) kind = promote(kind, kind_of(*request.bias));
    with_scalar(kind, [&]<class S>() { apply_as<S>(request, map, samples, kind); });
    return 0;
}

} // namespace convmat::cli
