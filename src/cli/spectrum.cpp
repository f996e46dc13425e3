#include <algorithm>
#include <array>

#include "commands.hpp"
#include "finite.hpp"
#include "output.hpp"
#include "spectrum_request.hpp"

namespace convmat::cli {
namespace {

bool writes_to_standard_output(const SpectrumRequest& request) {
    return std::ranges::any_of(std::array{request.vectors, request.null_space, request.plot},
                               [](const auto& path) { return path == "/dev/stdout"; });
}

class Spectrum final : public Command {
    SpectrumRequest request_;

    CommandSummary summary() const override {
        return {
            "spectrum",
            "Singular values, rank, null space and bounds of the norm, and how far a circle is from them",
            "what a layer's matrix does to lengths: its singular values, norm, condition, rank and null space, each "
            "with its error; bounds of the norm; and how far the circular approximation is from the truth.",
            {"convmat spectrum --input 32x32 --kernel gaussian:5:1.2 --padding same --plot curve.svg",
             "convmat spectrum --input 8x8 --kernel box:3 --stride 2 --transposed"}};
    }

    void add_to(CommandLine& line) override { request_.add_to(line); }

    int run() override {
        const Layer layer = request_.layer.layer_with_weights();
        request_.refuse_what_is_wrong(layer.form);
        require_finite("--kernel", *layer.kernel);
        OutputFiles files;
        const SpectrumFindings found = analyse(request_, layer, files);
        const std::string text = printable(request_.as_json ? json_of(found).text() : fitting(text_of(found)));
        files.commit();
        if (!writes_to_standard_output(request_)) print(text);
        return found.converged() ? 0 : 1;
    }
};

} // namespace

std::unique_ptr<Command> spectrum() { return std::make_unique<Spectrum>(); }

} // namespace convmat::cli
