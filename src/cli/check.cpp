#include <algorithm>
#include <cmath>
#include <complex>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <convmat/base/random.hpp>
#include <convmat/io/npy.hpp>

#include "check_memory.hpp"
#include "checks.hpp"
#include "commands.hpp"
#include "error.hpp"
#include "extents.hpp"
#include "layer_options.hpp"
#include "output.hpp"
#include "samples.hpp"

namespace convmat::cli {
namespace {

// The arrays of a layer: x is what W reads, y what W^T reads.
struct Data {
    AnyTensor kernel;
    AnyTensor x;
    AnyTensor y;
};

AnyTensor first_sample(const AnyTensor& all, const Shape& one) {
    return std::visit(
        [&](const auto& values) -> AnyTensor {
            const Samples samples = samples_of(values.shape(), one);
            if (samples.count == 0)
                throw InputError("--x", "shape " + to_string(values.shape()), "at least one sample");
            return samples.sample(values, 0, one);
        },
        all);
}

// Where NaN and infinities go depends on which products are made, not on whether the matrix is right.
void require_finite(const char* option, const AnyTensor& array) {
    std::visit(
        [&]<class S>(const Tensor<S>& values) {
            if constexpr (!std::is_integral_v<S>)
                for (Index i = 0; i < values.size(); ++i)
                    if (const std::complex<double> z(values[i]); !std::isfinite(z.real()) || !std::isfinite(z.imag()))
                        throw InputError(option, concat(text_of(values[i]), " at index ", i), "finite values");
        },
        array);
}

Data data_for(const Layer& layer, const std::optional<AnyTensor>& x, std::uint64_t seed) {
    const ConvGeometry& g = layer.geometry;
    Data data = {layer.kernel.value_or(random_integers(g.kernel_shape(), seed)),
                 random_integers(g.input_shape(), seed + 1), random_integers(g.output_shape(), seed + 2)};
    if (x) (layer.form == Form::matrix ? data.x : data.y) = first_sample(*x, layer.input_shape());
    return data;
}

std::vector<Comparison> check_as(ScalarKind kind, const ConvGeometry& geometry, const Data& data) {
    return with_scalar(
        kind, [&]<class S>() { return check_layer(geometry, cast<S>(data.kernel), cast<S>(data.x), cast<S>(data.y)); });
}

// Integers are compared twice, as int64 and as float64: exactly in both.
std::vector<Comparison> compare_all(const Layer& layer, const Data& data) {
    const ScalarKind kind = promote(kind_of(data.kernel), promote(kind_of(data.x), kind_of(data.y)));
    const bool integers = kind == ScalarKind::int64;
    std::vector<Comparison> results = check_as(kind, layer.geometry, data);
    if (integers) std::ranges::move(check_as(ScalarKind::float64, layer.geometry, data), std::back_inserter(results));
    return results;
}

nlohmann::ordered_json json(const std::vector<Comparison>& results) {
    auto list = nlohmann::ordered_json::array();
    for (const Comparison& c : results) {
        nlohmann::ordered_json item = {{"what", c.what},    {"ok", c.ok()},     {"dtype", name_of(c.kind)},
                                       {"values", c.count}, {"bound", c.bound}, {"largest_difference", c.largest}};
        if (c.difference)
            item["first"] = {
                {"index", c.difference->index}, {"found", c.difference->found}, {"expected", c.difference->expected}};
        list.push_back(std::move(item));
    }
    return list;
}

std::string text(const std::vector<Comparison>& results) {
    std::string lines;
    for (const Comparison& result : results) lines += line_of(result) + "\n";
    return lines;
}

std::uint64_t parse_seed(const std::string& text) {
    const Index seed = parse_integer("--seed", text);
    if (seed < 0) throw InputError("--seed", text, "an integer from 0");
    return static_cast<std::uint64_t>(seed);
}

} // namespace

int check(const Arguments& arguments) {
    LayerOptions options;
    std::optional<std::string> x_path, seed;
    bool as_json = false;
    CommandLine line("check",
                     "Compare a layer's matrices with plain loops: W x, W^T y, M(x) k, both storage orders, <W x, y> = "
                     "<x, W^T y>",
                     "  convmat check --input 3x20x20 --kernel-size 3x3 --out-channels 4 --stride 2 --padding 1 \\\n"
                     "    --boundary periodic,zero");
    options.add_to(line);
    line.heading("Options");
    line.text("--x", "in.npy", x_path, "What the layer reads; of a batch, the first. Default: random integers");
    line.text(
        "--seed", "N", seed,
        "Of the random integers that stand for everything not given; default 1. Integers are compared exactly, as "
        "int64 and as float64, other numbers within the rounding bound that is printed");
    line.flag("--json", as_json, "Print JSON");
    if (!line.parse(arguments)) return 0;

    std::optional<AnyTensor> x;
    if (x_path) x = read_npy(*x_path);
    if (x) require_finite("--x", *x);
    const std::uint64_t seed_value = seed ? parse_seed(*seed) : 1;
    const Layer layer = options.layer(x ? std::optional(shape_of(*x)) : std::nullopt);
    ScalarKind kind = ScalarKind::int64; // of what is drawn
    if (layer.kernel) kind = promote(kind, kind_of(*layer.kernel));
    if (x) kind = promote(kind, kind_of(*x));
    require_memory_to_check(layer.geometry, kind);
    if (layer.kernel) require_finite("--kernel", *layer.kernel);
    const auto results = compare_all(layer, data_for(layer, x, seed_value));
    print(as_json ? json(results).dump(2) + "\n" : text(results));
    return std::ranges::all_of(results, &Comparison::ok) ? 0 : 1;
}

} // namespace convmat::cli
