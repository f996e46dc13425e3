#include <limits>
#include <optional>
#include <variant>

#include <fmt/format.h>

#include <convmat/base/checked.hpp>
#include <convmat/base/error.hpp>
#include <convmat/matrix/pattern.hpp>
#include <convmat/structure/classes.hpp>

#include "commands.hpp"
#include "layer_options.hpp"
#include "output.hpp"
#include "scalars.hpp"
#include "structure_facts.hpp"

namespace convmat::cli {
namespace {

// What info says of a layer; `rows`, `cols` and `nnz` are of the layer's own matrix.
struct Facts {
    Layer layer;
    ScalarKind kind = ScalarKind::float64;
    Index rows = 0;
    Index cols = 0;
    Index nnz = 0;
    Structure structure; // of W, also where the layer's matrix is W^T

    double density() const {
        return static_cast<double>(nnz) / (static_cast<double>(rows) * static_cast<double>(cols));
    }

    Index bytes(Index of_index) const {
        const Index entries = checked_mul(nnz, bytes_of(kind) + of_index, "bytes of W");
        return checked_add(entries, checked_mul(checked_add(rows, 1, "rows"), of_index, "bytes of W"), "bytes of W");
    }

    std::optional<Index> bytes_with_int() const {
        constexpr Index most = std::numeric_limits<int>::max();
        return nnz <= most && rows < most && cols <= most ? std::optional(bytes(4)) : std::nullopt;
    }
};

Structure structure_of(const Layer& layer) {
    if (!layer.kernel) return convmat::structure_of(layer.geometry);
    return std::visit([&](const auto& kernel) { return convmat::structure_of(layer.geometry, kernel); }, *layer.kernel);
}

Facts facts_of(Layer layer) {
    const ConvPattern<Eigen::RowMajor, std::int64_t> pattern(layer.geometry, layer.form);
    const auto kind = layer.kernel ? kind_of(*layer.kernel) : ScalarKind::float64;
    Structure structure = structure_of(layer);
    return {std::move(layer), kind, pattern.rows(), pattern.cols(), pattern.nnz(), std::move(structure)};
}

std::string weight_layout(Form form) {
    return form == Form::matrix ? "(out, in/groups, k...)"
                                : "(in, out/groups, k...), the same array as (out, in/groups, "
                                  "k...) of W";
}

std::string text(const Facts& f) {
    const auto with_int = f.bytes_with_int();
    std::string out =
        fmt::format("layer     {} -> {}{}\n", to_string(f.layer.input_shape()), to_string(f.layer.output_shape()),
                    f.layer.form == Form::matrix ? "" : " (transposed: the matrix is W^T)");
    out += fmt::format("weights   {} {}, {}\n", to_string(f.layer.geometry.kernel_shape()), weight_layout(f.layer.form),
                       name_of(f.kind));
    out += fmt::format("matrix    {} rows, {} columns\n", f.rows, f.cols);
    out += fmt::format("nonzeros  {} ({:.4g} of all entries)\n", f.nnz, f.density());
    out += fmt::format("bytes     {} with int indices, {} with int64\n",
                       with_int ? fmt::format("{}", *with_int) : "too large", f.bytes(8));
    for (const StructureFact& fact : f.structure.facts)
        out += fmt::format("structure {}{}\n", f.layer.form == Form::matrix ? "" : "of W: ", to_text(fact));
    if (!f.layer.note.empty()) out += "note      " + f.layer.note + "\n";
    out += "\n";
    if (!f.layer.reading.empty()) out += f.layer.reading + "\n";
    return out + f.layer.geometry.explain();
}

Json json_of_facts(const Facts& f) {
    const auto with_int = f.bytes_with_int();
    Json out = {{"transposed", f.layer.form == Form::transpose},
                {"input", f.layer.input_shape()},
                {"output", f.layer.output_shape()},
                {"weights", f.layer.geometry.kernel_shape()},
                {"weight_layout", weight_layout(f.layer.form)},
                {"groups", f.layer.geometry.groups()},
                {"dtype", name_of(f.kind)},
                {"rows", f.rows},
                {"cols", f.cols},
                {"nnz", f.nnz},
                {"density", f.density()}};
    out["bytes_int32"] = with_int ? Json(*with_int) : Json(nullptr);
    out["bytes_int64"] = f.bytes(8);
    out["structure"] = json_of(f.structure);
    if (!f.layer.reading.empty()) out["read_as"] = f.layer.reading;
    if (!f.layer.note.empty()) out["note"] = f.layer.note;
    out["explain"] = f.layer.geometry.explain();
    return out;
}

class Info final : public Command {
    LayerOptions options_;
    bool as_json_ = false;

    CommandSummary summary() const override {
        return {"info",
                "Shapes, nonzeros and bytes of a layer's matrix, and why they are what they are",
                "what a layer's matrix is: shapes, nonzeros, bytes and structure, without building it.",
                {"convmat info --input 3x64x64 --kernel-size 3x3 --out-channels 16 --stride 2 --padding 1"}};
    }

    void add_to(CommandLine& line) override {
        options_.add_to(line);
        line.heading("Options");
        line.flag("--json", as_json_, "Print JSON");
    }

    int run() override {
        const Facts facts = facts_of(options_.layer());
        if (as_json_)
            print(json_of_facts(facts).text());
        else
            print_report(text(facts));
        return 0;
    }
};

} // namespace

std::unique_ptr<Command> info() { return std::make_unique<Info>(); }

} // namespace convmat::cli
