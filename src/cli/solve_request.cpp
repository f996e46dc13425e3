#include "solve_request.hpp"

#include <algorithm>
#include <array>

#include <convmat/io/image.hpp>
#include <convmat/io/npy.hpp>

#include "error.hpp"
#include "extents.hpp"
#include "finite.hpp"
#include "names.hpp"
#include "scalars.hpp"
#include "writable.hpp"

namespace convmat::cli {
namespace {

// The names of `count` enumerators.
template <class Enum>
std::vector<std::string> enum_names(int count) {
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i) names.emplace_back(to_string(static_cast<Enum>(i)));
    return names;
}

constexpr int penalties = 4, methods = 12, preconditioners = 4;

// The enumerator whose name was given, of `count` ones.
template <class Enum>
Enum parse_name(const char* option, const std::string& text, int count) {
    const auto names = enum_names<Enum>(count);
    for (int i = 0; i < count; ++i)
        if (names[static_cast<std::size_t>(i)] == text) return static_cast<Enum>(i);
    throw InputError(option, text, one_of(text, names));
}

constexpr std::string_view discrepancy = "discrepancy:";

// Each channel through the same kernel, on its own.
bool is_one_stencil(const Layer& layer) {
    const ConvGeometry& g = layer.geometry;
    if (g.groups() == 1 || g.groups() != g.in_channels() || g.groups() != g.out_channels()) return false;
    return std::visit(
        [&](const auto& kernel) {
            const Index each = g.kernel_size();
            for (Index i = each; i < kernel.size(); ++i)
                if (kernel[i] != kernel[i % each]) return false;
            return true;
        },
        *layer.kernel);
}

// x has the shape of y unless something else was said.
Layer layer_of_same_shape(const SolveRequest& request, const Shape& y_shape, const char* option) {
    Layer layer = request.layer.layer_with_weights(y_shape, option);
    const Shape& one = layer.output_shape();
    if (!std::equal(one.rbegin(), one.rend() - 1, y_shape.rbegin()))
        throw InputError(option, "shape " + to_string(y_shape),
                         concat("--input beside it: the layer does not keep extents, it makes ", to_string(one), " of ",
                                to_string(layer.input_shape())));
    return layer;
}

SolveInput read_image(SolveRequest& request) {
    SolveInput input{{ConvGeometry({.input = {1}, .kernel = {1}}), Form::matrix, {}, {}, {}}, {}, {}, true};
    Tensor<double> pixels = read_png(*request.image);
    Shape shape = pixels.shape();
    if (!request.layer.input_given()) {
        request.layer.pad_by_default("same");
        input.layer = layer_of_same_shape(request, shape, "--image");
        if (is_one_stencil(input.layer)) {
            const Shape grey(shape.begin() + 1, shape.end());
            input.layer = layer_of_same_shape(request, grey, "--image");
            input.samples = {Samples::Layout::batch, shape.front()};
            pixels = std::move(pixels).reshaped({shape[0], 1, shape[1], shape[2]});
            input.y = std::move(pixels);
            return input;
        }
    } else {
        input.layer = request.layer.layer_with_weights();
    }
    input.samples = samples_of(shape, input.layer.output_shape(), "--image");
    input.y = std::move(pixels);
    return input;
}

} // namespace

void SolveRequest::add_to(CommandLine& line) {
    layer.add_to(line);
    line.heading("What is known, and where the result goes");
    line.input("--y", "y.npy", y,
               "What the layer wrote: shape (O, m...), a batch (N, O, m...), or extents alone if O = 1");
    line.input("--image", "in.png", image,
               "The same as a PNG, values 0 to 255; every colour through the kernel on its own. Without --input and "
               "--padding, the layer keeps its extents");
    line.input(
        "--x", "x.npy", x,
        "What it read: then the kernel is found that makes y of x, with --kernel-size or a layer file in place of "
        "--kernel");
    line.output("--out", "x.npy|x.png", out, "The result; PNG values are rounded and clamped to 0..255");
    line.heading("The problem: min ||W x - y||^2 + lambda^2 ||L x||^2");
    line.text("--lambda", "X|gcv|discrepancy:S", lambda,
              "A number (default 0); generalised cross-validation; or the discrepancy principle for noise of standard "
              "deviation S. Small beside the sum of the kernel's |weights|");
    line.text("--penalty", "L", penalty,
              "L: identity (default), gradient, laplacian (differences of neighbours), or none",
              enum_names<Penalty>(penalties));
    line.flag("--minimum-norm", minimum_norm, "Where several x are as good, the one of least ||x||");
    add_method_to(line);
    line.heading("Output");
    line.output("--l-curve", "FILE.svg", l_curve, "Residual against ||L x|| for many lambda");
    line.output("--standard-errors", "FILE.npy", standard_errors, "Of the kernel's weights, with --x");
    line.flag("--json", as_json, "Print JSON; null is what the method does not know");
}

void SolveRequest::add_method_to(CommandLine& line) {
    line.heading("How it is solved");
    line.text("--method", "NAME", method,
              "auto (default), by structure fft dct kronecker triangular, by SuiteSparse cholmod spqr umfpack klu, by "
              "iteration lsqr lsmr cg",
              enum_names<SolveMethod>(methods));
    line.text("--preconditioner", "NAME", preconditioner, "Of an iteration: auto (default) none diagonal circulant",
              enum_names<Preconditioner>(preconditioners));
    line.text(
        "--tolerance", "X", tolerance,
        "An iteration stops at ||W^H (y - W x) - lambda^2 L^H L x|| <= X ||W^H y||; default 1e-8, for an image 1e-6");
    line.text("--most-steps", "N", most_steps, "Of an iteration; default 5000");
    line.text("--memory", "BYTES", memory, "What factors may take; default what there is");
    line.flag("--plan", plan,
              "Print every method with the seconds and the memory it would take, or why it cannot; solve and write "
              "nothing");
}

