#include <convmat/geometry/conventions/matlab.hpp>

#include "systems.hpp"
#include "words.hpp"

namespace convmat::cli {
namespace {

ConventionLayer read_matlab(const Words& words) {
    static const WordList<MatlabShape> shapes = {
        {"full", MatlabShape::full}, {"same", MatlabShape::same}, {"valid", MatlabShape::valid}};
    const LayerDescription& d = words.description();
    return from_matlab({.a = d.input,
                        .b = d.kernel,
                        .shape = words.named("--padding", words.padding(), shapes),
                        .channels = *d.in_channels});
}

} // namespace

std::vector<Convention> matlab_rows() {
    return {{.name = "matlab",
             .other_name = "octave",
             .convolution = {.weights = "k", .padding = "full", .read = read_matlab}}};
}

} // namespace convmat::cli
