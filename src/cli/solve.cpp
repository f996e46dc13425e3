#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include <convmat/io/npy.hpp>
#include <convmat/io/output_file.hpp>
#include <convmat/picture/l_curve.hpp>

#include "commands.hpp"
#include "error.hpp"
#include "finite.hpp"
#include "output.hpp"
#include "picture_file.hpp"
#include "scalars.hpp"
#include "solve_report.hpp"
#include "solve_request.hpp"

namespace convmat::cli {
namespace {

using Clock = std::chrono::steady_clock;

template <class Report>
std::string text_as_asked(const SolveRequest& request, const Report& report) {
    return request.as_json ? json_of(report).text() : fitting(text_of(report));
}

// The files appear when there is nothing left that could fail but printing: which is not done where a result goes to
// where the report would stand.
template <class Report>
void deliver(const SolveRequest& request, OutputFiles& files, const Report& report) {
    const std::string text = printable(text_as_asked(request, report));
    files.commit();
    for (const auto* path : {&request.out, &request.l_curve, &request.standard_errors})
        if (*path == "/dev/stdout") return;
    print(text);
}

template <class S>
void add_result(OutputFiles& files, const std::string& path, const Tensor<S>& x) {
    if (!path.ends_with(".png")) return write_npy(files.open(path), x);
    if constexpr (std::is_same_v<S, double>)
        write_image(files, path, x);
    else
        throw InputError("--out", path, "a file that ends in .npy, for complex values");
}

// (N, C, n...) as the array of y was: colours as channels, without an axis where there was none.
template <class S>
Tensor<S> as_given(Tensor<S> x, const SolveInput& input, const Shape& one) {
    if (!input.is_image) return std::move(x).reshaped(input.samples.shape_of_all(one));
    const Shape shape = x.shape();
    if (shape.size() == one.size()) return x;
    return std::move(x).reshaped({shape[0] * shape[1], shape[2], shape[3]});
}

template <class S>
LambdaChoice chosen_lambda(const SolveRequest& request, LeastSquaresSolver<S>& solver, const Tensor<S>& y) {
    if (request.rule() == LambdaRule::gcv) return gcv_lambda(solver, y);
    const double noise = request.lambda_value() * std::sqrt(static_cast<double>(y.size()));
    return discrepancy_lambda(solver, y, noise);
}

std::string label_of(Penalty penalty) {
    return penalty == Penalty::identity ? "||x||" : concat("||", to_string(penalty), " of x||");
}

std::string picture_of(const std::vector<TradeOff>& tried, const SolveReport& report) {
    LCurve curve{.points = {}, .penalty = label_of(report.options.penalty)};
    for (const TradeOff& at : tried) curve.points.push_back({at.lambda, at.residual_norm, at.penalty_norm});
    if (report.lambda > 0) curve.chosen = report.lambda;
    const std::string& rule = report.lambda_method;
    curve.chosen_label = rule.empty() ? "as given" : rule.substr(0, rule.find(','));
    return l_curve_svg(curve);
}

template <class S>
SolveReport report_of(const SolveRequest& request, const LeastSquares<S>& found) {
    SolveReport report;
    report.out = *request.out;
    report.options = request.options();
    report.lambda = found.lambda;
    report.residual_norm = found.residual_norm;
    report.normal_residual = found.normal_residual;
    report.relative_normal_residual = found.relative_normal_residual;
    report.penalty_norm = found.penalty_norm;
    report.method = found.method;
    report.reason = found.reason;
    report.converged = found.converged;
    report.iterations = found.iterations;
    report.rank = found.rank;
    report.factor_nnz = found.factor_nnz;
    report.reciprocal_condition = found.reciprocal_condition;
    report.bytes = found.bytes;
    return report;
}

// A refusal of the method or the preconditioner, as one about the option; others are main()'s.
template <class Body>
auto blaming_the_method(const SolveRequest& request, const Body& body) {
    const auto blame = [](const char* option, const std::optional<std::string>& given, const Error& error) {
        return InputError(option, given.value_or("auto"), concat("a problem it can solve: ", error.what()));
    };
    try {
        return body();
    } catch (const SingularError& error) {
        throw blame("--method", request.method, error);
    } catch (const ArgumentError& error) {
        if (error.fault().parameter == "method") throw blame("--method", request.method, error);
        if (error.fault().parameter == "preconditioner") throw blame("--preconditioner", request.preconditioner, error);
        throw;
    }
}

// With a rule for λ: a method for some λ; the number follows.
LeastSquaresOptions options_of(const SolveRequest& request, const SolveInput& input) {
    LeastSquaresOptions options = request.options();
    options.form = input.layer.form;
    if (request.rule() != LambdaRule::number) options.lambda = 1e-2;
    return options;
}

template <class S>
SolvePlan plan_as(const SolveRequest& request, const SolveInput& input) {
    return LeastSquaresSolver<S>(input.layer.geometry, cast<S>(*input.layer.kernel), options_of(request, input)).plan();
}

template <class S>
SolveReport solve_as(const SolveRequest& request, const SolveInput& input, OutputFiles& files) {
    const auto start = Clock::now();
    const ConvGeometry& geometry = input.layer.geometry;
    LeastSquaresOptions options = options_of(request, input);
    Progress progress("solving");
    options.progress = [&](Index step, double left) {
        progress.update(fmt::format("solving, step {}: the normal equations hold to {:.2g}", step, left));
    };
    const bool automatic = request.rule() != LambdaRule::number;
    LeastSquaresSolver<S> solver(geometry, cast<S>(*input.layer.kernel), options);
    Tensor<S> y = cast<S>(input.y);
    Shape y_shape = solver.y_shape();
    if (input.samples.layout == Samples::Layout::batch) y_shape.insert(y_shape.begin(), input.samples.count);
    y = std::move(y).reshaped(y_shape);
    LambdaChoice choice;
    if (automatic) {
        choice = chosen_lambda(request, solver, y);
        solver.set_lambda(choice.lambda);
    }
    LeastSquares<S> found = solver.solve(y);
    SolveReport report = report_of(request, found);
    report.lambda_method = choice.method;
    report.lambda_inside = choice.inside;
    const Tensor<S> x = as_given(std::move(found.x), input, solver.x_shape());
    report.shape = x.shape();
    report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    add_result(files, *request.out, x);
    if (request.l_curve) {
        const std::string picture = picture_of(automatic ? choice.curve : l_curve(solver, y), report);
        files.open(*request.l_curve).write(std::string_view(picture));
    }
    return report;
}

template <class S>
KernelReport estimate_as(const SolveRequest& request, const Layer& layer, const AnyTensor& x, const AnyTensor& y,
                         const Samples& samples, OutputFiles& files) {
    const auto start = Clock::now();
    const Progress progress("estimating the kernel");
    const Shape x_shape = layer.input_shape(), y_shape = layer.output_shape();
    Shape xs = x_shape, ys = y_shape;
    if (samples.layout == Samples::Layout::batch) {
        xs.insert(xs.begin(), samples.count);
        ys.insert(ys.begin(), samples.count);
    }
    const auto found = estimate_kernel(layer.geometry, cast<S>(x).reshaped(xs), cast<S>(y).reshaped(ys),
                                       {.lambda = request.lambda_value(), .form = layer.form});
    KernelReport report{*request.out,
                        found.kernel.shape(),
                        request.lambda_value(),
                        found.residual_norm,
                        found.normal_residual,
                        found.noise_variance,
                        0,
                        found.rank,
                        found.most,
                        0};
    for (const double error : found.standard_errors.values())
        report.largest_standard_error = std::max(report.largest_standard_error, error);
    report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (request.standard_errors) write_npy(files.open(*request.standard_errors), found.standard_errors);
    write_npy(files.open(*request.out), found.kernel);
    return report;
}

bool is_complex_kind(ScalarKind kind) { return kind == ScalarKind::complex64 || kind == ScalarKind::complex128; }

// The channels before the spatial axes of y, where it has them, are those the layer writes.
Layer layer_between(SolveRequest& request, const Shape& x, const Shape& y) {
    const Layer layer = request.layer.layer(x);
    const auto rank = static_cast<std::size_t>(layer.geometry.rank());
    if (y.size() <= rank) return layer;
    request.layer.write_channels_by_default(y[y.size() - rank - 1]);
    return request.layer.layer(x);
}

int solve_kernel(SolveRequest& request) {
    const AnyTensor x = read_npy(*request.x), y = read_npy(*request.y);
    require_finite("--x", x);
    require_finite("--y", y);
    const Layer layer = layer_between(request, shape_of(x), shape_of(y));
    const Samples samples = samples_of(shape_of(x), layer.input_shape());
    const Samples of_y = samples_of(shape_of(y), layer.output_shape(), "--y");
    if (samples.count != of_y.count)
        throw InputError("--y", concat(of_y.count, " samples"), concat(samples.count, ", as many as --x has"));
    const bool complex = is_complex_kind(promote(kind_of(x), kind_of(y)));
    OutputFiles files;
    deliver(request, files,
            complex ? estimate_as<std::complex<double>>(request, layer, x, y, samples, files)
                    : estimate_as<double>(request, layer, x, y, samples, files));
    return 0;
}

int solve_input(SolveRequest& request) {
    const SolveInput input = read_input(request);
    require_finite("--kernel", *input.layer.kernel);
    const bool complex = is_complex_kind(promote(kind_of(input.y), kind_of(*input.layer.kernel)));
    if (request.plan) {
        print(text_as_asked(request, blaming_the_method(request, [&] {
                                return complex ? plan_as<std::complex<double>>(request, input)
                                               : plan_as<double>(request, input);
                            })));
        return 0;
    }
    if (complex && request.out->ends_with(".png"))
        throw InputError("--out", *request.out, "a file that ends in .npy, for complex values");
    OutputFiles files;
    const SolveReport report = blaming_the_method(request, [&] {
        return complex ? solve_as<std::complex<double>>(request, input, files)
                       : solve_as<double>(request, input, files);
    });
    deliver(request, files, report);
    return report.converged ? 0 : 1;
}

class Solve final : public Command {
    SolveRequest request_;

    CommandSummary summary() const override {
        return {
            "solve",
            "Find what a layer read from what it wrote, or its kernel from both: least squares, with a penalty",
            "what a layer read, found from what it wrote: x with the least ||W x - y||^2 + lambda^2 ||L x||^2. W is "
            "the layer's own matrix; with --x and --y the kernel is the unknown.",
            {"convmat solve --image blurred.png --kernel motion:9:45 --boundary half_symmetric --lambda gcv "
             "--out sharp.png",
             "convmat solve --layer L.json --kernel w.npy --y y.npy --lambda 0.1 --out x.npy --json",
             "convmat solve --image blurred.png --kernel motion:9:45 --lambda 0.1 --plan",
             "convmat solve --x x.npy --y y.npy --kernel-size 5x5 --padding same --out kernel.npy"}};
    }

    void add_to(CommandLine& line) override { request_.add_to(line); }

    int run() override {
        request_.refuse_what_is_wrong();
        return request_.of_kernel() ? solve_kernel(request_) : solve_input(request_);
    }
};

} // namespace

std::unique_ptr<Command> solve() { return std::make_unique<Solve>(); }

} // namespace convmat::cli