LambdaRule SolveRequest::rule() const {
    if (lambda == "gcv") return LambdaRule::gcv;
    return lambda && lambda->starts_with(discrepancy) ? LambdaRule::discrepancy : LambdaRule::number;
}

double SolveRequest::lambda_value() const {
    if (!lambda || rule() == LambdaRule::gcv) return 0;
    const bool noise = rule() == LambdaRule::discrepancy;
    const std::string number = noise ? lambda->substr(discrepancy.size()) : *lambda;
    double value = -1;
    try {
        value = parse_real("--lambda", number);
    } catch (const InputError&) {
    }
    const bool in_range = value == 0 || (value >= 1e-150 && value <= 1e150); // its square is a number too
    if (!in_range)
        throw InputError("--lambda", *lambda,
                         "0 or a number from 1e-150 to 1e150, gcv, or discrepancy:S of such a number");
    return value;
}

LeastSquaresOptions SolveRequest::options() const {
    LeastSquaresOptions result;
    if (rule() == LambdaRule::number) result.lambda = lambda_value();
    if (penalty) result.penalty = parse_name<Penalty>("--penalty", *penalty, penalties);
    if (method) result.method = parse_name<SolveMethod>("--method", *method, methods);
    if (preconditioner)
        result.preconditioner = parse_name<Preconditioner>("--preconditioner", *preconditioner, preconditioners);
    if (minimum_norm) result.solution = Solution::minimum_norm;
    if (image) result.tolerance = 1e-6; // far below a grey level
    if (tolerance) {
        result.tolerance = parse_real("--tolerance", *tolerance);
        if (!(result.tolerance > 0 && result.tolerance < 1))
            throw InputError("--tolerance", *tolerance, "a number between 0 and 1");
    }
    if (most_steps) {
        result.most_steps = parse_integer("--most-steps", *most_steps);
        if (result.most_steps < 1) throw InputError("--most-steps", *most_steps, "a number from 1");
    }
    if (memory) {
        result.most_memory = parse_integer("--memory", *memory);
        if (*result.most_memory < 1) throw InputError("--memory", *memory, "a number of bytes from 1");
    }
    return result;
}

void SolveRequest::refuse_what_is_wrong() const {
    const LeastSquaresOptions wanted = options();
    (void)lambda_value();
    if (y && image) throw InputError("--image", *image, "either --y or --image");
    if (!y && !image) throw InputError("--y", "not given", "a .npy file of what the layer wrote, or --image");
    if (plan && of_kernel()) throw InputError("--plan", "given", "no --x beside it: kernels are found by one method");
    if (!plan) required("--out", out, of_kernel() ? "the .npy file to write the kernel to" : "the file to write x to");
    const bool png = out && out->ends_with(".png");
    if (!png) require_writable("--out", out, ".npy");
    if (png) require_writable("--out", out, ".png");
    require_writable("--l-curve", l_curve, ".svg");
    require_writable("--standard-errors", standard_errors, ".npy");
    const bool chosen = rule() != LambdaRule::number;
    if (chosen && wanted.penalty == Penalty::none) throw InputError("--lambda", *lambda, "a penalty other than none");
    if (l_curve && wanted.penalty == Penalty::none)
        throw InputError("--l-curve", *l_curve, "a penalty other than none");
    if (standard_errors && !of_kernel()) throw InputError("--standard-errors", *standard_errors, "--x beside it");
    if (!of_kernel()) return;
    if (image) throw InputError("--image", *image, "--y when --x is given");
    if (layer.kernel_given()) throw InputError("--x", *x, "no --kernel, which is then what is looked for");
    if (png) throw InputError("--out", *out, "a file that ends in .npy, for a kernel");
    if (chosen) throw InputError("--lambda", *lambda, "a number, where the kernel is looked for");
    const auto only_for_x = [](const char* option, const std::optional<std::string>& value) {
        if (value) throw InputError(option, *value, "no --x beside it: kernels are found by QR of their design");
    };
    only_for_x("--method", method);
    only_for_x("--penalty", penalty);
    only_for_x("--preconditioner", preconditioner);
    only_for_x("--l-curve", l_curve);
    only_for_x("--tolerance", tolerance);
    only_for_x("--most-steps", most_steps);
    only_for_x("--memory", memory);
    if (minimum_norm)
        throw InputError("--minimum-norm", "given", "no --x beside it: the kernel is always of least norm");
    if (standard_errors == out) throw InputError("--standard-errors", *standard_errors, "another file than --out");
}

SolveInput read_input(SolveRequest& request) {
    if (request.image) return read_image(request);
    AnyTensor y = read_npy(*request.y);
    const Shape shape = shape_of(y);
    Layer layer =
        request.layer.input_given() ? request.layer.layer_with_weights() : layer_of_same_shape(request, shape, "--y");
    const Samples samples = samples_of(shape, layer.output_shape(), "--y");
    require_finite("--y", y);
    return {std::move(layer), std::move(y), samples, false};
}

} // namespace convmat::cli
