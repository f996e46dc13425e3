#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <convmat/io/image.hpp>
#include <convmat/io/npy.hpp>
#include <convmat/matrix_free/conv_operator.hpp>
#include <convmat/reference/loops.hpp>

#include "commands.hpp"
#include "error.hpp"
#include "extents.hpp"
#include "json.hpp"
#include "layer_options.hpp"
#include "matrices.hpp"
#include "noise.hpp"
#include "output.hpp"
#include "samples.hpp"
#include "scalars.hpp"
#include "writable.hpp"

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
        const Tensor<S> result = map.form == Form::matrix ? reference::convolve(map.geometry, kernel, sample)
                                                          : reference::transpose(map.geometry, kernel, sample);
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
    double noise = 0; ///< its standard deviation
    std::uint64_t seed = 1;
    Via via = Via::matrix;
    bool adjoint = false;
    std::string out;
    std::string note;
    bool as_json = false;
};

std::string report(const ApplyRequest& request, const Shape& shape, std::string_view kind) {
    if (request.as_json) return Json{{"out", request.out}, {"shape", shape}, {"dtype", kind}}.text();
    return fmt::format("{}: {} {}\n{}{}", request.out, to_string(shape), kind, request.note,
                       request.note.empty() ? "" : "\n");
}

template <ScalarType S>
void write_png_of(const ApplyRequest& request, const Tensor<S>& y) {
    if constexpr (is_complex<S>)
        throw InputError("--out", request.out, "a file that ends in .npy, for complex values");
    else
        write_png(request.out, cast<double>(AnyTensor(y)));
}

template <ScalarType S>
void apply_as(const ApplyRequest& request, const Map& map, const Samples& samples, ScalarKind kind) {
    Tensor<S> kernel = cast<S>(request.kernel);
    if (request.adjoint) conjugate(kernel);
    const Tensor<S> x = cast<S>(request.x);
    Tensor<S> y = applied(request.via, map, kernel, x, samples);
    if (request.bias) add_bias(y, cast<S>(*request.bias), map, samples);
    if constexpr (std::is_same_v<S, double>)
        if (request.noise > 0) add_noise(y.values(), request.noise, request.seed);
    const bool png = request.out.ends_with(".png");
    const std::string text = printable(report(request, y.shape(), png ? "8 bit" : name_of(kind)));
    if (png)
        write_png_of(request, y);
    else
        write_npy(request.out, y);
    // Last, so as not to tell of what failed. When it cannot be printed the exit code is 2, and the file stays.
    if (request.out != "/dev/stdout") print(text);
}

AnyTensor read_bias(const std::string& path, Index channels) {
    AnyTensor bias = read_npy(path);
    if (shape_of(bias) != Shape{channels})
        throw InputError("--bias", "shape " + to_string(shape_of(bias)),
                         concat("one value for each of ", channels, " output channels"));
    return bias;
}

class Apply final : public Command {
    LayerOptions layer_;
    std::optional<std::string> x_, image_, out_, via_, bias_, noise_, seed_;
    bool adjoint_ = false;
    bool as_json_ = false;

    CommandSummary summary() const override;
    void add_to(CommandLine& line) override;
    int run() override;

    ApplyRequest request() const;
    void refuse_what_is_wrong() const;
    double noise() const;
};

CommandSummary Apply::summary() const {
    return {"apply",
            "Apply a layer, or its adjoint, to a .npy array or a picture",
            "apply a layer to an array or a picture: y = W x, for a transposed layer y = W^T x.",
            {"convmat apply --image photo.png --kernel motion:9:45 --boundary half_symmetric --out blurred.png",
             "convmat apply --x x.npy --kernel w.npy --stride 2 --out y.npy"}};
}

