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
#include "named_kernels.hpp"
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

// "3" is 3x3; more extents are taken as they are.
Shape extents_of(const std::string& text, std::string_view piece) {
    Shape extents;
    try {
        extents = parse_extents("--kernel", piece);
    } catch (const InputError&) {
        refuse(text, "an extent after the ':', as in box:3 or box:3x5");
    }
    const bool sound = std::ranges::all_of(extents, [](Index k) { return k >= 1 && k <= 4096; });
    if (!sound) refuse(text, "extents from 1 to 4096");
    if (extents.size() == 1) extents.push_back(extents.front());
    return extents;
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
    return motion(length, parse_real("--kernel", pieces[2]) * std::numbers::pi / 180);
}

struct Named {
    std::string_view name;
    std::size_t pieces; ///< with the name itself
    std::function<AnyTensor(const std::string&, const Pieces&)> make;
};

const std::vector<Named>& named_kernels() {
    using T = const std::string&;
    using P = const Pieces&;
    static const std::vector<Named> table = {
        {"box", 2, [](T t, P p) -> AnyTensor { return separable(extents_of(t, p[1]), box_profile); }},
        {"binomial", 2, [](T t, P p) -> AnyTensor { return separable(extents_of(t, p[1]), binomial_profile); }},
        {"bilinear", 2, [](T t, P p) -> AnyTensor { return separable(extents_of(t, p[1]), bilinear_profile); }},
        {"gaussian", 3,
         [](T t, P p) -> AnyTensor {
             const double sigma = positive(t, p[2], "an extent and a positive sigma, as in gaussian:5:1.2");
             return separable(extents_of(t, p[1]), [sigma](Index k) { return gaussian_profile(k, sigma); });
         }},
        {"motion", 3, motion_of},
        {"delta", 2, [](T t, P p) -> AnyTensor { return delta(extents_of(t, p[1])); }},
        {"laplacian", 1,
         [](T, P) -> AnyTensor {
             return Integers({3, 3}, {0, 1, 0, 1, -4, 1, 0, 1, 0});
         }},
        {"sobel-x", 1,
         [](T, P) -> AnyTensor {
             return Integers({3, 3}, {-1, 0, 1, -2, 0, 2, -1, 0, 1});
         }},
        {"sobel-y", 1,
         [](T, P) -> AnyTensor {
             return Integers({3, 3}, {-1, -2, -1, 0, 0, 0, 1, 2, 1});
         }},
    };
    return table;
}

AnyTensor literal(const std::string& option, const std::string& text) {
    const auto rows = split(text, ';');
    const auto width = split(rows.front(), ',').size();
    const bool integers = text.find_first_of(".eE") == std::string::npos;
    std::vector<std::int64_t> exact;
    std::vector<double> reals;
    for (const std::string_view row : rows) {
        const auto numbers = split(row, ',');
        if (numbers.size() != width) throw InputError(option, text, "rows of the same length, as in 0,1;2,3");
        for (const std::string_view number : numbers) {
            if (number.empty()) throw InputError(option, text, "a number on each side of ',' and ';', as in 0,1;2,3");
            if (integers)
                exact.push_back(parse_integer(option, number));
            else
                reals.push_back(parse_real(option, number));
        }
    }
    Shape shape = {static_cast<Index>(width)};
    if (rows.size() > 1) shape.insert(shape.begin(), static_cast<Index>(rows.size()));
    if (integers) return Integers(std::move(shape), std::move(exact));
    return Tensor<double>(std::move(shape), std::move(reals));
}

bool is_literal(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789+-.,;eE") == std::string::npos;
}

AnyTensor stencil(const std::string& text) {
    const auto pieces = split(text, ':');
    for (const Named& kernel : named_kernels()) {
        if (kernel.name != pieces.front()) continue;
        if (kernel.pieces != pieces.size())
            refuse(text, concat(kernel.pieces - 1, " numbers after '", kernel.name, "', each after a ':'"));
        try {
            return kernel.make(text, pieces);
        } catch (const SizeError& error) {
            refuse(text, concat("fewer values: ", wanted_instead(error.fault())));
        }
    }
    if (!is_literal(text)) refuse(text, expected_kernel);
    return literal("--kernel", text);
}

KernelArray from_file(const std::string& path) {
    KernelArray kernel = {path, read_npy(path), KernelArray::Origin::file};
    const Shape& shape = shape_of(kernel.values);
    if (std::ranges::find(shape, 0) != shape.end())
        throw InputError(path, "shape " + to_string(shape), "at least one value");
    return kernel;
}

} // namespace

KernelArray read_kernel(const std::string& text) {
    if (text.ends_with(".npy")) return from_file(text);
    return {"--kernel " + text, stencil(text), KernelArray::Origin::stencil};
}

AnyTensor read_array(const std::string& option, const std::string& text) {
    if (text.ends_with(".npy")) return from_file(text).values;
    if (!is_literal(text))
        throw InputError(option, text.empty() ? "no text" : text, "a .npy file, or numbers such as 0,1;2,3");
    return literal(option, text);
}

} // namespace convmat::cli
