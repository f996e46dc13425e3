#include <algorithm>
#include <cmath>
#include <complex>
#include <functional>

#include <fmt/format.h>

#include <convmat/base/random.hpp>
#include <convmat/io/npy.hpp>

#include "check_memory.hpp"
#include "checks.hpp"
#include "commands.hpp"
#include "error.hpp"
#include "extents.hpp"
#include "finite.hpp"
#include "identity_report.hpp"
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

Json json_of_comparisons(const std::vector<Comparison>& results) {
    Json list = Json::array();
    for (const Comparison& c : results) {
        Json item = {{"what", c.what},    {"ok", c.ok()},     {"dtype", name_of(c.kind)},
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

// In the scalar the identities are checked in: exact integers where everything is, else double precision.
identities::AnyCase case_of(const Layer& layer, const Data& data, std::uint64_t seed) {
    const auto in = [&]<class S>(S) -> AnyCase {
        return identities::IdentityCase<S>{layer.geometry, cast<S>(data.kernel), cast<S>(data.x), cast<S>(data.y),
                                           seed};
    };
    switch (promote(kind_of(data.kernel), promote(kind_of(data.x), kind_of(data.y)))) {
    case ScalarKind::int64:
        return in(std::int64_t{});
    case ScalarKind::float32:
    case ScalarKind::float64:
        return in(double{});
    default:
        return in(std::complex<double>{});
    }
}

struct CheckOptions {
    LayerOptions layer;
    std::optional<std::string> x, seed, only, explain, random, rank;
    bool list = false;
    bool as_json = false;

    void add_to(CommandLine& line) {
        layer.add_to(line);
        line.heading("Options");
        line.input("--x", "in.npy", x, "What the layer reads; of a batch, the first. Default: random integers");
        line.text("--seed", "N", seed,
                  "Of the random integers that stand for everything not given; default 1. Integers are compared "
                  "exactly, as int64 and as float64, other numbers within the rounding bound that is printed");
        line.text("--only", "I-22,I-18", only, "Only these identities, nothing else");
        line.text("--explain", "I-22", explain,
                  "State an identity and show both of its sides: on the layer, or on an example where none is given");
        line.text("--random", "N", random, "Instead of one layer N random ones of --rank, from --seed on");
        line.text("--rank", "D", rank, "Of the random layers, 1 to 4; default 2");
        line.flag("--list", list, "The catalogue as a table in Markdown (with --json: as data)");
        line.flag("--json", as_json, "Print JSON");
    }

    std::uint64_t seed_value() const { return seed ? parse_seed("--seed", *seed) : 1; }

    std::vector<const Identity*> chosen() const { return only ? parse_identities("--only", *only) : all_identities(); }

    // Throws InputError where one option leaves another nothing to say.
    void refuse_contradictions() const {
        const auto refuse = [](bool stated, const char* option, const char* beside) {
            if (stated) throw InputError(option, "given", concat("nothing of the kind beside ", beside));
        };
        const bool of_layer = layer.given() || x;
        if (list) {
            refuse(of_layer, "a layer", "--list");
            refuse(only || explain || random || rank || seed, "another option", "--list");
        }
        if (random) refuse(of_layer, "a layer", "--random, which draws its own");
        if (random) refuse(explain.has_value(), "--explain", "--random");
        if (!random) refuse(rank.has_value(), "--rank", "a layer: it is for --random");
        if (explain) refuse(only.has_value(), "--only", "--explain");
        if (explain) refuse(as_json, "--json", "--explain, which prints text");
    }
};

// States each of the identities on the layer for it; 1 when one fails there.
int explain_all(const std::string& ids, const std::function<AnyCase(const Identity&)>& layer_for) {
    bool fails = false;
    for (const Identity* identity : parse_identities("--explain", ids)) {
        const AnyCase layer = layer_for(*identity);
        print(identities::explain(*identity, layer) + "\n");
        fails = fails || identities::check(*identity, layer).verdict == Verdict::fails;
    }
    return fails ? 1 : 0;
}

int check_layer_of(const CheckOptions& options) {
    std::optional<AnyTensor> x;
    if (options.x) x = read_npy(*options.x);
    // Where NaN and infinities go depends on which products are made, not on whether the matrix is right.
    if (x) require_finite("--x", *x);
    const Layer layer = options.layer.layer(x ? std::optional(shape_of(*x)) : std::nullopt);
    ScalarKind kind = ScalarKind::int64; // of what is drawn
    if (layer.kernel) kind = promote(kind, kind_of(*layer.kernel));
    if (x) kind = promote(kind, kind_of(*x));
    require_memory_to_check(layer.geometry, kind);
    if (layer.kernel) require_finite("--kernel", *layer.kernel);
    const Data data = data_for(layer, x, options.seed_value());
    const AnyCase layer_case = case_of(layer, data, options.seed_value());
    if (options.explain) return explain_all(*options.explain, [&](const Identity&) { return layer_case; });
    const auto chosen = options.chosen();
    const auto comparisons = options.only ? std::vector<Comparison>() : compare_all(layer, data);
    const auto results = check_identities(chosen, layer_case);
    if (options.as_json)
        print(Json{{"comparisons", json_of_comparisons(comparisons)}, {"identities", json_of(results)}}.text());
    else
        print(text(comparisons) + (comparisons.empty() ? "" : "\n") + table_of(results));
    const bool ok = std::ranges::all_of(comparisons, &Comparison::ok) &&
                    std::ranges::all_of(results, [](const IdentityResult& r) { return r.verdict != Verdict::fails; });
    return ok ? 0 : 1;
}

int check_random(const CheckOptions& options) {
    const Index layers = parse_integer("--random", *options.random);
    const Index rank = options.rank ? parse_integer("--rank", *options.rank) : 2;
    if (layers < 1) throw InputError("--random", *options.random, "a number of layers from 1");
    if (rank < 1 || rank > 4) throw InputError("--rank", *options.rank, "1 to 4");
    const auto chosen = options.chosen();
    const RandomChecks checks = check_random_layers(chosen, rank, layers, options.seed_value());
    print(options.as_json ? json_of(checks).text() : table_of(checks));
    return checks.ok() ? 0 : 1;
}

class Check final : public Command {
    CheckOptions options_;

    CommandSummary summary() const override {
        return {"check",
                "Check a layer: its matrices against plain loops, and the identities that hold for it",
                "compare a layer's matrices with plain loops, then check what is true of it: a table of the identities "
                "that hold, that do not apply and why, and that fail.",
                {"convmat check --input 3x20x20 --kernel-size 3x3 --out-channels 4 --stride 2 --padding 1 "
                 "--boundary periodic,zero",
                 "convmat check --explain I-9", "convmat check --random 10 --rank 3"}};
    }

    void add_to(CommandLine& line) override { options_.add_to(line); }

    int run() override {
        options_.refuse_contradictions();
        if (options_.only) (void)options_.chosen(); // a wrong one is named before anything else
        if (options_.list) return print(options_.as_json ? catalogue_json().text() : catalogue_page()), 0;
        if (options_.random) return check_random(options_);
        (void)options_.seed_value();
        if (options_.explain && !options_.layer.given() && !options_.x)
            return explain_all(*options_.explain, example_of);
        return check_layer_of(options_);
    }
};

} // namespace

std::unique_ptr<Command> check() { return std::make_unique<Check>(); }

} // namespace convmat::cli