void Apply::add_to(CommandLine& line) {
    layer_.add_to(line);
    line.heading("Options");
    line.input(
        "--x", "in.npy", x_,
        "Shape (C, n...), a batch (N, C, n...), or spatial extents alone when C = 1; the result is of the same kind");
    line.input("--image", "in.png", image_,
               "A picture instead, values 0 to 255: each colour by itself. Without --padding it keeps its size (same)");
    line.output("--out", "y.npy|y.png", out_,
                "Where to: an array, or a picture whose values are rounded and clamped to 0..255; - is an array on "
                "standard output");
    line.flag("--adjoint", adjoint_,
              "The conjugate transpose of the layer's own map; --x then has the shape of the layer's output, and "
              "--input (or a layer file) states its input");
    line.text("--via", "matrix|operator|reference", via_,
              "The sparse matrix (default), the matrix-free operator, or plain loops",
              {"matrix", "operator", "reference"});
    line.input("--bias", "b.npy", bias_, "One value an output channel, added to it; not with --adjoint");
    line.text("--noise", "SIGMA", noise_,
              "Adds normally distributed noise of this standard deviation, of a picture in grey levels; the values "
              "then are float64");
    line.text("--seed", "N", seed_, "Of the noise; default 1");
    line.flag(
        "--json", as_json_,
        "Print JSON. The result's type is NumPy's result_type of x, kernel and bias, each first widened to one of "
        "int64, float32, float64, complex64, complex128; int64 is exact while it fits 64 bits (overflow is not "
        "detected)");
}

double Apply::noise() const {
    constexpr double most = 1e100;
    const double deviation = noise_ ? parse_real("--noise", *noise_) : 0;
    if (!(deviation >= 0 && deviation <= most)) throw InputError("--noise", *noise_, "a number from 0 to 1e100");
    return deviation;
}

void Apply::refuse_what_is_wrong() const {
    if (x_ && image_) throw InputError("--image", *image_, "either --x or --image");
    if (!x_ && !image_) throw InputError("--x", "not given", "the .npy file to apply the layer to, or --image");
    const std::string& out = required("--out", out_, "the file to write, y.npy or y.png");
    require_writable("--out", out_, out.ends_with(".png") ? ".png" : ".npy");
    if (bias_ && adjoint_) throw InputError("--bias", *bias_, "no bias together with --adjoint");
    if (seed_ && !noise_) throw InputError("--seed", *seed_, "--noise beside it");
}

ApplyRequest Apply::request() const {
    refuse_what_is_wrong();
    ApplyRequest request;
    request.noise = noise();
    if (seed_) request.seed = parse_seed("--seed", *seed_);
    request.via = via_ ? parse_via(*via_) : Via::matrix;
    request.adjoint = adjoint_;
    request.out = *out_;
    request.as_json = as_json_;
    request.x = x_ ? read_npy(*x_) : AnyTensor(read_png(*image_));
    return request;
}

// A PNG is one channel or three of two axes, and no batch.
void require_picture(const std::string& out, const Shape& shape) {
    const bool picture = shape.size() == 2 || (shape.size() == 3 && (shape[0] == 1 || shape[0] == 3));
    if (out.ends_with(".png") && !picture)
        throw InputError("--out", out, "a file that ends in .npy: the result has shape " + to_string(shape));
}

int Apply::run() {
    ApplyRequest request = this->request();
    const char* option = image_ ? "--image" : "--x";
    if (image_) layer_.pad_by_default("same");
    const auto x_shape = adjoint_ ? std::nullopt : std::optional(shape_of(request.x));
    Layer layer = layer_.layer_with_weights(x_shape, option);
    const Map map = adjoint_ ? adjoint_map(layer) : own_map(layer);
    const Samples samples = samples_of(shape_of(request.x), map.input, option);
    require_picture(request.out, samples.shape_of_all(map.output));
    if (bias_) request.bias = read_bias(*bias_, map.output.front());
    request.note = layer.note;
    request.kernel = std::move(*layer.kernel);
    ScalarKind kind = promote(kind_of(request.x), kind_of(request.kernel));
    if (request.bias) kind = promote(kind, kind_of(*request.bias));
    if (noise_) kind = promote(kind, ScalarKind::float64);
    if (noise_ && kind == ScalarKind::complex128)
        throw InputError("--noise", *noise_, "real numbers, not complex ones");
    with_scalar(kind, [&]<class S>() { apply_as<S>(request, map, samples, kind); });
    return 0;
}

} // namespace

std::unique_ptr<Command> apply() { return std::make_unique<Apply>(); }

} // namespace convmat::cli
