#include <algorithm>

#include <convmat/geometry/conventions/pytorch.hpp>

#include "systems.hpp"
#include "words.hpp"

namespace convmat::cli {
namespace {

ConventionLayer read_pytorch(const Words& words) {
    static const WordList<PyTorchPadding> rules = {{"same", PyTorchPadding::same}, {"valid", PyTorchPadding::valid}};
    static const WordList<PyTorchPaddingMode> modes = {
        {"zeros", PyTorchPaddingMode::zeros},         {"reflect", PyTorchPaddingMode::reflect},
        {"replicate", PyTorchPaddingMode::replicate}, {"circular", PyTorchPaddingMode::circular},
        {"zero", PyTorchPaddingMode::zeros},          {"whole_symmetric", PyTorchPaddingMode::reflect},
        {"periodic", PyTorchPaddingMode::circular}};
    const LayerDescription& d = words.description();
    PyTorchConv layer = {.input = d.input,
                         .in_channels = *d.in_channels,
                         .out_channels = *d.out_channels,
                         .kernel_size = d.kernel,
                         .stride = d.stride,
                         .dilation = d.dilation,
                         .groups = *d.groups,
                         .padding_mode = words.named("--boundary", d.boundary_text.value_or("zeros"), modes)};
    if (const auto* rule = find(rules, words.padding()))
        layer.padding = *rule;
    else
        layer.padding = words.padding_numbers(words.padding(), "numbers, same or valid");
    return from_pytorch(layer);
}

// convmat's transposed layer has any boundary: it is W^T of a W that has.
[[noreturn]] void refuse_boundary(const Words& words) {
    const std::string text = *words.description().boundary_text;
    const std::string mode = lower_case(text);
    const std::string own = mode == "circular" ? "periodic" : mode == "reflect" ? "whole_symmetric" : mode;
    const auto names = boundary_names();
    const std::string hint =
        std::ranges::find(names, own) == names.end()
            ? std::string()
            : "; the transpose of a layer with that boundary is --boundary " + own + " without --convention";
    words.refuse("--boundary", text, "zeros, the only one a transposed layer has,", hint);
}

ConventionLayer read_pytorch_transposed(const Words& words) {
    const LayerDescription& d = words.description();
    if (d.boundary_text && lower_case(*d.boundary_text) != "zeros" && lower_case(*d.boundary_text) != "zero")
        refuse_boundary(words);
    return from_pytorch(PyTorchConvTranspose{.input = d.input,
                                             .in_channels = *d.in_channels,
                                             .out_channels = *d.out_channels,
                                             .kernel_size = d.kernel,
                                             .stride = d.stride,
                                             .padding = words.padding_numbers(words.padding()),
                                             .output_padding = d.output_padding,
                                             .groups = *d.groups,
                                             .dilation = d.dilation,
                                             .output_size = d.output_size});
}

} // namespace

std::vector<Convention> pytorch_rows() {
    using enum Feature;
    return {{.name = "pytorch",
             .convolution = {.weights = "Oik",
                             .padding = "0",
                             .features = {stride, dilation, channels, boundary},
                             .read = read_pytorch},
             .transposed = {.weights = "Iok",
                            .padding = "0",
                            .features = {stride, dilation, channels, boundary, output_padding, output_size},
                            .read = read_pytorch_transposed}}};
}

} // namespace convmat::cli
