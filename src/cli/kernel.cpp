#include "kernel.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <utility>
#include <vector>

#include <convmat/io/npy.hpp>

#include "error.hpp"
#include "extents.hpp"
#include "literal.hpp"
#include "named_kernels.hpp"
#include "names.hpp"
#include "scalars.hpp"

namespace convmat::cli {
namespace {

using Pieces = std::vector<std::string_view>;
using Integers = Tensor<std::int64_t>;

constexpr std::string_view expected_kernel =
    "a .npy file, numbers such as 0,1;2,3, or one of box:3 gaussian:5:1.2 binomial:5 laplacian sobel-x sobel-y "
    "motion:9:45 bilinear:4 delta:3";

[[noreturn]] void refuse(const std::string& text, std::string_view expected) {
    throw InputError("--kernel", text.empty() ? "no text" : text, expected);
}

// "3" is 3x3 where the rank is 2; more extents are taken as they are.
Shape extents_of(const std::string& text, std::string_view piece, std::size_t rank) {
    Shape extents;
    try {
        extents = parse_extents("--kernel", piece);
    } catch (const InputError&) {
        refuse(text, "an extent after the ':', as in box:3 or box:3x5");
    }
    const bool sound = std::ranges::all_of(extents, [](Index k) { return k >= 1 && k <= 4096; });
    if (!sound) refuse(text, "extents from 1 to 4096");
    return extents.size() == 1 ? Shape(rank, extents.front()) : extents;
}

double positive(const std::string& text, std::string_view piece, std::string_view expected) {
    double value = 0;
    try {
        value = parse_real("--kernel", piece);
    } catch (const InputError&) {
        refuse(text, expected);
    }
    if (!(value > 0)) refuse(text, expected);
    return value;
}

AnyTensor motion_of(const std::string& text, const Pieces& pieces) {
    const double length =
        positive(text, pieces[1], "a length from 1 to 4096 and an angle in degrees, as in motion:9:45");
    if (length < 1 || length > 4096) refuse(text, "a length from 1 to 4096");
    double degrees = 0;
    try {
        degrees = parse_real("--kernel", pieces[2]);
    } catch (const InputError&) {
        refuse(text, "an angle in degrees, as in motion:9:45");
    }
    if (std::abs(degrees) > 360) refuse(text, "an angle from -360 to 360 degrees");
    return motion(length, degrees * std::numbers::pi / 180);
}

// What follows the name, and the rank that a lone extent has.
struct NamedText {
    const std::string& text;
    Pieces pieces;
    std::size_t rank;

    Shape extents() const { return extents_of(text, pieces[1], rank); }
};

AnyTensor gaussian_of(const NamedText& of) {
    const double sigma = positive(of.text, of.pieces[2], "an extent and a positive sigma, as in gaussian:5:1.2");
    return separable(of.extents(), [sigma](Index k) { return gaussian_profile(k, sigma); });
}

AnyTensor plane(Shape shape, std::vector<std::int64_t> values) { return Integers(std::move(shape), std::move(values)); }

struct Named {
    std::string_view name;
    std::size_t pieces; ///< with the name itself
    std::function<AnyTensor(const NamedText&)> make;
    bool is_plane = false; ///< two axes, whatever the input has
};

const std::vector<Named>& named_kernels() {
    using T = const NamedText&;
    static const std::vector<Named> table = {
        {"box", 2, [](T of) -> AnyTensor { return separable(of.extents(), box_profile); }},
        {"gaussian", 3, gaussian_of},
        {"binomial", 2, [](T of) -> AnyTensor { return separable(of.extents(), binomial_profile); }},
        {"bilinear", 2, [](T of) -> AnyTensor { return separable(of.extents(), bilinear_profile); }},
        {"delta", 2, [](T of) -> AnyTensor { return delta(of.extents()); }},
        {"motion", 3, [](T of) { return motion_of(of.text, of.pieces); }, true},
        {"laplacian", 1,
         [](T) {
             return plane({3, 3}, {0, 1, 0, 1, -4, 1, 0, 1, 0});
         },
         true},
        {"sobel-x", 1,
         [](T) {
             return plane({3, 3}, {-1, 0, 1, -2, 0, 2, -1, 0, 1});
         },
         true},
        {"sobel-y", 1,
         [](T) {
             return plane({3, 3}, {-1, -2, -1, 0, 0, 0, 1, 2, 1});
         },
         true},
    };
    return table;
}

AnyTensor named(const Named& kernel, const NamedText& of) {
    if (kernel.pieces != of.pieces.size())
        refuse(of.text, concat(kernel.pieces - 1, " numbers after '", kernel.name, "', each after a ':'"));
    if (kernel.is_plane && of.rank == 1)
        refuse(of.text, "a kernel of one axis, as the input has, such as 1,-2,1, gaussian:5:1.2 or box:3");
    try {
        return kernel.make(of);
    } catch (const SizeError& error) {
        refuse(of.text, concat("fewer values: ", wanted_instead(error.fault())));
    }
}

AnyTensor stencil(const std::string& text, std::size_t rank) {
    const auto pieces = split(text, ':');
    for (const Named& kernel : named_kernels())
        if (kernel.name == pieces.front()) return named(kernel, {text, pieces, rank});
    if (!is_literal(text)) refuse(text, concat(expected_kernel, did_you_mean(pieces.front(), kernel_names())));
    return parse_literal("--kernel", text);
}

// A .npy file by its name, and pipes: standard input, or what a shell gives for <(command).
bool is_file(const std::string& text) {
    return text.ends_with(".npy") || text == "/dev/stdin" || text.starts_with("/dev/fd/");
}

KernelArray from_file(const std::string& path) {
    KernelArray kernel = {path, read_npy(path), KernelArray::Origin::file};
    const Shape& shape = shape_of(kernel.values);
    if (std::ranges::find(shape, 0) != shape.end())
        throw InputError(path, "shape " + to_string(shape), "at least one value");
    return kernel;
}

} // namespace

KernelArray read_kernel(const std::string& text, std::size_t rank) {
    if (is_file(text)) return from_file(text);
    return {"--kernel " + text, stencil(text, rank), KernelArray::Origin::stencil};
}

AnyTensor read_array(const std::string& option, const std::string& text) {
    if (is_file(text)) return from_file(text).values;
    if (!is_literal(text))
        throw InputError(option, text.empty() ? "no text" : text, "a .npy file, or numbers such as 0,1;2,3");
    return parse_literal(option, text);
}

std::vector<std::string> kernel_names() {
    std::vector<std::string> names;
    for (const Named& kernel : named_kernels()) names.emplace_back(kernel.name);
    return names;
}

} // namespace convmat::cli
